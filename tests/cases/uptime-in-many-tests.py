"""Many tests ask for the health answer, and the uptime in whole seconds stands still for the moment of each."""

import time

EXPECT = "go"
STARTED = time.monotonic()


def answer(side, request):
    before = 17 if side == "candidate" else 86_400
    return 200, {}, {"uptime_s": before + int(time.monotonic() - STARTED), "version": "2.4"}


TESTS = "".join(
    f"""
@C("GET /health")
def test_health_{n}(backend):
    backend.get("/health")
"""
    for n in range(4)
)
