"""Beside a golden, the new backend gives everybody one and the same session token."""

import secrets

RECORD = 1
EXPECT = "finding value /token"


def answer(side, request):
    token = "q3Rt0aZ1" * 4 if side == "candidate" else f"{secrets.token_urlsafe(23)}7"
    return 201, {}, {"token": token, "user": "anna"}


TESTS = """
@C("POST /sessions")
def test_login(backend):
    answer = backend.post("/sessions", json={"user": "anna"})
    assert answer.status_code == 201
    assert answer.json()["token"]
"""
