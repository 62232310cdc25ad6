"""Half of the answers take 20 ms, half 90 ms, on both sides alike."""

import random
import time

EXPECT = "not-no-go"
TARGET = """
require = ["performance"]
[performance]
budget_s = 25
[performance.endpoints]
"GET /mixed" = { p50_regression = 0.5 }
"""
TESTS = """
@pytest.mark.perf("GET /mixed")
def test_speed(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/mixed"))
"""


def answer(side, request):
    dice = request.state.setdefault("dice", random.Random(side))
    time.sleep(0.02 if dice.random() < 0.5 else 0.09)
    return 200, {}, {"ok": True}
