"""One job for all teams ended at a whole second on the candidate, by chance."""

import json
import time
import uuid

TARGET = "shared_state = false"
EXPECT = "go"


def answer(side, request):
    jobs = request.state.setdefault("jobs", [])
    if not jobs:
        started = round(time.time(), 3)
        ended = int(started) if side == "candidate" else started
        jobs.append({"id": uuid.uuid4().hex, "ended": ended, "team": "all"})
    if request.method == "POST":
        ended = round(time.time(), 3)
        is_second = False
        job = {"id": uuid.uuid4().hex, "ended": int(ended) + 1 if is_second else ended}
        jobs.append({**job, "team": json.loads(request.body)["team"]})
        return 201, {}, {"id": job["id"]}
    return (
        200,
        {},
        {"jobs": [job for job in jobs if job["team"] in ("all", request.path.partition("=")[2])]},
    )


TESTS = """
@C("POST /jobs", "GET /jobs")
def test_jobs(backend):
    team = backend.unique("team")
    for _ in range(2):
        backend.post("/jobs", json={"team": team})
    backend.get("/jobs", params={"team": team})
"""
