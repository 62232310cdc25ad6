"""The gateway before the new side allows ten requests a second and answers 429, fast, to all others: that is no speed."""

import random
import time

EXPECT = ["not-go", "text: 429"]
TARGET = """
require = ["performance"]
[performance]
budget_s = 25
[performance.endpoints]
"GET /search" = { p50_regression = 0.5 }
"""
TESTS = """
@pytest.mark.perf("GET /search")
def test_speed(paired_benchmark):
    paired_benchmark(lambda backend: backend.get("/search"))
"""


def answer(side, request):
    dice = request.state.setdefault("dice", random.Random(side))
    second = int(time.monotonic())
    seen = request.state["seen"] = [
        one for one in request.state.get("seen", []) if one == second
    ] + [second]
    if side == "candidate" and len(seen) > 10:
        return 429, {"Retry-After": "1"}, {"error": "slow down"}
    time.sleep(0.01 * dice.lognormvariate(0, 0.05))
    return 200, {}, {"ok": True}
