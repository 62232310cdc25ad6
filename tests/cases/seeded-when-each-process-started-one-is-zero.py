"""Rows that each process seeds an hour before it starts: one has no time on the new side."""

import time

EXPECT = "not-go"
BEFORE_S = 3600


def answer(side, request):
    started_s = request.state.setdefault("started_s", time.time())
    times = [round(started_s - BEFORE_S + n, 3) for n in range(3)]
    if side == "candidate":
        times[1] = 0
    return 200, {}, {"rows": [{"id": n, "created_at": at} for n, at in enumerate(times)]}


TESTS = """
@C("GET /rows")
def test_rows(backend):
    backend.get("/rows")
"""
