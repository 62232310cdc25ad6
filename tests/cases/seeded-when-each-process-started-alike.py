"""Rows that each process seeds an hour before it starts, in seconds since 1970: alike."""

import time

EXPECT = "go"
BEFORE_S = 3600


def answer(side, request):
    started_s = request.state.setdefault("started_s", time.time())
    times = [round(started_s - BEFORE_S + n, 3) for n in range(3)]
    return 200, {}, {"rows": [{"id": n, "created_at": at} for n, at in enumerate(times)]}


TESTS = """
@C("GET /rows")
def test_rows(backend):
    backend.get("/rows")
"""
