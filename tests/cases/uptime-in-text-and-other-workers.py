"""Beside an uptime that stood still for the moment of a test, the sentence, the table and the header tell how many
workers there are; the candidate has one."""

import time

EXPECT = [
    "finding value *",
    "finding header-value /headers/x-workers",
    "text: GET /text",
    "text: GET /table",
]
STARTED = time.monotonic()


def answer(side, request):
    new = side == "candidate"
    up, workers = (17 if new else 86_400) + int(time.monotonic() - STARTED), 1 if new else 4
    if request.path == "/text":
        return 200, {"Content-Type": "text/plain"}, f"up {up} s, {workers} workers, version 2.4\n"
    if request.path == "/table":
        return 200, {"Content-Type": "text/csv"}, f"name,value\nuptime,{up}\nworkers,{workers}\n"
    return 200, {"X-Workers": str(workers)}, {"uptime": up}


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
