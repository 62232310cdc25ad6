"""A form with a size that there is none of gets 422 from both sides, whatever is wrong with it."""

import json
from urllib.parse import parse_qs

FORM = {
    "type": "object",
    "required": ["size"],
    "properties": {"size": {"type": "string", "enum": ["small", "large"]}},
}
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "pizza", "version": "1"},
    "paths": {
        "/pizzas": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/x-www-form-urlencoded": {"schema": FORM}},
                },
                "responses": {"201": {"description": "ok"}, "422": {"description": "refused"}},
            }
        }
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=20"]
EXPECT = "go"


def answer(side, request):
    if request.path.partition("?")[0] != "/pizzas":
        return 404, {}, {"error": "none"}
    if request.method != "POST":
        return 405, {"Allow": "POST"}, {"error": "method"}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return 415, {}, {"error": "type"}
    size = parse_qs(request.body.decode("utf-8", "replace")).get("size", [""])[0]
    if size not in ("small", "large"):
        return 422, {}, {"error": "size"}
    return 201, {}, {"size": size}
