"""A link with a slash at its end was not found before; the new framework sends it on with 307."""

import json

ID = [
    {
        "name": "number",
        "in": "path",
        "required": True,
        "schema": {"type": "integer", "minimum": 1, "maximum": 6},
    }
]
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "rooms", "version": "1"},
    "paths": {
        "/rooms/{number}": {"get": {"parameters": ID, "responses": {"200": {"description": "ok"}}}}
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=20"]
EXPECT = "no-go"


def answer(side, request):
    path, _, query = request.path.partition("?")
    if request.method not in ("GET", "HEAD"):
        return 405, {"Allow": "GET, HEAD"}, {"error": "method"}
    number = path.removeprefix("/rooms/")
    if path.startswith("/rooms/") and number.isascii() and number.isdigit():
        return (
            (200, {}, {"number": int(number), "beds": 2})
            if 1 <= int(number) <= 6
            else (404, {}, {"error": "none"})
        )
    if (
        side == "candidate"
        and path.endswith("/")
        and number[:-1].isascii()
        and number[:-1].isdigit()
    ):
        return 307, {"Location": path.rstrip("/") + (f"?{query}" if query else "")}, b""
    return 404, {}, {"error": "none"}
