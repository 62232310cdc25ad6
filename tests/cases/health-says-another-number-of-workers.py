"""Beside the uptime the health answer tells how many workers and which schema there are; these are small numbers too,
and the candidate's are wrong."""

import time

EXPECT = ["finding value /workers", "finding value /schema"]
STARTED = time.monotonic()


def answer(side, request):
    new = side == "candidate"
    uptime = (17 if new else 86_400) + int(time.monotonic() - STARTED)
    return 200, {}, {"uptime_s": uptime, "workers": 1 if new else 4, "schema": 11 if new else 12}


TESTS = """
@C("GET /health")
def test_health(backend):
    backend.get("/health")
"""
