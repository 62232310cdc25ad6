"""Browsers write an upload into a recording as a list of its fields; replayed as an empty body it was refused by both sides."""

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


FORM = {
    "mimeType": "multipart/form-data; boundary=xx",
    "params": [{"name": "file", "fileName": "a.txt", "contentType": "text/plain", "value": "abc"}],
}
KIND = [("content-type", "multipart/form-data; boundary=xx")]
FILES = {
    "upload.har": har(entry("POST", "https://files.example/upload", 201, {"size": 3}, KIND, FORM))
}
EXPECT = "finding type /size"


def answer(side, request):
    if request.path == "/upload" and b"filename=" in request.body and b"abc" in request.body:
        return 201, {}, {"size": 3 if side == "baseline" else "3"}
    return 400, {}, {"error": "no file"}
