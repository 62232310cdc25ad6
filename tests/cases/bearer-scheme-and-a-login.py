"""With a documented bearer scheme every generated request had a header that cannot be sent, and the baseline was blamed."""

import json

SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "payroll", "version": "1"},
    "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    "security": [{"bearer": []}],
    "paths": {
        "/payslips": {
            "get": {
                "parameters": [
                    {
                        "name": "year",
                        "in": "query",
                        "schema": {"type": "integer", "minimum": 2020, "maximum": 2024},
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
    backend.headers["Authorization"] = "Bearer t-90417733"
    return True
"""
EXPECT = ["finding type /gross", "no text: Illegal header"]


def answer(side, request):
    if request.headers.get("authorization") != "Bearer t-90417733":
        return 401, {"WWW-Authenticate": "Bearer"}, {"error": "token"}
    return 200, {}, {"gross": 3120.5 if side == "baseline" else "3120.50"}
