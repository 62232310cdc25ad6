"""The new list shows the order number of the row before."""

import json
import random

EXPECT = "no-go"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        number = len(rows) + 1 + (50 if side == "candidate" else 0)
        row = {"id": number, "title": json.loads(request.body)["title"]}
        row["order_number"] = random.randint(100_000, 999_999)
        rows.append(row)
        return 201, {}, row
    if side == "candidate":
        numbers = [row["order_number"] for row in rows]
        rows = [row | {"order_number": numbers[at - 1]} for at, row in enumerate(rows)]
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
