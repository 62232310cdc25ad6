"""A rate limit tells when it is reset: the seconds that are left on the baseline, the moment in seconds since 1970 on the candidate."""

import time

EXPECT = "not-go"


def answer(side, request):
    now = int(time.time())
    left = 60 - now % 60
    shown = left if side == "baseline" else now + left
    return 200, {"X-RateLimit-Reset": str(shown)}, {"ok": True}


TESTS = """
import pytest


@C("GET /things")
@pytest.mark.parametrize("n", range(3))
def test_things(backend, n):
    backend.get("/things")
"""
