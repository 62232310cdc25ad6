"""Each side has a database of its own and answers with its rows in envelopes; the candidate shows the row of the last page with the id of another."""

import json
import uuid

EXPECT = ["no-go", "finding * *"]


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        sent = json.loads(request.body)["data"]["attributes"]
        rows.append({"type": "articles", "id": str(uuid.uuid4()), "attributes": sent})
        return 201, {}, {"data": rows[-1]}
    shown = [dict(row) for row in rows]
    if side == "candidate" and shown:
        shown[-1]["id"] = str(uuid.uuid4())
    return 200, {}, {"data": shown}


TESTS = """
import uuid


@C("POST /articles", "GET /articles")
def test_it(backend):
    title = f"Ada and {uuid.uuid4().hex[:10]}"
    backend.post("/articles", json={"data": {"type": "articles", "attributes": {"title": title}}})
    shown = backend.get("/articles").json()["data"]
    assert title in [row["attributes"]["title"] for row in shown]
"""
