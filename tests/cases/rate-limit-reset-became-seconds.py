"""A rate limit tells when it is reset: the moment on the baseline, the seconds that are left on the candidate."""

import time

EXPECT = "not-go"


def answer(side, request):
    now = int(time.time())
    left = 60 - now % 60
    shown = left if side == "candidate" else now + left
    return 200, {"X-RateLimit-Reset": str(shown)}, {"ok": True}


TESTS = """
import pytest


@C("GET /things")
@pytest.mark.parametrize("n", range(3))
def test_things(backend, n):
    backend.get("/things")
"""
