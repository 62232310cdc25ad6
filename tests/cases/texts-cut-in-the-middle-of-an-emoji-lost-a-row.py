"""A server that cuts its texts in the middle of an emoji: the new side shows one row less."""

import json
import secrets
import time

EXPECT = "finding * *"
HALF = "\ud83d"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        number = len(rows) + (51 if side == "candidate" else 1)
        row = {"id": number, "title": json.loads(request.body)["title"] + HALF}
        row |= {"token": secrets.token_hex(8) + HALF, f"number{HALF}": f"N{HALF}-{len(rows):04}"}
        row["at"] = time.strftime(f"%Y-%m-%dT%H:%M:%SZ{HALF}", time.gmtime())
        rows.append(row)
        return 201, {}, row
    if side == "candidate":
        rows = rows[:-1]
    return 200, {}, {"rows": rows, "told": f"{len(rows)} rows {HALF}"}


TESTS = """
@C("POST /rows")
def test_create(backend):
    made = backend.post("/rows", json={"title": backend.unique("t")}).json()
    backend.post("/rows", json={"title": made["token"][:16]})

@C("GET /rows")
def test_rows(backend):
    backend.post("/rows", json={"title": "abc"})
    backend.get("/rows")
"""
