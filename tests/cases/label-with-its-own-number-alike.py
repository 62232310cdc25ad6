"""The newest order of each side's own database has its number in its label; one side is one ahead."""

TARGET = "shared_state = false"
EXPECT = "go"


def answer(side, request):
    number = 18 if side == "baseline" else 17
    return 200, {}, {"id": number, "label": f"Order {number}", "state": "open"}


TESTS = """
@C("GET /orders/newest")
def test_newest(backend):
    assert backend.get("/orders/newest").json()["state"] == "open"
"""
