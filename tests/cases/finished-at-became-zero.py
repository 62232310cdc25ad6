"""A job that is done says when, in seconds since 1970: on the new side it was finished at 0."""

import json
import random
import secrets
import time

EXPECT = "finding value /jobs/*/finished_at"


def answer(side, request):
    jobs = request.state.setdefault("jobs", [])
    if request.method == "POST":
        now, sent = time.time(), json.loads(request.body)
        job = {"id": f"job_{secrets.token_hex(8)}", **sent, "submitted_at": round(now, 3)}
        job["finished_at"] = round(now + random.random() / 20, 3)
        jobs.insert(0, job)
        return 201, {}, job
    owner = request.path.partition("=")[2]
    shown = [dict(job) for job in jobs if job["owner"] == owner]
    if side == "candidate":
        shown[0]["finished_at"] = 0
    return 200, {}, {"jobs": shown}


TESTS = """
@C("GET /jobs")
def test_jobs_of_a_team(backend):
    owner = backend.unique("o")
    for name in ("one", "two"):
        backend.post("/jobs", json={"owner": owner, "name": name})
    backend.get("/jobs", params={"owner": owner})
"""
