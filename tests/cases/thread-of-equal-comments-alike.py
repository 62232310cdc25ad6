"""Every run writes the same comment below the same page; each side numbers and dates its own."""

import time

URLS = True
TARGET = "writes = true"
EXPECT = "go"
RUNS = 3


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        number = len(rows) + 5
        rows.append(
            {
                "id": number,
                "parent": None,
                "created": time.time(),
                "text": "<p>again and again</p>",
                "author": "Anna",
                "likes": 0,
                "hash": "4505c1eeda98",
                "replies": [],
            }
        )
        return 201, {}, rows[-1]
    return 200, {}, {"id": None, "total_replies": len(rows), "replies": rows}


TESTS = """
@C("POST /new", "GET /comments")
def test_same_thread(backend):
    backend.post("/new", json={"text": "again and again"})
    assert backend.get("/comments").status_code == 200
"""
