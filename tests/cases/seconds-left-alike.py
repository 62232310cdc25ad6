"""A rate limit tells the seconds that are left, in a header and in the body."""

import time

EXPECT = "go"


def answer(side, request):
    now = int(time.time())
    left = 60 - now % 60
    shown = left
    return 200, {"X-RateLimit-Reset": str(shown)}, {"expires_in": left, "resets_at": now + left}


TESTS = """
import pytest


@C("GET /things")
@pytest.mark.parametrize("n", range(3))
def test_things(backend, n):
    backend.get("/things")
"""
