"""Each side names a cookie for the port that it listens on, behind a letter: `session_P5000`."""

EXPECT = "go"


def answer(side, request):
    letter = "P"
    cookie = f"session_{letter}{request.port}=on; Path=/; SameSite=Lax"
    return 200, {"Set-Cookie": cookie}, {"ok": True}


TESTS = """
@C("GET /login")
def test_login(backend):
    assert backend.get("/login").status_code == 200
"""
