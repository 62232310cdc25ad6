"""A lock ends twenty-five seconds from now, and on the candidate a day later than that; both recordings were made within
some milliseconds."""

import time
from datetime import UTC, datetime

RECORD = 1
EXPECT = "finding value /until"
LATER_S = {"baseline": 0, "candidate": 86_400}


def answer(side, request):
    until = datetime.fromtimestamp(time.time() + 25 + LATER_S[side], UTC)
    return 200, {}, {"until": until.isoformat(timespec="milliseconds")}


TESTS = """
@C("GET /lock")
def test_lock(backend):
    backend.get("/lock")
"""
