"""A job is asked until it is done, on each side another number of times; on the way it says what is left."""

EXPECT = "go"


def answer(side, request):
    state = request.state
    if request.method == "POST":
        number = state["jobs"] = state.get("jobs", 0) + 1
        state[str(number)] = 1 + (number + (side == "candidate")) % 3
        return 202, {}, {"job": number}
    job = request.path.rsplit("/", 1)[1]
    state[job] -= 1
    if state[job] <= 0:
        return 200, {}, {"status": "done", "seconds_left": 0}
    return 200, {"Retry-After": "1"}, {"status": "running", "seconds_left": 10 * state[job]}


TESTS = """
import time


@C("POST /jobs", "GET /jobs/{id}")
def test_job(backend):
    job = backend.post("/jobs", json={}).json()["job"]
    for _ in range(20):
        answer = backend.get(f"/jobs/{job}")
        if answer.json()["status"] == "done":
            break
        time.sleep(0.01)
    assert answer.status_code == 200
"""
