"""The newest five rows in one database, found by a request that is sent as writes are; each side adds a row before."""

import json
import pathlib

EXPECT = "go"
RUNS = 2


def answer(side, request):
    pathlib.Path("rows").touch()
    rows = [json.loads(line) for line in pathlib.Path("rows").read_text().splitlines()]
    if request.path == "/search":
        return 200, {}, {"rows": rows[-1:-6:-1]}
    row = {"id": str(len(rows) + 1), "name": json.loads(request.body)["name"]}
    with open("rows", "a") as log:
        log.write(json.dumps(row) + "\n")
    return 200, {}, {"id": row["id"]}


TESTS = """
import pytest


@C("POST /rows")
@pytest.mark.parametrize("n", range(4))
def test_create(backend, n):
    backend.post("/rows", json={"name": backend.unique("row")})


@C("POST /search")
def test_search(backend):
    backend.post("/rows", json={"name": backend.unique("row")})
    backend.post("/search", json={"size": 5})
"""
