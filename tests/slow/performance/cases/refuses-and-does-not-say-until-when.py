"""The new side answers 429 from some day on, without a Retry-After."""

import time

EXPECT = ["not-go", "text: 429", "like: throttled"]
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
    if new and n > 100:
        return 429, {}, {"e": 1}
    s = 0.008
    time.sleep(s)
    return 200, {}, {"ok": True}
