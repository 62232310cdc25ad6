"""A piece of a page in JSON shows the time and a token; it was recorded, and the candidate leaves out
a line."""

import datetime
import secrets

RECORD = 2
EXPECT = "not-go"


def answer(side, request):
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    lines = "".join(
        f"<li class='row'><b>Gate {at}</b></li>" for at in range(8 if side == "baseline" else 7)
    )
    html = f"<form><input name='token' value='{secrets.token_hex(16)}'></form><p>{now}</p>"
    return 200, {}, {"html": f"<div>{html}<ul>{lines}</ul></div>"}


TESTS = """
@C("GET /gates")
def test_gates(backend):
    assert "Gate 1" in backend.get("/gates").json()["html"]
"""
