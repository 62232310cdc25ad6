"""--cutover-schema PATH, with a blank, was taken for a test path, the root moved into its folder, and the target was not found."""

import json

SPEC = {
    "openapi": "3.0.3",
    "info": {"title": "t", "version": "1"},
    "paths": {"/a": {"get": {"responses": {"200": {"description": "ok"}}}}},
}
FILES = {"service/openapi.json": json.dumps(SPEC), "service/pytest.ini": "[pytest]\n"}
ARGS = ["--cutover-schema", "service/openapi.json", "--cutover-fuzz", "5"]
EXPECT = "go"


def answer(side, request):
    return (
        (200, {}, {"n": 1})
        if request.path.partition("?")[0] == "/a"
        else (404, {}, {"error": "none"})
    )
