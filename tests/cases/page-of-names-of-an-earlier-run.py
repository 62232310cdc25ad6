"""Two databases whose rows stay; a test reads the first eight rows by name, and in a second run most of them are of the
first: rows whose partners nothing tells are left open, and are no finding."""

import json
import secrets

EXPECT = ["no text: NO-GO", "no text: CUT101", "no text: CUT303"]
TARGET = "writes = true\nshared_state = false"
URLS = True
RUNS = 3


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        sent = json.loads(request.body)
        rows.append({"id": secrets.token_hex(5), **sent, "score": len(sent["tags"]) * 10})
        return 201, {}, rows[-1]
    return 200, {}, {"results": sorted(rows, key=lambda row: row["name"])[:8]}


TESTS = """
@C("POST /games")
@pytest.mark.parametrize("number", range(12))
def test_create(backend, number):
    tags = ["a", "b", "c"][: number % 4]
    backend.post("/games", json={"name": backend.unique("game"), "tags": tags})


@C("GET /games")
def test_first_by_name(backend):
    backend.get("/games?order=name")
"""
