"""Each process draws an id when it starts, and tells it in a header, in JSON and in a line of text; nobody said whether
the sides share their data, and the run said that these may be ids of two databases."""

import uuid

EXPECT = "go"
OWN = str(uuid.uuid4())


def answer(side, request):
    if request.path == "/text":
        return 200, {"Content-Type": "text/plain"}, f"instance {OWN}\nversion 2.4\n"
    return 200, {"X-Instance-Id": OWN}, {"server": {"id": OWN}, "boot_id": OWN, "version": "2.4"}


TESTS = """
@C("GET /status")
def test_status(backend):
    backend.get("/status")

@C("GET /text")
def test_text(backend):
    backend.get("/text")

@C("GET /status")
def test_again(backend):
    backend.get("/status", params={"full": 1})
"""
