"""One side sends its JSON in large chunks, the other in small ones with the members in an order that changes on every request."""

import json
import random

EXPECT = "go"


def answer(side, request):
    members = [
        ("id", 7),
        ("name", "chair"),
        ("price", 40.5),
        ("tags", ["a", "b"]),
        ("note", "x" * 300),
    ]
    size = 512
    if side == "candidate":
        random.shuffle(members)
        size = 17
    body = json.dumps(dict(members)).encode()
    chunks = [body[i : i + size] for i in range(0, len(body), size)]
    wire = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks) + b"0\r\n\r\n"
    return 200, {"Content-Type": "application/json", "Transfer-Encoding": "chunked"}, wire


TESTS = """
@C("GET /items/7")
def test_it(backend):
    assert backend.get("/items/7").json()["name"] == "chair"
"""
