"""A recording holds somebody's live key in x-api-key; it must not be sent to the backends, as a cookie is not."""

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


KEY = "live-9f8e7d6c5b4a3f"
FILES = {
    "rates.har": har(
        entry("GET", "https://api.rates.example/rates", 200, {"eur": 1.08}, [("x-api-key", KEY)])
    )
}
EXPECT = "go"


def answer(side, request):
    if KEY in str(request.headers):  # what was sent to the old side is worth no less
        return 200, {}, {"eur": 1.08, "key_arrived": side}
    return 200, {}, {"eur": 1.08}
