"""Both sides keep what the test creates and list it, with a count; every round the list is longer by one."""

import json

EXPECT = "go"


def answer(side, request):
    rows = request.state.setdefault("rows", [{"id": 1, "title": "seed", "price": 10}])
    if request.method == "POST":
        rows.append(
            {"id": rows[-1]["id"] + 1, "title": json.loads(request.body)["title"], "price": 10}
        )
        return 201, {}, rows[-1]
    return 200, {}, {"items": rows, "total": len(rows), "newest": rows[-1]["title"]}


TESTS = """
@C("POST /titles", "GET /titles")
def test_list(backend):
    title = backend.unique("T")
    backend.post("/titles", json={"title": title})
    seen = backend.get("/titles").json()
    assert seen["newest"] == title and len(seen["items"]) == seen["total"]
"""
