"""Beside a golden, a session token is drawn anew on both sides."""

import secrets

RECORD = 1
EXPECT = "go"


def answer(side, request):
    token = f"{secrets.token_urlsafe(23)}7"
    return 201, {}, {"token": token, "user": "anna"}


TESTS = """
@C("POST /sessions")
def test_login(backend):
    answer = backend.post("/sessions", json={"user": "anna"})
    assert answer.status_code == 201
    assert answer.json()["token"]
"""
