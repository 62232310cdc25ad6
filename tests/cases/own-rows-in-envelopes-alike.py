"""Each side has a database of its own, which the target does not say; a write is answered with its row in an envelope, and the row is the only one of the last page."""

import json
import uuid

EXPECT = "go"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        sent = json.loads(request.body)["data"]["attributes"]
        rows.append({"type": "articles", "id": str(uuid.uuid4()), "attributes": sent})
        return 201, {}, {"data": rows[-1]}
    return 200, {}, {"data": rows[-1:] if len(rows) < 2 else rows}


TESTS = """
import uuid


@C("POST /articles", "GET /articles")
def test_it(backend):
    title = f"Ada and {uuid.uuid4().hex[:10]}"
    backend.post("/articles", json={"data": {"type": "articles", "attributes": {"title": title}}})
    shown = backend.get("/articles").json()["data"]
    assert title in [row["attributes"]["title"] for row in shown]
"""
