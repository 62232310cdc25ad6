"""Answers come from a cache in 30 ms or not in 180 ms; six of ten did before, four of ten do now, so the median is six times as long."""

import random
import time

EXPECT = "not-go"
TARGET = """
require = ["performance"]
[performance]
budget_s = 25
[performance.endpoints]
"GET /prices" = { p50_regression = 0.5 }
"""
TESTS = """
@pytest.mark.perf("GET /prices")
def test_speed(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/prices"))
"""


def answer(side, request):
    dice = request.state.setdefault("dice", random.Random(side))
    hit = dice.random() < (0.6 if side == "baseline" else 0.4)
    time.sleep(0.03 if hit else 0.18)
    return 200, {}, {"ok": True}
