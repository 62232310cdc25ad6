"""The new list shows order numbers that are one less than what the write said."""

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
        rows = [row | {"order_number": row["order_number"] - 1} for row in rows]
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
