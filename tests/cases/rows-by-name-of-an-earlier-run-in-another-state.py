"""Servers that stay keep the rows of every run, by the names that the suite drew; on the candidate each row is in
another state."""

import json

EXPECT = ["not-go", "finding value *"]
TARGET = "writes = true"
URLS = True
RUNS = 3


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        rows.append(
            {
                "id": len(rows) + 1,
                "state": "new" if side == "baseline" else "old",
                "name": json.loads(request.body)["name"],
            }
        )
        return 201, {}, rows[-1]
    if request.path == "/by-name":
        return 200, {}, {row["name"]: row for row in rows}
    return 200, {"X-Serial": str(len(rows))}, {"items": rows[::-1][:5], "total": len(rows)}


TESTS = """
@C("GET /rows")
def test_read(backend):
    backend.get("/rows")

@C("GET /by-name")
def test_names(backend):
    backend.get("/by-name")

@C("POST /rows")
def test_write(backend):
    for _ in range(3):
        backend.post("/rows", json={"name": backend.unique("ada")})
"""
