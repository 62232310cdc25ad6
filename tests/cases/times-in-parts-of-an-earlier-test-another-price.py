"""Rows of earlier tests, whose times are told in parts, have another price on the candidate, each second one."""

import json
import time

EXPECT = "not-go"
TARGET = "shared_state = false"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        now = time.time()
        parts = [*time.gmtime(now)[:6], int(now % 1 * 1e9)]
        names = ("year", "month", "day", "hour", "minute", "second")
        told = {
            "__class__": "datetime",
            **dict(zip(names, parts[:6], strict=True)),
            "microsecond": parts[6] // 1000,
        }
        row = {
            "id": len(rows) + 1,
            "name": json.loads(request.body)["name"],
            "made": told,
            "seen": parts,
            "price": 7 + (side == "candidate") * (len(rows) % 2),
        }
        rows.append(row)
        return 201, {}, row
    return 200, {}, sorted(rows, key=lambda row: row["name"])


TESTS = """
import pytest

@C("POST /rows")
@pytest.mark.parametrize("turn", range(4))
def test_make(backend, turn):
    backend.post("/rows", json={"name": backend.unique("ada")})

@C("GET /rows")
def test_list(backend):
    backend.get("/rows")
"""
