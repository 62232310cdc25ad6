"""A long page carries one fresh token in its head and the same in its form; a price in the middle was a hundred times too high, and nobody was told."""

import secrets

EXPECT = ["no-go", "text: 61200", "findings <= 2"]


def answer(side, request):
    token = secrets.token_hex(16)
    price = 61200 if side == "candidate" else 612
    rows = "".join(
        f"<tr><td>{i}</td><td>Chair {i}</td><td>{price if i == 204 else i * 3}</td></tr>\n"
        for i in range(400)
    )
    head = f'<head><meta name="csrf-token" content="{token}"></head>'
    form = f'<form method="post"><input type="hidden" name="csrf" value="{token}"></form>'
    page = f"<!doctype html><html>{head}<body><table>{rows}</table>{form}</body></html>"
    return 200, {"Content-Type": "text/html; charset=utf-8"}, page


TESTS = """
@C("GET /catalogue")
def test_it(backend):
    assert backend.get("/catalogue").status_code == 200
"""
