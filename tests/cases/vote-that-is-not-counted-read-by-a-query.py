"""Each test votes and reads the number of votes by a request that is sent as writes are: a query of GraphQL, a call by
name, a search; or the vote itself is answered with it. The candidate does not
count its own, in one database with the baseline."""

import json
import os

RECORD = 1
EXPECT = [
    "finding value /data/poll/votes",
    "finding value /result",
    "finding value /hits/*/votes",
    "finding value /votes",
]


def counted(name, add=0):
    with open(f"counted-{name}", "ab") as log:
        log.write(b"x" * add)
    return os.path.getsize(f"counted-{name}")


def answer(side, request):
    sent = json.loads(request.body)
    kind = request.path.rpartition("/")[2]
    name = kind
    votes = (
        kind == "told"
        or "mutation" in sent.get("query", "")
        or sent.get("method") == "vote"
        or "vote" in sent
    )
    if votes:
        counted(name, add=side == "baseline")
        if kind != "told":
            return 200, {}, {"ok": True}
    number = counted(name) + 40
    page = {
        "graphql": {"data": {"poll": {"votes": number, "name": "Ada"}}},
        "rpc": {"jsonrpc": "2.0", "result": number},
        "search": {"hits": [{"name": "Ada", "votes": number}]},
        "told": {"votes": number},
    }
    return 200, {}, page[kind]


TESTS = """
@C("POST /graphql")
def test_graphql(backend):
    backend.post("/graphql", json={"query": "mutation { vote(name: \\"Ada\\") { ok } }"})
    backend.post("/graphql", json={"query": "{ poll { votes name } }"})


@C("POST /rpc")
def test_call(backend):
    backend.post("/rpc", json={"jsonrpc": "2.0", "method": "vote", "params": ["Ada"]})
    backend.post("/rpc", json={"jsonrpc": "2.0", "method": "votes"})


@C("POST /search")
def test_search(backend):
    backend.post("/search", json={"vote": "Ada"})
    backend.post("/search", json={"name": "Ada"})


@C("POST /told")
def test_told(backend):
    backend.post("/told", json={"vote": "Ada"})
"""
