"""The old list has the oldest row first, the new one the newest. Both grow with every round of the test."""

import json

EXPECT = ["finding order *", "findings <= 2"]


def answer(side, request):
    rows = request.state.setdefault(
        "rows", [{"number": n, "subject": f"seed {n}"} for n in (1, 2, 3)]
    )
    if request.method == "POST":
        rows.append({"number": len(rows) + 1, "subject": json.loads(request.body)["subject"]})
        return 201, {}, rows[-1]
    return 200, {}, rows[::-1] if side == "candidate" else rows


TESTS = """
@C("POST /tickets", "GET /tickets")
def test_list(backend):
    backend.post("/tickets", json={"subject": backend.unique("S")})
    assert backend.get("/tickets").status_code == 200
"""
