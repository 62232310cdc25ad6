"""Each side numbers its own comments; of the newest three, which another test has written, one
answers the wrong comment, by its `parent`."""

import json

TARGET = "shared_state = false"
EXPECT = "not-go"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        number = len(rows) + (1 if side == "baseline" else 2)
        rows.append({"id": number, "parent": None, **json.loads(request.body)})
        return 201, {}, {"id": number}
    return (
        200,
        {},
        [
            {**row, "parent": row["parent"] and row["parent"] + (side == "candidate")}
            for row in rows[:-4:-1]
        ],
    )


TESTS = """
@C("POST /comments")
def test_an_answer(backend):
    one = backend.post("/comments", json={"text": "A fine thing"}).json()
    backend.post("/comments", json={"text": "Well made", "parent": one["id"]})

@C("GET /comments/latest")
def test_latest(backend):
    backend.post("/comments", json={"text": "Mine"})
    assert backend.get("/comments/latest").json()
"""
