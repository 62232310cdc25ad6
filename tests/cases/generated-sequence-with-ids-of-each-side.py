"""Both sides give out identifiers of one form, each its own; what is read with them is the same."""

import json
import uuid

BODY = {
    "type": "object",
    "required": ["tag"],
    "properties": {"tag": {"type": "string", "enum": ["red", "blue", "green"]}},
}
ID = [
    {
        "name": "label_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "format": "uuid"},
    }
]
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "labels", "version": "1"},
    "paths": {
        "/labels": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": BODY}},
                },
                "responses": {"201": {"description": "made"}},
            }
        },
        "/labels/{label_id}": {
            "get": {"parameters": ID, "responses": {"200": {"description": "ok"}}}
        },
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
TARGET = "shared_state = false"
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=10"]
EXPECT = "go"


def answer(side, request):
    rows, path = request.state, request.path.partition("?")[0]
    if path == "/labels" and request.method == "POST":
        try:
            tag = json.loads(request.body)["tag"]
        except (ValueError, TypeError, KeyError):
            tag = None
        if tag not in ("red", "blue", "green"):
            return 422, {}, {"error": "tag"}
        key = str(uuid.uuid4())
        rows[key] = tag
        return 201, {}, {"id": key, "tag": tag}
    if path.startswith("/labels/") and request.method == "GET" and path[8:] in rows:
        return 200, {}, {"tag": rows[path[8:]]}
    return 404, {}, {"error": "none"}
