"""Beside the rows stands how many there are. The number grows with every round; the candidate always says 0."""

import json

EXPECT = ["finding * /total", "findings <= 2"]


def answer(side, request):
    rows = request.state.setdefault(
        "rows", [{"id": 1, "title": "seed"}, {"id": 2, "title": "second seed"}]
    )
    if request.method == "POST":
        rows.append({"id": rows[-1]["id"] + 1, "title": json.loads(request.body)["title"]})
        return 201, {}, rows[-1]
    return 200, {}, {"items": rows, "total": 0 if side == "candidate" else len(rows)}


TESTS = """
@C("POST /notes", "GET /notes")
def test_list(backend):
    backend.post("/notes", json={"title": backend.unique("T")})
    assert backend.get("/notes").status_code == 200
"""
