"""Each answer of the new side takes a twentieth of a millisecond longer than the one before."""

import time

EXPECT = "not-go"
TARGET = """
require = ["performance"]
[performance]
budget_s = 25
error_rate = 0.02
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
    s = 0.02 + (n * 0.00005 if new else 0)
    time.sleep(s)
    return 200, {}, {"ok": True}
