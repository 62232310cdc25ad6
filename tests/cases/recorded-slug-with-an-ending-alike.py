"""A recording of a browser: a link is made, and its slug of five letters is read as `/links/SLUG.json`; each side gives out its own."""

import json
import random

EXPECT = "go"
TARGET = "shared_state = false"


def entry(method, path, status, given, sent=None):
    request = {"method": method, "url": f"https://api.shop.example{path}", "headers": []}
    if sent is not None:
        request["headers"] = [{"name": "content-type", "value": "application/json"}]
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
    text = json.dumps(given)
    content = {"size": len(text), "mimeType": "application/json", "text": text}
    headers = [{"name": "content-type", "value": "application/json"}]
    response = {"status": status, "headers": headers, "content": content}
    return {
        "startedDateTime": "2026-03-01T09:00:00Z",
        "time": 4,
        "timings": {},
        "request": request,
        "response": response,
    }


ENTRIES = [
    entry("POST", "/links", 201, {"slug": "qwert"}, {"to": "https://example.com"}),
    entry("GET", "/links/qwert.json", 200, {"clicks": 0}),
]
FILES = {"made.har": json.dumps({"log": {"version": "1.2", "entries": ENTRIES}})}


def answer(side, request):
    links = request.state
    if request.method == "POST":
        slug = "".join(random.choices("abcdefghijkmnpqrstuvwxyz", k=5))
        links[f"/links/{slug}.json"] = 0
        return 201, {}, {"slug": slug}
    if request.path in links:
        return 200, {}, {"clicks": 0}
    return 404, {}, {"error": "no such link"}


TESTS = ""
