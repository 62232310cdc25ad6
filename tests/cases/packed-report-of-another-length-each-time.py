"""A report comes packed by the application itself, with the time in it: other bytes and another length each time, and
whatever the candidate packs would pass."""

import random
import zlib

EXPECT = ["inconclusive", "text: compared in full", "text: nothing holds it"]


def answer(side, request):
    text = "".join(random.choice("abcdefghij ") for _ in range(random.randrange(2000, 3000)))
    return 200, {"Content-Type": "application/x-report"}, b"\x00RPT" + zlib.compress(text.encode())


TESTS = """
@C("GET /reports/{id}")
def test_report(backend):
    assert backend.get("/reports/7").content.startswith(b"\\x00RPT")
"""
