"""The client reads a filter and searches with it; the new side's filter names another colour, and what was sent back was
taken for something that the test had made up for each side."""

EXPECT = ["finding value /colour", "findings <= 1"]


def answer(side, request):
    if request.path == "/filters/1":
        return 200, {}, {"colour": "green" if side == "candidate" else "blue", "size": 3}
    return 200, {}, {"hits": [4, 7]}


TESTS = """
@C("GET /filters/{id}", "GET /search")
def test_search(backend):
    colour = backend.get("/filters/1").json()["colour"]
    backend.get("/search", params={"colour": colour})
"""
