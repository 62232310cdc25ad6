"""Fifteen answers in a row take 150 ms on the new side, in every three hundred."""

import time

EXPECT = "not-go"
TARGET = """
require = ["performance"]
[performance]
budget_s = 25
error_rate = 0.02
[performance.endpoints]
"GET /feed" = { p99_ms = 100 }
"""
TESTS = """
@pytest.mark.perf("GET /feed")
def test_speed(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/feed"))
"""


def answer(side, request):
    n = request.state["n"] = request.state.get("n", 0) + 1
    new = side == "candidate"
    s = 0.15 if new and n % 300 >= 285 else 0.004
    time.sleep(s)
    return 200, {}, {"ok": True}
