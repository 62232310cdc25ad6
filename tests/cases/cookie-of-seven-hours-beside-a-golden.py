"""A cookie lives for six hours, on the candidate for seven, and both recordings were made within one second."""

import time
from email.utils import formatdate

RECORD = 1
EXPECT = "no-go"
HOURS = {"baseline": 6, "candidate": 7}


def answer(side, request):
    expires = formatdate(time.time() + HOURS[side] * 3600, usegmt=True)
    return 200, {"Set-Cookie": f"theme=dark; Path=/; Expires={expires}"}, {"ok": True}


TESTS = """
@C("GET /theme")
def test_theme(backend):
    backend.get("/theme")
"""
