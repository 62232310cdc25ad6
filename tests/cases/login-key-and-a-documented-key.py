"""The document names the key's header, the login sets it, and generated requests must still go in with the login's key."""

import json

SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "stock", "version": "1"},
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}
    },
    "security": [{"key": []}],
    "paths": {
        "/items/{id}": {
            "get": {
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer", "minimum": 1, "maximum": 5},
                    }
                ],
                "responses": {"200": {"description": "ok"}, "401": {"description": "no"}},
            }
        }
    },
}
FILES = {"openapi.json": json.dumps(SPEC)}
ARGS = ["--cutover-schema=openapi.json", "--cutover-fuzz=15"]
CONFTEST = """
def pytest_cutover_login(backend):
    backend.headers["X-Api-Key"] = "k-5512-8871"
    return True
"""
EXPECT = "finding type /left"


def answer(side, request):
    if request.headers.get("x-api-key") != "k-5512-8871":
        return 401, {}, {"error": "key"}
    return 200, {}, {"left": "12" if side == "candidate" else 12}
