"""A test reads the stock by a query of GraphQL, orders, and reads it again; in one database the candidate takes three
from it, and the baseline four."""

import json
import os

RECORD = 1
EXPECT = "finding value /data/stock"
TAKES = {"baseline": 4, "candidate": 3}


def answer(side, request):
    query = json.loads(request.body)["query"]
    with open("taken", "ab") as log:
        log.write(b"x" * (TAKES[side] if "mutation" in query else 0))
    if "mutation" in query:
        return 200, {}, {"data": {"order": {"ok": True}}}
    return 200, {}, {"data": {"stock": 9_000 - os.path.getsize("taken")}}


TESTS = """
@C("POST /graphql")
def test_order(backend):
    backend.post("/graphql", json={"query": "{ stock }"})
    backend.post("/graphql", json={"query": "mutation { order(lot: 1) { ok } }"})
    backend.post("/graphql", json={"query": "{ stock }"})
"""
