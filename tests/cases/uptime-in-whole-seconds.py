"""The health answer tells the uptime in whole seconds: the same number twice within a second, and another on the two
sides, which were not started at one time."""

import time

EXPECT = "go"
STARTED = time.monotonic()


def answer(side, request):
    before = 17 if side == "candidate" else 86_400
    return (
        200,
        {},
        {"status": "ok", "uptime_s": before + int(time.monotonic() - STARTED), "version": "2.4"},
    )


TESTS = """
@C("GET /health")
def test_health(backend):
    assert backend.get("/health").json()["status"] == "ok"
"""
