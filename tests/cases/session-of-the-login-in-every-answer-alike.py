"""A login before the run gives each side a session cookie that it sends again with every answer: constant on each side,
another on the other."""

EXPECT = "go"


def answer(side, request):
    session = "s3aSk2vJ0pQe7XnW5tYz1uBc" if side == "candidate" else "s9kLm4RfT8hGd6VbN2cXo0iP"
    if request.method == "POST":
        return 200, {"Set-Cookie": f"sid={session}; Path=/; HttpOnly"}, {"ok": True}
    if session not in request.headers.get("cookie", ""):
        return 401, {}, {"error": "no session"}
    return 200, {"Set-Cookie": f"sid={session}; Path=/; HttpOnly"}, {"name": "Chair", "price": 40}


TESTS = """
@C("GET /wares/{id}")
@pytest.mark.parametrize("number", [1, 2, 3])
def test_ware(backend, number):
    assert backend.get(f"/wares/{number}").status_code == 200
"""

CONFTEST = """
def pytest_cutover_login(backend):
    backend.post("/login", json={"user": "ann"})
    return True
"""
