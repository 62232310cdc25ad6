"""Every answer takes 40 ms where it took 20 ms, and half as much again is allowed."""

import random
import time

EXPECT = "no-go"
TARGET = """
require = ["performance"]
[performance]
budget_s = 25
[performance.endpoints]
"GET /report" = { p50_regression = 0.5 }
"""
TESTS = """
@pytest.mark.perf("GET /report")
def test_speed(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/report"))
"""


def answer(side, request):
    dice = request.state.setdefault("dice", random.Random(side))
    time.sleep((0.02 if side == "baseline" else 0.04) * dice.lognormvariate(0, 0.08))
    return 200, {}, {"ok": True}
