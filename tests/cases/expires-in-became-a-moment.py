"""A token tells in how many seconds it ends, and on the candidate when."""

import time

EXPECT = "not-go"


def answer(side, request):
    now = int(time.time())
    left = 60 - now % 60
    shown = left if side == "baseline" else now + left
    return 200, {}, {"expires_in": shown, "ok": True}


TESTS = """
import pytest


@C("GET /things")
@pytest.mark.parametrize("n", range(3))
def test_things(backend, n):
    backend.get("/things")
"""
