"""One call of a recording answered with an export of 33 MB; it was left out without a word, and it is the one that differs."""

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


SITE = "https://api.books.example"
FILES = {
    "books.har": har(
        entry("GET", f"{SITE}/books", 200, {"count": 3}),
        entry("GET", f"{SITE}/export", 200, {"rows": "x" * 35_000_000}),
        entry("GET", f"{SITE}/authors", 200, {"count": 2}),
    )
}
EXPECT = "not-go"


def answer(side, request):
    if request.path == "/export":
        return 200, {}, {"rows": "xxx" if side == "baseline" else None}
    return (
        (200, {}, {"count": 3})
        if request.path in ("/books", "/authors")
        else (404, {}, {"error": "none"})
    )
