"""What the search took is a constant on each side, so nobody measures it."""

EXPECT = "no-go"
TOOK = {"baseline": [3] * 4, "candidate": [4] * 4}


def answer(side, request):
    took = TOOK[side][request.state.get("asked", 0) % 4]
    request.state["asked"] = request.state.get("asked", 0) + 1
    return 200, {}, {"total": 8, "took_ms": took, "hits": ["river"]}


TESTS = """
@C("GET /search")
def test_it(backend):
    assert "river" in backend.get("/search").text
"""
