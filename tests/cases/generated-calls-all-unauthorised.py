"""A team pointed generated requests at an API behind a login and forgot the login: both sides refused everything alike."""

import json

OK = {"200": {"description": "ok", "content": {"application/json": {"schema": {"type": "object"}}}}}
ID = [
    {
        "name": "id",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "maximum": 9},
    }
]
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "library", "version": "1"},
    "paths": {
        "/books": {"get": {"responses": OK}},
        "/books/{id}": {"get": {"parameters": ID, "responses": OK}},
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=10"]
EXPECT = ["inconclusive", "text: GET /books"]


def answer(side, request):
    return 401, {"WWW-Authenticate": "Bearer"}, {"error": "log in first"}
