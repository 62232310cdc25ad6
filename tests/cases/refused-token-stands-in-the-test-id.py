"""Bad tokens are parameters of a negative test, so each stands in the test's id; both sides refuse them alike."""

EXPECT = "go"


def answer(side, request):
    if request.path == "/me":
        return 401, {}, {"error": "invalid token"}
    return 200, {}, {"ok": True}


TESTS = """
@C("GET /open")
def test_open(backend):
    backend.get("/open")

@N("GET /me", scenario="bad token")
@pytest.mark.parametrize("token", ["not-a-jwt-token", "expired-token-1"])
def test_refused(backend, token):
    answer = backend.get("/me", headers={"Authorization": "Bearer " + token})
    assert answer.status_code == 401
"""
