"""A recording made while logged in is replayed without a login: both sides answer 401 where 200 was recorded."""

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


SITE = "https://api.shop.example"
COOKIE = [("cookie", "sid=7f31aa90be")]
FILES = {
    "orders.har": har(
        *[
            entry("GET", f"{SITE}/orders/{n}", 200, {"number": n, "total": 5}, COOKIE)
            for n in (1, 2, 3)
        ]
    )
}
EXPECT = "inconclusive"


def answer(side, request):
    if "sid=" in request.headers.get("cookie", ""):
        return 200, {}, {"number": 1, "total": 5 if side == "baseline" else "5"}
    return 401, {}, {"error": "log in"}
