"""The status answer says when the process was started, in milliseconds; the two sides were started one after the other."""

import random
import time

EXPECT = "go"
BEGAN = int(time.time() * 1000) - random.randrange(60_000)


def answer(side, request):
    return 200, {}, {"status": "up", "started_at": BEGAN, "workers": 4}


TESTS = """
@C("GET /status")
def test_status(backend):
    assert backend.get("/status").json()["workers"] == 4
"""
