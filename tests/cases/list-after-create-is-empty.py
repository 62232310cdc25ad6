"""A lot is created and the list is asked; the list grows with every round, and on the candidate it is empty."""

import json

EXPECT = ["no-go", "like: /lots", "findings <= 2"]


def answer(side, request):
    rows = request.state.setdefault("rows", [{"id": 1, "code": "SEED", "kg": 10}])
    if request.method == "POST":
        rows.append({"id": rows[-1]["id"] + 1, "code": json.loads(request.body)["code"], "kg": 10})
        return 201, {}, rows[-1]
    return 200, {}, {"lots": [] if side == "candidate" else rows}


TESTS = """
@C("POST /lots", "GET /lots")
def test_list(backend):
    backend.post("/lots", json={"code": backend.unique("LOT")})
    assert backend.get("/lots").status_code == 200
"""
