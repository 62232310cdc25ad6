"""A page tells how long the search took: the same four times on the baseline, by chance."""

EXPECT = "go"
TOOK = {"baseline": ["1.17"] * 4, "candidate": ["1.24", "1.25", "1.21", "1.23"]}


def answer(side, request):
    took = TOOK[side][request.state.get("asked", 0) % 4]
    request.state["asked"] = request.state.get("asked", 0) + 1
    return (
        200,
        {"Content-Type": "text/html"},
        "<!doctype html><html><head><title>S</title></head><body><h1>Results</h1>"
        f"<p>8 documents in {took} ms</p><ul><li>river</li></ul></body></html>",
    )


TESTS = """
@C("GET /search")
def test_it(backend):
    assert "river" in backend.get("/search").text
"""
