"""A job is polled until it is done. How many polls that takes depends on the job and is another on each side; what
comes out is the same."""

EXPECT = "go"


def answer(side, request):
    state = request.state
    if request.method == "POST":
        state["n"] = state.get("n", 0) + 1
        state[str(state["n"])] = 1 + (state["n"] + (side == "candidate")) % 3
        return 202, {}, {"job": state["n"]}
    job = request.path.rsplit("/", 1)[1]
    state[job] -= 1
    if state[job] > 0:
        return 200, {}, {"status": "running"}
    return 200, {}, {"status": "done", "rows": 12}


TESTS = """
import time

@C("POST /jobs", "GET /jobs/{id}")
def test_job(backend):
    job = backend.post("/jobs", json={}).json()["job"]
    status = {"status": ""}
    while status["status"] != "done":
        status = backend.get(f"/jobs/{job}").json()
        time.sleep(0.01)
    assert status["rows"] == 12
"""
