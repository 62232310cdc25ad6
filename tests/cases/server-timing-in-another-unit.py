"""How long an answer took is told in whole milliseconds, on the candidate with a fraction."""

import itertools

EXPECT = "no-go"
TOOK = {
    "baseline": itertools.chain([0, 0, 0, 0], itertools.cycle([0, 0, 1])),
    "candidate": itertools.chain([5, 1, 1, 1], itertools.cycle([1, 0, 0])),
}


def answer(side, request):
    form = "app;dur=%d" if side == "baseline" else "app;dur=%d.0"
    return 200, {"Server-Timing": form % next(TOOK[side])}, {"version": "1.11.8"}


TESTS = """
@C("GET /version")
def test_version(backend):
    assert backend.get("/version").json()["version"]
"""
