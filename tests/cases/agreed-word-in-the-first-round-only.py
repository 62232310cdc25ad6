"""A team agreed that the state is called `pending` now. Later it is so when first asked, and `deleted` after."""

import os

EXPECT = ["not-go"]
AGREE = True


def answer(side, request):
    asked = request.state["asked"] = request.state.get("asked", 0) + 1
    new = "deleted" if os.environ.get("AGREED") and asked > 1 else "pending"
    return 200, {}, {"job": 7, "state": "waiting" if side == "baseline" else new}


TESTS = """
@C("GET /jobs/{id}")
def test_job(backend):
    assert backend.get("/jobs/7").status_code == 200
"""
