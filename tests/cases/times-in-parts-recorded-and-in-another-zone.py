"""Times are told in parts, and the candidate tells them in another zone, two hours ahead; goldens were recorded weeks ago."""

import functools
import json
import os
import time

RECORD = 1
EXPECT = ["finding value *", "no-go"]
NAMES = ("year", "month", "day", "hour", "minute", "second")
AGO_S = 41 * 86_400 + 5_000


@functools.cache
def turn(side):
    with open(f"started-{side}", "ab") as log:
        log.write(b"x")
    return os.path.getsize(f"started-{side}")


def answer(side, request):
    now = time.time() - AGO_S * (turn(side) == 1)
    now += 7200 * (side == "candidate")
    parts = [*time.gmtime(now)[:6], int(now % 1 * 1e9)]
    told = dict(zip(NAMES, parts[:6], strict=True))
    if request.method == "GET":
        return 200, {}, {"status": "up", "now": parts}
    row = {"name": json.loads(request.body)["name"], "made": told, "seen": parts}
    return 201, {}, row


TESTS = """
@C("POST /rows")
def test_make(backend):
    backend.post("/rows", json={"name": backend.unique("ada")})

@C("GET /status")
def test_status(backend):
    backend.get("/status")
"""
