"""The goldens were recorded from two processes, as any team has them after a week: the pid is noise, and the number of
workers is not."""

import os

EXPECT = ["finding value /workers", "findings <= 1", "no text: golden-stale"]
RECORD = 2


def answer(side, request):
    return (
        200,
        {"X-Served-By": f"web-{os.getpid()}"},
        {"pid": os.getpid(), "workers": WORKERS[side]},
    )


WORKERS = {"baseline": 4, "candidate": 1}
TESTS = """
@C("GET /status")
def test_status(backend):
    backend.get("/status")
"""
