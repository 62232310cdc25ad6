"""Each side has a database of its own, which the target says; the seeded rows are the same and have other numbers."""

EXPECT = "go"
TARGET = "shared_state = false"


def answer(side, request):
    first = 1 if side == "baseline" else 701
    return (
        200,
        {},
        [{"id": first + i, "name": name} for i, name in enumerate(("chair", "table", "lamp"))],
    )


TESTS = """
@C("GET /items")
def test_it(backend):
    assert [item["name"] for item in backend.get("/items").json()] == ["chair", "table", "lamp"]
"""
