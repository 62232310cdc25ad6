"""Number, decimal text or null with one limit, kept by both sides in the same way."""

import json

RATE = {
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 1},
        {"type": "string", "pattern": "^0\\.[0-9]{1,4}$"},
        {"type": "null"},
    ]
}
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "tax", "version": "1"},
    "paths": {
        "/rates": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {"rate": RATE}}
                        }
                    },
                },
                "responses": {"201": {"description": "made"}, "422": {"description": "refused"}},
            }
        }
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=20"]
EXPECT = "go"


def answer(side, request):
    if request.path.partition("?")[0] != "/rates":
        return 404, {}, {"error": "no such page"}
    if request.method != "POST":
        return 405, {"Allow": "POST"}, {"error": "method"}
    try:
        rate = json.loads(request.body).get("rate")
        good = not isinstance(rate, bool) and (rate is None or 0 <= float(rate) <= 1)
    except (ValueError, TypeError, AttributeError):
        good = False
    return (201, {}, {"ok": True}) if good else (422, {}, {"error": "rate"})
