"""One test creates a row, the next reads the last one; the candidate gives the very first row for ever. Each side has
its own database."""

import json

TARGET = "shared_state = false"
EXPECT = ["finding * *"]


def answer(side, request):
    rows = request.state.setdefault("rows", [{"id": 1, "code": "SEED"}])
    if request.method == "POST":
        rows.append({"id": len(rows) + 1, "code": json.loads(request.body)["code"]})
        return 201, {}, rows[-1]
    return 200, {}, rows[0] if side == "candidate" else rows[-1]


TESTS = """
@C("POST /lots")
def test_1_create(backend):
    backend.post("/lots", json={"code": backend.unique("LOT")})

@C("GET /lots/last")
def test_2_last(backend):
    assert backend.get("/lots/last").status_code == 200
"""
