"""A team agreed that the state is called `pending` now and not `waiting`. Nothing changes after that."""

EXPECT = ["go", "accepted 1"]
AGREE = True


def answer(side, request):
    return 200, {}, {"job": 7, "state": "waiting" if side == "baseline" else "pending"}


TESTS = """
@C("GET /jobs/{id}")
def test_job(backend):
    assert backend.get("/jobs/7").status_code == 200
"""
