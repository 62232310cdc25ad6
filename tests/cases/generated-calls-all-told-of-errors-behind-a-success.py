"""Generated requests have no login: every operation answers 200, and says in its body that nobody is logged in, on both sides."""

import json

EXPECT = "inconclusive"
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer", "minimum": 1}}
ANSWERS = {
    "200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}
}
CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "books", "version": "1"},
    "paths": {
        "/books": {"get": {"responses": ANSWERS}},
        "/books/{id}": {"get": {"parameters": [ID], "responses": ANSWERS}},
    },
}
FILES = {"openapi.json": json.dumps(CONTRACT)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=10"]


def answer(side, request):
    return 200, {}, {"success": False, "error": {"code": 401, "message": "not logged in"}}


TESTS = ""
