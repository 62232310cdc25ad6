"""A row that only the old side has was agreed to. Later the new side has no rows at all."""

import os

EXPECT = ["finding length /rows"]
AGREE = True


def answer(side, request):
    rows = ["red", "green", "blue"]
    if side == "candidate":
        rows = [] if os.environ.get("AGREED") else rows[:2]
    return 200, {}, {"rows": rows}


TESTS = """
@C("GET /colours")
def test_colours(backend):
    assert backend.get("/colours").status_code == 200
"""
