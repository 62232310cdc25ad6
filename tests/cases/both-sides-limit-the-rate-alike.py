"""Both sides answer 429 to the third request of a session: that is what they do, and they do it alike."""

EXPECT = "go"


def answer(side, request):
    if request.path == "/orders/3":
        return 429, {"Retry-After": "60"}, {"error": "slow down"}
    return 200, {}, {"n": request.path[-1]}


TESTS = """
@N("GET /orders/{n}", scenario="too many")
def test_third(backend):
    for n in (1, 2, 3):
        backend.get(f"/orders/{n}")
"""
