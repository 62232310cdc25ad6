"""One test creates a row with a code of its own, the next lists, the third reads the last one; each side has its own
database, and both are the same program."""

import json

TARGET = "shared_state = false"
EXPECT = "go"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        rows.append({"id": len(rows) + 1, "code": json.loads(request.body)["code"]})
        return 201, {}, rows[-1]
    if request.path == "/lots/last":
        return 200, {}, rows[-1]
    return 200, {}, rows


TESTS = """
@C("POST /lots")
def test_1_create(backend):
    backend.post("/lots", json={"code": backend.unique("LOT")})

@C("GET /lots")
def test_2_list(backend):
    assert backend.get("/lots").json()

@C("GET /lots/last")
def test_3_last(backend):
    assert backend.get("/lots/last").json()["code"].startswith("LOT")
"""
