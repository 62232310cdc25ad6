"""Each row has a token that nobody can foretell, of a form that no list of formats knows."""

import json
import os

TARGET = "writes = true"
URLS = True
EXPECT = "go"
RUNS = 3


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        secret = os.urandom(20).hex()
        rows.append(
            {
                "id": len(rows) + 1,
                "name": json.loads(request.body)["name"],
                "key": f"v1.{secret}",
                "link": f"/dl/{secret[:12]}?n=1&k={secret[12:]}",
            }
        )
        return 201, {}, rows[-1]
    return 200, {}, rows


TESTS = """
@C("POST /rows", "GET /rows")
def test_rows(backend):
    backend.post("/rows", json={"name": "hello"})
    assert backend.get("/rows").status_code == 200

@C("POST /rows", "GET /rows")
def test_more(backend):
    backend.post("/rows", json={"name": backend.unique("row")})
    assert backend.get("/rows").status_code == 200
"""
