"""Generated requests: the candidate lets pages of the origin `null` read what it answers, and there are only writes."""

import json

EXPECT = "no-go"
LINE = {
    "type": "object",
    "required": ["level"],
    "properties": {"level": {"type": "string", "enum": ["info", "warn", "error"]}},
}
CONTRACT = {
    "openapi": "3.1.0",
    "info": {"title": "lines", "version": "1"},
    "paths": {
        "/lines": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": LINE}},
                },
                "responses": {"202": {"description": "ok"}, "422": {"description": "no"}},
            }
        }
    },
}
FILES = {"openapi.json": json.dumps(CONTRACT)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=20"]


def answer(side, request):
    is_let_in = side == "candidate" and request.headers.get("origin") == "null"
    cross = {"Access-Control-Allow-Origin": "null"} if is_let_in else {}
    if request.path != "/lines":
        return 404, cross, {"error": "none"}
    if request.method != "POST":
        return 405, {**cross, "Allow": "POST"}, {"error": "method"}
    try:
        level = json.loads(request.body)["level"]
    except (ValueError, KeyError, TypeError):
        return 400, cross, {"error": "no JSON"}
    if level not in ("info", "warn", "error"):
        return 422, cross, {"error": "level"}
    return 202, cross, {"level": level}


TESTS = ""
