"""Two databases with other histories: users have other numbers than lots, and an object names its entries by those of lots,
which are told nowhere else."""

import json

EXPECT = "go"
TARGET = "shared_state = false"


def answer(side, request):
    state = request.state
    if request.method == "POST":
        kind = request.path.strip("/")
        n = state[kind] = (
            state.get(kind, 0 if side == "baseline" else {"users": 4, "lots": 37}[kind]) + 1
        )
        if kind == "lots":
            state.setdefault("rows", {})[n] = json.loads(request.body)
            return 201, {}, {"made": True}
        return 201, {}, {"id": n}
    group = request.path.rpartition("=")[2]
    return (
        200,
        {},
        {
            "lots": {
                str(n): row["title"] for n, row in state["rows"].items() if row["group"] == group
            }
        },
    )


TESTS = """
@C("GET /lots")
@pytest.mark.parametrize("many", [1, 2, 3])
def test_lots(backend, many):
    group = backend.unique("g")
    for n in range(many):
        backend.post("/users", json={"name": "Ada"})
        backend.post("/lots", json={"title": f"Lot {n}", "group": group})
    backend.get(f"/lots?group={group}")
"""
