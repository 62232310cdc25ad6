"""The tokens stand in the ids of a negative test; one of them, long expired, is let in by the candidate."""

EXPECT = ["finding status *"]


def answer(side, request):
    if side == "candidate" and "expired" in request.headers.get("authorization", ""):
        return 200, {}, {"user": "guest"}
    return 401, {}, {"error": "invalid token"}


TESTS = """
@N("GET /me", scenario="bad token")
@pytest.mark.parametrize("token", ["not-a-jwt-token", "expired-token-1"])
def test_refused(backend, token):
    backend.get("/me", headers={"Authorization": "Bearer " + token})
"""
