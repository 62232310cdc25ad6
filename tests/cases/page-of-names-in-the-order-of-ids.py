"""A page of rows by name, of those that earlier tests made up, is one by id on the candidate."""

import json

EXPECT = "no-go"
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
    key = "name" if side == "baseline" else "id"
    return 200, {}, {"rows": sorted(rows, key=lambda row: row[key].rjust(99))[:5]}


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
