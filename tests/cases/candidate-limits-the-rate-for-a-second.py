"""The candidate's gateway allows six requests and then none for a second; who waits as it says is served."""

import time

EXPECT = "go"


def answer(side, request):
    now, state = time.monotonic(), request.state
    if side == "candidate":
        if now >= state.get("until", 0.0):
            state["until"], state["left"] = now + 1.0, 6
        state["left"] -= 1
        if state["left"] < 0:
            return 429, {"Retry-After": "1"}, {"error": "slow down"}
    return 200, {}, {"n": request.path[-1]}


TESTS = "".join(
    f"""
@C("GET /pages/{{n}}")
def test_page_{n}(backend):
    assert backend.get("/pages/{n}").status_code == 200
"""
    for n in range(9)
)
