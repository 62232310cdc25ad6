"""Weights are text. The new side pads them, 5 becoming 5.00, which a team can live with, and rounds 12.345 to 12.35,
which loses data: two findings of two kinds, or an agreement to the first hides the second."""

import json

EXPECT = ["finding scale /weight", "finding value /weight", "findings <= 2"]
PADDED = {"5": "5.00", "12.345": "12.35"}


def answer(side, request):
    weight = json.loads(request.body)["weight"]
    return 201, {}, {"weight": PADDED[weight] if side == "candidate" else weight}


TESTS = """
@C("POST /weights")
@pytest.mark.parametrize("weight", ["5", "12.345"])
def test_weight(backend, weight):
    backend.post("/weights", json={"weight": weight})
"""
