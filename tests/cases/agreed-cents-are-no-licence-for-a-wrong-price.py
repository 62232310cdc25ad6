"""A team agreed that prices are in cents now. Later the new side is one cent off."""

import os

EXPECT = ["finding value /price"]
AGREE = True


def answer(side, request):
    cents = 1233 if os.environ.get("AGREED") else 1234
    return 200, {}, {"ware": "lamp", "price": cents if side == "candidate" else 12.34}


TESTS = """
@C("GET /wares/{id}")
def test_ware(backend):
    assert backend.get("/wares/7").status_code == 200
"""
