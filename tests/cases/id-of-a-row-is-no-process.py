"""The page of today's offer names its row by an id that every process of the old side tells alike; the new one tells
another, and nobody said whether the sides share their data."""

EXPECT = "inconclusive"


def answer(side, request):
    new = "0b6c7b0e-5f0c-4c8e-9a53-2f7f4f0f6f10"
    old = "7c1d9e2f-4a5b-4c6d-8e7f-0a1b2c3d4e5f"
    return 200, {}, {"id": new if side == "candidate" else old, "name": "Oak table"}


TESTS = """
@C("GET /offer")
def test_offer(backend):
    backend.get("/offer")
"""
