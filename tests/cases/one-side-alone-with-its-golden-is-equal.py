"""Goldens are recorded, and only the candidate's half of a test is run, as one does while mending it. It is equal by
now: the test passes, though a part of the suite never says go."""

RECORD = 2
ARGS = ["test_case.py::test_price[candidate]"]
EXPECT = ["not-go", "text: 1 passed", "no text: 1 failed", "findings <= 0"]


def answer(side, request):
    return 200, {}, {"price": 12.5, "currency": "EUR"}


TESTS = """
@C("GET /prices/{id}")
def test_price(backend):
    assert backend.get("/prices/1").json()["price"] == 12.5

@C("GET /prices")
def test_prices(backend):
    backend.get("/prices")
"""
