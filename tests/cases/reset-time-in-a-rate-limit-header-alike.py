"""Each answer says in a header when the window of the rate limit ends, in epoch seconds."""

import time

EXPECT = "go"


def answer(side, request):
    now = int(time.time()) + (3 if side == "candidate" else 0)
    return 200, {"X-RateLimit-Limit": "1000", "X-RateLimit-Reset": str(now + 900)}, {"ok": True}


TESTS = """
import time

@C("GET /things")
@pytest.mark.parametrize("n", [1, 2, 3])
def test_things(backend, n):
    assert backend.get("/things").json()["ok"]
"""
