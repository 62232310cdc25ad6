"""Every one of 120 answers has a header that was agreed to; the last but one of them is broken, and stood behind it."""

import json


def entry(method, url, status, given, headers=(), post=None):
    request = {
        "method": method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "queryString": [],
        "cookies": [],
    }
    request["headers"] = [{"name": name, "value": value} for name, value in headers]
    if post:
        request["postData"] = post
    text = json.dumps(given)
    response = {
        "status": status,
        "statusText": "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "redirectURL": "",
    }
    response["headers"] = [{"name": "content-type", "value": "application/json"}]
    response["content"] = {"size": len(text), "mimeType": "application/json", "text": text}
    return {
        "startedDateTime": "2026-03-01T09:00:00Z",
        "time": 4,
        "request": request,
        "response": response,
        "timings": {},
    }


def har(*entries, **more):
    log = {
        "version": "1.2",
        "creator": {"name": "browser", "version": "1"},
        **more,
        "entries": list(entries),
    }
    return json.dumps({"log": log})


FILES = {
    "items.har": har(
        *[
            entry("GET", f"https://api.example/items?page={n}", 200, {"price": 10})
            for n in range(120)
        ]
    )
}
ACCEPTED = """
[[accepted]]
signature = "GET /items | header-added | /headers/x-trace | absent → string"
scope = ["items.har::replay"]
reason = "a trace for each request"
approver = "a team <team@example.com>"
expires = 2031-01-01
"""
EXPECT = "finding status *"


def answer(side, request):
    broken = side == "candidate" and request.path == "/items?page=118"
    headers = {"X-Trace": "on"} if side == "candidate" else {}
    return (500, headers, {"error": "oops"}) if broken else (200, headers, {"price": 10})
