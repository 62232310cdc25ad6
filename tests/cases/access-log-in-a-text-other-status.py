"""A page shows the last lines of an access log; in one of them stands another status than before."""

import random
import time

EXPECT = ["finding value *", "text: 500 104", "findings <= 1"]


def answer(side, request):
    now = time.time()
    lines = [
        f"10.0.0.{random.randrange(250)} - - "
        f"[{time.strftime('%d/%b/%Y:%H:%M:%S +0000', time.gmtime(now - i))}] "
        f'"GET /lots/{i} HTTP/1.1" {500 if side == "candidate" and i == 4 else 200} {100 + i}'
        for i in range(9)
    ]
    return 200, {"Content-Type": "text/plain"}, "\n".join(lines) + "\n"


TESTS = """
@C("GET /log")
def test_it(backend):
    assert backend.get("/log").status_code == 200
"""
