"""Rows by their numbers, each with its number inside as well, of two databases with other histories; the candidate names
them in another order."""

import json

EXPECT = "go"
TARGET = "shared_state = false"


def answer(side, request):
    rows = request.state.setdefault("rows", {})
    if request.method == "POST":
        n = request.state["n"] = request.state.get("n", 0 if side == "baseline" else 37) + 1
        rows[n] = {"id": n, **json.loads(request.body)}
        return 201, {}, {"id": n}
    group = request.path.rpartition("=")[2]
    found = {str(n): row for n, row in rows.items() if row["group"] == group}
    if side == "candidate":
        found = dict(list(found.items())[::-1])
    return (
        200,
        {},
        {"result": [row["id"] for row in rows.values() if row["group"] == group], "lots": found},
    )


TESTS = """
@C("GET /lots")
def test_lots(backend):
    group = backend.unique("g")
    for n in range(3):
        backend.post("/lots", json={"title": f"Lot {n}", "group": group})
    backend.get(f"/lots?group={group}")
"""
