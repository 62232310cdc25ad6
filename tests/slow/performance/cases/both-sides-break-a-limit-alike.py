"""Eight per cent of the answers are over the limit, on either side."""

import random
import time

EXPECT = "not-no-go"
TARGET = """
require = ["performance"]
[performance]
budget_s = 25
error_rate = 0.02
[performance.endpoints]
"GET /feed" = { p95_ms = 100 }
"""
TESTS = """
@pytest.mark.perf("GET /feed")
def test_speed(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/feed"))
"""


def answer(side, request):
    dice = request.state.setdefault("dice", random.Random(side))
    s = 0.15 if dice.random() < 0.08 else 0.004
    time.sleep(s)
    return 200, {}, {"ok": True}
