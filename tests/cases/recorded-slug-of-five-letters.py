"""A link of five letters is given out and then read; the replay asked for the recorded one and got 404 from both sides."""

import json
import random


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


JSON = [("content-type", "application/json")]
POST = {"mimeType": "application/json", "text": '{"to": "https://example.com"}'}
FILES = {
    "links.har": har(
        entry("POST", "https://s.example/links", 201, {"slug": "qwert"}, JSON, POST),
        entry("GET", "https://s.example/links/qwert", 200, {"clicks": 0}),
    )
}
TARGET = "shared_state = false"
EXPECT = "finding type /clicks"


def answer(side, request):
    links = request.state
    if request.method == "POST" and request.path == "/links":
        slug = "".join(random.choices("abcdefghijkmnpqrstuvwxyz", k=5))
        links[slug] = 0
        return 201, {}, {"slug": slug}
    if request.path.removeprefix("/links/") in links:
        return 200, {}, {"clicks": 0 if side == "baseline" else "0"}
    return 404, {}, {"error": "no such link"}
