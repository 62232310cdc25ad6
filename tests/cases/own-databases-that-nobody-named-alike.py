"""Each side has a database of its own, which the target does not say; the seeded rows have other numbers on each."""

EXPECT = "go"


def answer(side, request):
    import json

    first = 1 if side == "baseline" else 701
    seeded = [{"id": first + i, "name": name} for i, name in enumerate(("chair", "table", "lamp"))]
    rows = request.state.setdefault("rows", seeded)
    if request.method == "POST":
        rows.append({"id": first + len(rows), "name": json.loads(request.body)["name"]})
        return 201, {}, rows[-1]
    return 200, {}, rows


TESTS = """
@C("GET /items")
def test_it(backend):
    name = backend.unique("ITEM")
    backend.post("/items", json={"name": name})
    assert name in [row["name"] for row in backend.get("/items").json()]
"""
