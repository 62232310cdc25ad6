"""The newest order of each side's own database has a number in its label, on the candidate that of
the order before."""

TARGET = "shared_state = false"
EXPECT = "not-go"


def answer(side, request):
    number = 18 if side == "baseline" else 17
    return (
        200,
        {},
        {"id": number, "label": f"Order {number - (side == 'candidate')}", "state": "open"},
    )


TESTS = """
@C("GET /orders/newest")
def test_newest(backend):
    assert backend.get("/orders/newest").json()["state"] == "open"
"""
