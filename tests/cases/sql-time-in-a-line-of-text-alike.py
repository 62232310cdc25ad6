"""A report says when it was made, to the second and with a space between day and time; both sides are equal, and the answer was INCONCLUSIVE."""

import time

EXPECT = "go"


def answer(side, request):
    request.state["n"] = request.state.get("n", 0) + 1  # no two requests within one second
    made = time.strftime(
        "%Y-%m-%d %H:%M:%S",
        time.gmtime(time.time() - (27 if side == "candidate" else 20) + request.state["n"]),
    )
    return 200, {"Content-Type": "text/plain"}, f"Generated at {made}\nrows: 3\n"


TESTS = """
@C("GET /report")
def test_it(backend):
    assert "rows: 3" in backend.get("/report").text
"""
