"""A short page with a nonce on each script showed another customer's invoice; since the nonces have now more signs in them and now fewer, all between them was taken for noise."""

import base64
import secrets

EXPECT = ["no-go", "text: somebody else", "findings <= 2"]


def answer(side, request):
    turn = request.state["turn"] = request.state.get("turn", -1) + 1
    nonce = ""
    while (
        nonce.count("+") + nonce.count("/") != turn % 3 * 2 or not nonce
    ):  # none, two or four, in turns
        nonce = base64.b64encode(secrets.token_bytes(18)).decode()
    heading = "Invoice 8 of somebody else" if side == "candidate" else "Invoice 7"
    page = (
        f'<!doctype html><html><head><script nonce="{nonce}">start()</script></head><body><h1>{heading}</h1>'
        f'<p>Total: 100 EUR</p><script nonce="{nonce}">end()</script></body></html>'
    )
    policy = f"script-src 'nonce-{nonce}'"
    return (
        200,
        {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy},
        page,
    )


TESTS = """
@C("GET /invoice")
def test_it(backend):
    assert "Total: 100 EUR" in backend.get("/invoice").text
"""
