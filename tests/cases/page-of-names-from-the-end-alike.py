"""A test reads the last five rows by name, of a dozen that earlier tests made up."""

import json

EXPECT = "go"
TARGET = "shared_state = false"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    sent = json.loads(request.body)
    if request.path == "/rows":
        number = len(rows) + 1
        rows.append(
            {
                "id": str(number),
                "place": f"store:/{number}",
                "name": sent["name"],
                "stage": "active",
            }
        )
        return 200, {}, {"id": str(number)}
    return 200, {}, {"rows": sorted(rows, key=lambda row: row["name"], reverse=True)[:5]}


TESTS = """
import pytest


@C("POST /rows")
@pytest.mark.parametrize("n", range(12))
def test_create(backend, n):
    backend.post("/rows", json={"name": backend.unique("t")})


@C("POST /search")
def test_search(backend):
    backend.post("/search", json={"order": "name"})
"""
