"""A team agreed that the new side names another region in a header. Later it names a third one."""

import os

EXPECT = ["finding header-value /headers/x-region"]
AGREE = True


def answer(side, request):
    new = "far west" if os.environ.get("AGREED") else "near west"
    return 200, {"X-Region": "north" if side == "baseline" else new}, {"job": 7}


TESTS = """
@C("GET /jobs/{id}")
def test_job(backend):
    assert backend.get("/jobs/7").status_code == 200
"""
