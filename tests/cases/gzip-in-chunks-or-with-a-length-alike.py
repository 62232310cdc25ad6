"""One side packs on the fly and sends chunks, the other packs first and sends a length; clients unpack the same bytes."""

import gzip
import json

EXPECT = "go"


def answer(side, request):
    body = gzip.compress(
        json.dumps({"items": [{"id": i, "name": "x" * 20} for i in range(50)]}).encode(), mtime=0
    )
    headers = {
        "Content-Type": "application/json",
        "Content-Encoding": "gzip",
        "Vary": "Accept-Encoding",
    }
    if side == "candidate":
        return 200, headers, body
    chunks = [body[i : i + 70] for i in range(0, len(body), 70)]
    wire = b"".join(b"%x\r\n%s\r\n" % (len(c), c) for c in chunks) + b"0\r\n\r\n"
    return 200, {**headers, "Transfer-Encoding": "chunked"}, wire


TESTS = """
@C("GET /items")
def test_it(backend):
    assert len(backend.get("/items").json()["items"]) == 50
"""
