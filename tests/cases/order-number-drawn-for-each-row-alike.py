"""Each of two databases draws an order number for rows that are called alike."""

import json
import random

EXPECT = "go"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        number = len(rows) + 1 + (50 if side == "candidate" else 0)
        row = {"id": number, "title": json.loads(request.body)["title"]}
        row["order_number"] = random.randint(100_000, 999_999)
        rows.append(row)
        return 201, {}, row
    return 200, {}, {"rows": rows}


TESTS = """
@C("POST /rows")
def test_create(backend):
    backend.post("/rows", json={"title": "abc"})

@C("GET /rows")
def test_rows(backend):
    backend.post("/rows", json={"title": "abc"})
    backend.get("/rows")
"""
