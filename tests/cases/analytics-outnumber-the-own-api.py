"""A page calls its own API twice and an analytics service eight times; only the latter was replayed."""

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


PAGE = {
    "startedDateTime": "2026-03-01T09:00:00Z",
    "id": "p1",
    "title": "https://shop.example/cart",
    "pageTimings": {},
}
FROM = [("referer", "https://shop.example/cart")]
TRACK = {"mimeType": "application/json", "text": '{"event": "click"}'}
FILES = {
    "cart.har": har(
        *[
            entry("GET", f"https://shop.example/api/prices/{n}", 200, {"price": 9}, FROM)
            for n in (1, 2)
        ],
        *[
            entry("POST", "https://in.tracking.example/v1/t", 200, {"success": True}, FROM, TRACK)
            for _ in range(8)
        ],
        pages=[PAGE],
    )
}
EXPECT = "finding type /price"


def answer(side, request):
    if request.path.startswith("/api/prices/"):
        return 200, {}, {"price": 9 if side == "baseline" else "9"}
    return 404, {}, {"error": "none"}
