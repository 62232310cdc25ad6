"""The stock is kept in memory and the suite has sold from it; a fresh process has all of it, and the candidate counts
wrong. What a process says of itself stands beside it."""

import os

EXPECT = ["finding value /left", "findings <= 1"]


def answer(side, request):
    stock = request.state.setdefault("stock", {"sold": 0})
    if request.method == "POST":
        stock["sold"] = 3
        return 200, {}, {"sold": True}
    wrong = 1 if side == "candidate" and stock["sold"] else 0
    return 200, {}, {"left": 20 - stock["sold"] + wrong, "pid": os.getpid()}


TESTS = """
@C("POST /sales")
def test_a_sale(backend):
    backend.post("/sales", json={"of": "nails"})

@C("GET /stock")
def test_b_stock(backend):
    backend.get("/stock")
"""
