"""Every twentieth answer of the new side is an error; the others are as fast as before."""

import time

EXPECT = ["no-go", "no text: CUT202 p50 regression   GET"]
TARGET = """
require = ["performance"]
[performance]
budget_s = 25
error_rate = 0.01
[performance.endpoints]
"GET /feed" = { p50_regression = 0.5 }
"""
TESTS = """
@pytest.mark.perf("GET /feed")
def test_speed(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/feed"))
"""


def answer(side, request):
    n = request.state["n"] = request.state.get("n", 0) + 1
    new = side == "candidate"
    if new and n % 20 == 0:
        return 500, {}, {"e": 1}
    s = 0.008
    time.sleep(s)
    return 200, {}, {"ok": True}
