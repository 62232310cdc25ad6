"""A body that says it is plain text was refused before; the new side reads it as JSON whatever it says."""

import json

BODY = {
    "type": "object",
    "required": ["email"],
    "properties": {"email": {"type": "string", "enum": ["a@example.com", "b@example.com"]}},
}
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "letters", "version": "1"},
    "paths": {
        "/subscribers": {
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
EXPECT = "no-go"


def answer(side, request):
    if request.path.partition("?")[0] != "/subscribers":
        return 404, {}, {"error": "none"}
    if request.method != "POST":
        return 405, {"Allow": "POST"}, {"error": "method"}
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if side == "baseline" and kind != "application/json":
        return 400, {}, {"error": "JSON is asked for"}
    try:
        email = json.loads(request.body)["email"]
    except (ValueError, TypeError, KeyError):
        email = None
    if email in ("a@example.com", "b@example.com"):
        return 201, {}, {"email": email}
    return 400, {}, {"error": "JSON is asked for"}
