"""Each process tells its content security policy in the order of a set, with a nonce for each answer."""

import secrets

EXPECT = "go"


def answer(side, request):
    nonce = f"'nonce-{secrets.token_urlsafe(16)}'"
    hosts = ["https://a.example", "https://b.example", "https://c.example"]
    policy = [
        ["default-src", "'self'", nonce],
        ["img-src", "'self'", "data:", *hosts],
        ["script-src", nonce, *hosts],
    ]
    if side == "candidate":
        policy = [[name, *sources[::-1]] for name, *sources in policy[::-1]]
    told = "; ".join(map(" ".join, policy))
    page = f'<html><script nonce="{nonce[7:-1]}">go()</script></html>'
    return 200, {"Content-Type": "text/html", "Content-Security-Policy": told}, page


TESTS = """
@C("GET /login")
def test_login(backend):
    backend.get("/login")
"""
