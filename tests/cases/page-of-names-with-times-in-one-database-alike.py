"""A page in the order of names in one database, each row with its time in milliseconds; the run is repeated on its
rows."""

import json
import pathlib
import time

EXPECT = "go"
RUNS = 3


def answer(side, request):
    pathlib.Path("rows").touch()
    rows = [json.loads(line) for line in pathlib.Path("rows").read_text().splitlines()]
    if request.method == "POST":
        now = time.time_ns() // 10**6
        row = {"name": json.loads(request.body)["name"], "created": now, "updated": now}
        with open("rows", "a") as log:
            log.write(json.dumps(row) + "\n")
        return 200, {}, {"model": row}
    return 200, {}, {"models": sorted(rows, key=lambda row: row["name"])[:5]}


TESTS = """
import pytest


@C("GET /models")
def test_models(backend):
    backend.post("/models", json={"name": backend.unique("model")})
    backend.get("/models")


@C("POST /models")
@pytest.mark.parametrize("n", range(3))
def test_create(backend, n):
    backend.post("/models", json={"name": backend.unique("model")})
"""
