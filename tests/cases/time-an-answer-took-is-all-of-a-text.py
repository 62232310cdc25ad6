"""A text of nothing but how long it took, a constant on each side."""

EXPECT = "no-go"


def answer(side, request):
    return 200, {"Content-Type": "text/plain"}, "3 ms" if side == "baseline" else "4 ms"


TESTS = """
@C("GET /took")
def test_it(backend):
    backend.get("/took")
"""
