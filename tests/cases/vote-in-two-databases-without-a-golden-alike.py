"""Nothing was recorded; each test votes and reads the number of votes once; nobody said that each side has a database of its own, and the
numbers of both are equal."""

import json
import os

EXPECT = "go"


def counted(name, add=0):
    with open(f"counted-{name}", "ab") as log:
        log.write(b"x" * add)
    return os.path.getsize(f"counted-{name}")


def answer(side, request):
    kind = request.path.rpartition("/")[2]
    if request.method == "POST":
        counted(f"{kind}-{side}", add=1)
        return 204, {}, b""
    number = counted(f"{kind}-{side}") + 40
    page = {
        "object": ("application/json", json.dumps({"score": number})),
        "row": ("application/json", json.dumps([{"id": number}])),
        "header": ("application/json", "{}"),
        "sentence": ("text/plain", f"{number} of all people liked it"),
        "page": ("text/html", f"<html><body><p>{number} votes</p></body></html>"),
        "lines": ("text/csv", f"name,votes\r\nAda,{number}\r\n"),
    }
    return 200, {"Content-Type": page[kind][0], "X-Votes": str(number)}, page[kind][1]


TESTS = """
import pytest

@C("GET /votes/{kind}")
@pytest.mark.parametrize("kind", ["object", "row", "header", "sentence", "page", "lines"])
def test_vote(backend, kind):
    backend.post(f"/votes/{kind}", json={"name": "Ada"})
    backend.get(f"/votes/{kind}")
"""
