"""A greeting names another person on every request, now in one word and now in two; both sides know the same people."""

RECORD = 1
EXPECT = "go"
NAMES = ["Ann", "Bob Marley", "Eve", "Jean-Luc Picard", "O'Brien", "Li"]


def answer(side, request):
    turn = request.state["turn"] = request.state.get("turn", 3 if side == "candidate" else 0) + 1
    return 200, {}, {"text": f"Hello {NAMES[turn % len(NAMES)]}, you have 3 lots"}


TESTS = """
@C("GET /greeting")
def test_it(backend):
    assert backend.get("/greeting").json()["text"].startswith("Hello")
"""
