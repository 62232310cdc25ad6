"""Wrong types, packed and broken bodies, other methods and foreign origins are answered by both sides in the same way."""

import json

BODY = {
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
                    "content": {"application/json": {"schema": BODY}},
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
    import gzip

    cross = {"Access-Control-Allow-Origin": "https://app.example.com", "Vary": "Origin"}
    if request.path.partition("?")[0] != "/pizzas":
        return 404, cross, {"error": "none"}
    if request.method == "OPTIONS":
        return 204, {**cross, "Access-Control-Allow-Methods": "POST"}, b""
    if request.method != "POST":
        return 405, {**cross, "Allow": "POST"}, {"error": "method"}
    if request.headers.get("content-type", "").partition(";")[0].lower() != "application/json":
        return 415, cross, {"error": "type"}
    body = request.body
    try:
        if request.headers.get("content-encoding", "") == "gzip":
            body = gzip.decompress(body)
        value = json.loads(body)["size"]
    except (ValueError, TypeError, KeyError, OSError, EOFError):
        return 400, cross, {"error": "body"}
    if value not in ("small", "large"):
        return 422, cross, {"error": "size"}
    return 201, cross, {"size": value}
