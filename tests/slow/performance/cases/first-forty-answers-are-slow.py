"""The first forty answers of the new side take 200 ms, and from then on it is as fast as before."""

import time

EXPECT = "not-no-go"
TARGET = """
require = ["performance"]
[performance]
budget_s = 25
error_rate = 0.02
[performance.endpoints]
"GET /feed" = { p50_regression = 0.5, p99_ms = 100 }
"""
TESTS = """
@pytest.mark.perf("GET /feed")
def test_speed(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/feed"))
"""


def answer(side, request):
    n = request.state["n"] = request.state.get("n", 0) + 1
    new = side == "candidate"
    s = 0.2 if new and n <= 40 else 0.008
    time.sleep(s)
    return 200, {}, {"ok": True}
