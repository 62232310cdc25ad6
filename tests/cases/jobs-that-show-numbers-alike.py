"""Each job has a number of its own, which the answer to its write tells, and the lists
of both sides too."""

import json
import uuid

EXPECT = "go"
WRONG = set[str]()


def answer(side, request):
    jobs = request.state.setdefault("jobs", [])
    if request.method == "POST":
        name = json.loads(request.body)["name"]
        jobs.insert(0, {"id": uuid.uuid4().hex, "number": len(jobs) + 1, "name": name})
        return 201, {}, {"id": jobs[0]["id"], "number": jobs[0]["number"]}
    rows = [dict(job) for job in jobs]
    if side in WRONG and len(rows) > 1:
        rows[1]["number"] = rows[0]["number"]
    return 200, {}, {"jobs": rows}


TESTS = """
@C("POST /jobs", "GET /jobs")
def test_jobs(backend):
    for _ in range(2):
        backend.post("/jobs", json={"name": backend.unique("job")})
    backend.get("/jobs")
"""
