"""One framework writes SameSite=Lax and the other SameSite=lax, which browsers read alike."""

import secrets

EXPECT = "go"


def answer(side, request):
    lax = "lax" if side == "candidate" else "Lax"
    return (
        200,
        {"Set-Cookie": f"sid={secrets.token_hex(16)}; Path=/; HttpOnly; SameSite={lax}"},
        {"ok": True},
    )


TESTS = """
@C("POST /login")
def test_it(backend):
    assert backend.post("/login", json={"user": "sam"}).status_code == 200
"""
