"""How long an answer took is told in whole milliseconds: mostly 0, on the candidate now and then 5."""

import itertools

EXPECT = "go"
TOOK = {
    "baseline": itertools.chain([0, 0, 0, 0], itertools.cycle([0, 0, 1])),
    "candidate": itertools.chain([5, 1, 1, 1], itertools.cycle([1, 0, 0])),
}


def answer(side, request):
    form = "app;dur=%d"
    return 200, {"Server-Timing": form % next(TOOK[side])}, {"version": "1.11.8"}


TESTS = """
@C("GET /version")
def test_version(backend):
    assert backend.get("/version").json()["version"]
"""
