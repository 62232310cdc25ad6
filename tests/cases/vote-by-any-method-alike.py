"""Nothing was recorded; each test votes by another method and reads the number of votes once, in XML, compact JSON and a
sentence; each side has a database of its own."""

import os

EXPECT = "go"
KINDS = {
    "soap": "text/xml",
    "compact": "application/json",
    "text": "text/plain",
    "told": "application/json",
}


def counted(name, add):
    with open(f"counted-{name}", "ab") as log:
        log.write(b"x" * add)
    return os.path.getsize(f"counted-{name}")


def answer(side, request):
    kind = request.path.rpartition("/")[2]
    writes = request.method in ("PUT", "PATCH", "DELETE") or b"vote" in request.body
    number = 40 + counted(f"{kind}-{side}", add=writes)
    if writes and kind != "told":
        return 200, {}, b""
    page = {
        "soap": f"<poll><votes>{number}</votes></poll>",
        "compact": f'{{"poll":{{"votes":{number}}}}}',
        "text": f"There are {number}.",
        "told": f'{{"votes":"{number}"}}',
    }
    return 200, {"Content-Type": KINDS[kind]}, page[kind]


TESTS = """
@C("POST /soap")
def test_soap(backend):
    backend.post("/soap", content=b"<vote/>", headers={"content-type": "text/xml"})
    backend.post("/soap", content=b"<count/>", headers={"content-type": "text/xml"})


@C("PUT /compact")
def test_compact(backend):
    backend.put("/compact", json={"for": "Ada"})
    backend.post("/compact", json={"of": "Ada"})


@C("DELETE /text")
def test_text(backend):
    backend.delete("/text")
    backend.get("/text")


@C("PATCH /told")
def test_told(backend):
    backend.patch("/told", json={"for": "Ada"})
"""
