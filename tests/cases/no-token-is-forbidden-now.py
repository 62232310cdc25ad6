"""A request without a token got 401, and clients log in then; the new side answers 403 to it."""

import json

SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "vault", "version": "1"},
    "components": {"securitySchemes": {"b": {"type": "http", "scheme": "bearer"}}},
    "security": [{"b": []}],
    "paths": {
        "/secrets": {
            "get": {
                "parameters": [
                    {
                        "name": "page",
                        "in": "query",
                        "schema": {"type": "integer", "minimum": 1, "maximum": 4},
                    }
                ],
                "responses": {"200": {"description": "ok"}, "401": {"description": "no"}},
            }
        }
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=20"]
CONFTEST = """
def pytest_cutover_login(backend):
    backend.headers["Authorization"] = "Bearer v-66120934"
    return True
"""
EXPECT = "finding status *"


def answer(side, request):
    sent = request.headers.get("authorization")
    if not sent:
        return (401 if side == "baseline" else 403), {}, {"error": "no token"}
    if sent != "Bearer v-66120934":
        return 401, {}, {"error": "token"}
    return 200, {}, {"names": ["db"]}
