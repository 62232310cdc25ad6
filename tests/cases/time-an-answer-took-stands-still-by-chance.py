"""Three milliseconds each time on the baseline, mostly four on the candidate."""

EXPECT = "go"
TOOK = {"baseline": [3] * 4, "candidate": [4, 3, 4, 5]}


def answer(side, request):
    took = TOOK[side][request.state.get("asked", 0) % 4]
    request.state["asked"] = request.state.get("asked", 0) + 1
    return 200, {}, {"total": 8, "took_ms": took, "hits": ["river"]}


TESTS = """
@C("GET /search")
def test_it(backend):
    assert "river" in backend.get("/search").text
"""
