"""Two jobs end at a millisecond, and those of an archive at whole seconds; the candidate rounds one up."""

import json
import time
import uuid

EXPECT = "finding format *"
ARCHIVE = [
    {"id": f"{at:032x}", "ended": 1710000060 + 3600 * at, "name": f"a{at}"} for at in range(4)
]


def answer(side, request):
    jobs = request.state.setdefault("jobs", [])
    if request.method == "POST":
        ended = round(time.time(), 3)
        is_second = side == "candidate" and len(jobs) % 2
        job = {"id": uuid.uuid4().hex, "ended": int(ended) + 1 if is_second else ended}
        jobs.insert(0, {**job, "name": json.loads(request.body)["name"]})
        return 201, {}, {"id": job["id"]}
    return 200, {}, {"jobs": jobs + ARCHIVE}


TESTS = """
@C("POST /jobs", "GET /jobs")
def test_jobs(backend):
    for _ in range(2):
        backend.post("/jobs", json={"name": backend.unique("job")})
    backend.get("/jobs")
"""
