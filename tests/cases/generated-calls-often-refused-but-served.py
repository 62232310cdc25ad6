"""Most generated bodies are refused by both sides alike, the valid ones are taken: that is what generated requests are for."""

import json

BODY = {
    "type": "object",
    "required": ["seats"],
    "properties": {"seats": {"type": "integer", "minimum": 1, "maximum": 8}},
    "additionalProperties": False,
}
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "tables", "version": "1"},
    "paths": {
        "/tables": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": BODY}},
                },
                "responses": {"201": {"description": "made"}, "400": {"description": "refused"}},
            }
        }
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=15"]
EXPECT = "go"


def answer(side, request):
    if request.path.partition("?")[0] != "/tables":
        return 404, {}, {"error": "no such page"}
    if request.method != "POST":
        return 405, {"Allow": "POST"}, {"error": "method"}
    try:
        sent = json.loads(request.body)
    except ValueError:
        return 400, {}, {"error": "no JSON"}
    seats = sent.get("seats") if isinstance(sent, dict) and set(sent) == {"seats"} else None
    if isinstance(seats, bool) or not isinstance(seats, int) or not 1 <= seats <= 8:
        return 400, {}, {"error": "seats"}
    return 201, {}, {"seats": seats}
