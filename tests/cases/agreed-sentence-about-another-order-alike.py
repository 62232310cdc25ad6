"""A sentence with the number of the order, another in every run, has another word, which was agreed to."""

import random

EXPECT = ["go", "accepted 1"]
AGREE = True


def answer(side, request):
    word = "Order" if side == "baseline" else "Your order"
    return 201, {}, {"said": f"{word} {random.randint(10**6, 10**9)} is on its way"}


TESTS = """
@C("POST /orders")
def test_order(backend):
    assert backend.post("/orders", json={}).status_code == 201
"""
