"""A report in plain text has a time in each of its two hundred rows; the new side leaves one row out."""

import time

EXPECT = ["finding value *", "findings <= 1"]


def answer(side, request):
    turn = request.state["turn"] = request.state.get("turn", 0) + 1
    now = time.time() + turn
    rows = [
        f"{i:>4}  {time.strftime('%Y-%m-%d %H:%M:%S', time.gmtime(now - i * 60))}  lot {i * 3}"
        for i in range(200)
        if not (side == "candidate" and i == 77)
    ]
    return 200, {"Content-Type": "text/plain"}, "\n".join(rows) + "\n"


TESTS = """
@C("GET /report")
def test_it(backend):
    assert "lot 0" in backend.get("/report").text
"""
