"""The new side gives ids as text; what a generated sequence reads and deletes with that id afterwards was not compared."""

import json

BODY = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string", "minLength": 1, "maxLength": 20}},
}
ID = [{"name": "item_id", "in": "path", "required": True, "schema": {"type": "string"}}]
MADE = {"type": "object", "properties": {"id": {"type": "string"}, "name": {"type": "string"}}}
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "items", "version": "1"},
    "paths": {
        "/items": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": BODY}},
                },
                "responses": {
                    "201": {
                        "description": "made",
                        "content": {"application/json": {"schema": MADE}},
                    }
                },
            }
        },
        "/items/{item_id}": {
            "get": {"parameters": ID, "responses": {"200": {"description": "ok"}}}
        },
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
TARGET = "shared_state = false"
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=12"]
EXPECT = ["finding type /id", "finding * /stock"]


def answer(side, request):
    new, rows = side == "candidate", request.state
    if request.path == "/items" and request.method == "POST":
        try:
            name = json.loads(request.body)["name"]
        except (ValueError, TypeError, KeyError):
            return 422, {}, {"error": "name"}
        key = 100 + len(rows)
        key = f"it-{key * 7919 % 99991:05x}" if new else key
        rows[str(key)] = name
        return 201, {}, {"id": key, "name": name}
    found = rows.get(request.path.removeprefix("/items/")) if request.method == "GET" else None
    if found is None:
        return 404, {}, {"error": "none"}
    return 200, {}, {"name": found, "stock": "ZERO" if new else 7}
