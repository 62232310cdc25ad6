"""A team agreed that the state is called `pending` now and not `waiting`. Later the new side says `deleted` there."""

import os

EXPECT = ["not-go"]
AGREE = True


def answer(side, request):
    state = (
        "waiting" if side == "baseline" else "deleted" if os.environ.get("AGREED") else "pending"
    )
    return 200, {}, {"job": 7, "state": state}


TESTS = """
@C("GET /jobs/{id}")
def test_job(backend):
    assert backend.get("/jobs/7").status_code == 200
"""
