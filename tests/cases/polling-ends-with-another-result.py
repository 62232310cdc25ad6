"""A job is polled until it is done, in another number of turns on each side; the new side counts fewer rows."""

EXPECT = "finding value /rows"


def answer(side, request):
    state = request.state
    if request.method == "POST":
        state["n"] = state.get("n", 0) + 1
        state[str(state["n"])] = 1 + (state["n"] + (side == "candidate")) % 3
        return 202, {}, {"job": state["n"]}
    job = request.path.rsplit("/", 1)[1]
    state[job] -= 1
    if state[job] > 0:
        return 200, {}, {"status": "running", "rows": 0}
    return 200, {}, {"status": "done", "rows": 11 if side == "candidate" else 12}


TESTS = """
@C("POST /jobs", "GET /jobs/{id}")
def test_job(backend):
    job = backend.post("/jobs", json={}).json()["job"]
    status = {"status": ""}
    while status["status"] != "done":
        status = backend.get(f"/jobs/{job}").json()
"""
