"""In a list a state has another word, which was agreed to. Later one row of it says `deleted`."""

import os

EXPECT = ["finding value /jobs/*/state", "accepted 1", "findings <= 1"]
AGREE = True


def answer(side, request):
    new = ["pending", "deleted" if os.environ.get("AGREED") else "pending", "pending"]
    states = ["waiting"] * 3 if side == "baseline" else new
    return 200, {}, {"jobs": [{"n": n, "state": state} for n, state in enumerate(states)]}


TESTS = """
@C("GET /jobs")
def test_jobs(backend):
    assert len(backend.get("/jobs").json()["jobs"]) == 3
"""
