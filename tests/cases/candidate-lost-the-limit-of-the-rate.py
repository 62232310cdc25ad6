"""Wrong passwords were refused with 429 after the second; the candidate lets everybody go on guessing."""

EXPECT = "finding status *"


def answer(side, request):
    if request.path == "/login/3" and side == "baseline":
        return 429, {"Retry-After": "60"}, {"error": "slow down"}
    return 401, {}, {"error": "wrong password"}


TESTS = """
@N("POST /login/{n}", scenario="guessing")
def test_guessing(backend):
    for n in (1, 2, 3):
        backend.post(f"/login/{n}", json={"password": "guess"})
"""
