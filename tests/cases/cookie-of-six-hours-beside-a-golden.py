"""A cookie lives for six hours, and both recordings were made within one second."""

import time
from email.utils import formatdate

RECORD = 1
EXPECT = "go"


def answer(side, request):
    expires = formatdate(time.time() + 6 * 3600, usegmt=True)
    return 200, {"Set-Cookie": f"theme=dark; Path=/; Expires={expires}"}, {"ok": True}


TESTS = """
@C("GET /theme")
def test_theme(backend):
    backend.get("/theme")
"""
