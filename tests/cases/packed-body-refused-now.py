"""Clients that pack their bodies with gzip were understood by the old side; the new one answers that this is no JSON."""

import json

BODY = {
    "type": "object",
    "required": ["level"],
    "properties": {"level": {"type": "string", "enum": ["info", "warn", "error"]}},
}
SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "logs", "version": "1"},
    "paths": {
        "/lines": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": BODY}},
                },
                "responses": {"202": {"description": "ok"}, "422": {"description": "refused"}},
            }
        }
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=20"]
EXPECT = "finding status *"


def answer(side, request):
    import gzip

    if request.path.partition("?")[0] != "/lines":
        return 404, {}, {"error": "none"}
    if request.method != "POST":
        return 405, {"Allow": "POST"}, {"error": "method"}
    body = request.body
    try:
        if side == "baseline" and request.headers.get("content-encoding", "").lower() == "gzip":
            body = gzip.decompress(body)
        level = json.loads(body)["level"]
    except (ValueError, TypeError, KeyError, OSError, EOFError):
        return 400, {}, {"error": "no JSON"}
    if level not in ("info", "warn", "error"):
        return 422, {}, {"error": "level"}
    return 202, {}, {"level": level}
