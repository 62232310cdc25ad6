"""The new side says of each ticket in YAML that it is the twelfth, in a sentence and in a path."""

EXPECT = "no-go"


def answer(side, request):
    n = request.state["n"] = request.state.get("n", 40) + 1
    n = 12 if side == "candidate" else n
    return (
        201,
        {"Content-Type": "application/yaml"},
        f"message: Ticket {n} was opened\nself: /tickets/{n}\n",
    )


TESTS = """
@C("POST /tickets")
def test_open(backend):
    assert backend.post("/tickets", json={"subject": "x"}).status_code == 201
"""
