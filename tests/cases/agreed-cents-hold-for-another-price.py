"""A team agreed that prices are in cents now. The next day a ware costs more, on both sides alike."""

import os

EXPECT = ["go", "accepted 1"]
AGREE = True


def answer(side, request):
    cents = 4999 if os.environ.get("AGREED") else 1234
    return 200, {}, {"ware": "lamp", "price": cents if side == "candidate" else cents / 100}


TESTS = """
@C("GET /wares/{id}")
def test_ware(backend):
    assert backend.get("/wares/7").status_code == 200
"""
