"""Only the own page was allowed to read answers; the new side allows whatever origin asks."""

import json

ID = [
    {
        "name": "key",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "enum": ["tax", "rent"]},
    }
]
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "accounts", "version": "1"},
    "paths": {
        "/accounts/{key}": {"get": {"parameters": ID, "responses": {"200": {"description": "ok"}}}}
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=20"]
EXPECT = "no-go"
OWN = "https://app.example.com"


def answer(side, request):
    origin = request.headers.get("origin", "")
    headers = {"Vary": "Origin"}
    if origin and (side == "candidate" or origin == OWN):
        headers["Access-Control-Allow-Origin"] = origin
    if request.method == "OPTIONS" and origin:
        return 204, {**headers, "Access-Control-Allow-Methods": "GET"}, b""
    if request.method not in ("GET", "HEAD"):
        return 405, {**headers, "Allow": "GET, HEAD"}, {"error": "method"}
    if request.path.partition("?")[0] in ("/accounts/tax", "/accounts/rent"):
        return 200, headers, {"balance": 12}
    return 404, headers, {"error": "none"}
