"""The uptime in whole seconds stands in two members, in a header, in a sentence and in a table: all of them stood still
for the moment of a test."""

import time

EXPECT = "go"
STARTED = time.monotonic()


def answer(side, request):
    up = (17 if side == "candidate" else 86_400) + int(time.monotonic() - STARTED)
    if request.path == "/text":
        return 200, {"Content-Type": "text/plain"}, f"up {up} s, 4 workers, version 2.4\n"
    if request.path == "/table":
        return 200, {"Content-Type": "text/csv"}, f"name,value\nuptime,{up}\nworkers,4\n"
    body = {"process": {"uptime": up, "running_since_s": up}, "workers": 4}
    return 200, {"X-Uptime": str(up)}, body


TESTS = """
@C("GET /health")
def test_health(backend):
    backend.get("/health")

@C("GET /text")
def test_text(backend):
    backend.get("/text")

@C("GET /table")
def test_table(backend):
    backend.get("/table")
"""
