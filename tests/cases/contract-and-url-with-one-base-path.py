"""Document and URLs both end with /api/v1; markers name paths of the document, and yet no answer was held against it."""

import json

OK = {
    "description": "ok",
    "content": {
        "application/json": {
            "schema": {
                "type": "object",
                "required": ["n"],
                "properties": {"n": {"type": "integer"}},
            }
        }
    },
}
SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://x.example/api/v1"}],
    "paths": {"/a": {"get": {"responses": {"200": OK, "default": {"description": "error"}}}}},
}
FILES = {"openapi.json": json.dumps(SPEC)}
CUTOVER = """
[targets.t]
require = ["parity", "contract"]
[targets.t.baseline]
url = "{BASELINE}/api/v1"
[targets.t.candidate]
url = "{CANDIDATE}/api/v1"
[contract]
path = "openapi.json"
"""
TESTS = """
@C("GET /a")
def test_a(backend):
    assert backend.get("/a").status_code == 200
"""
EXPECT = ["go", "no text: no answer was seen"]


def answer(side, request):
    return (200, {}, {"n": 1}) if request.path == "/api/v1/a" else (404, {}, {"error": "none"})
