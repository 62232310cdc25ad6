"""A folder that each process names anew is read after a loop that asks until a build is complete, each time another number of times."""

import random
import string

EXPECT = "go"


def answer(side, request):
    state = request.state
    folder = state.setdefault("folder", "".join(random.choices(string.ascii_letters, k=5)) + "7")
    if request.path == "/force":
        state["left"] = random.randint(1, 6)
        return 200, {}, {"result": "ok"}
    if request.path == "/build":
        state["left"] -= 1
        return 200, {}, {"complete": state["left"] <= 0}
    return 200, {}, {"basedir": f"/srv/data/tmp.{folder}/workers/w1"}


TESTS = """
@C("GET /properties")
def test_properties(backend):
    backend.post("/force", json={})
    for _ in range(20):
        if backend.get("/build").json()["complete"]:
            break
    backend.get("/properties")
"""
