"""A login form: the test reads the token from the page and posts it with name and password, in the test's own body."""

import secrets
from urllib.parse import parse_qs

EXPECT = "go"


def answer(side, request):
    if request.method == "GET":
        token = request.state["token"] = secrets.token_urlsafe(32)
        return (
            200,
            {"Content-Type": "text/html"},
            f'<form method=post><input type=hidden name=token value="{token}"></form>',
        )
    form = parse_qs(request.body.decode())
    good = form.get("token") == [request.state.get("token")] and form.get("password") == [
        "correct horse"
    ]
    return (
        (303, {"Location": "/home"}, b"")
        if good
        else (403, {"Content-Type": "text/html"}, "<h1>Forbidden</h1>")
    )


TESTS = """
import re

@C("GET /login", "POST /login")
def test_login(backend):
    token = re.search(r'value="([^"]+)"', backend.get("/login").text)[1]
    form = {"token": token, "name": "ann", "password": "correct horse"}
    assert backend.post("/login", data=form).status_code == 303
"""
