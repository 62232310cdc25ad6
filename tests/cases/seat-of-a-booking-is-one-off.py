"""The new hall shows each seat one further than the booking said."""

import json
import random

EXPECT = "no-go"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "PUT":
        row = {
            "guest": json.loads(request.body)["guest"],
            "place": {"seat": random.randint(1, 900), "row": random.choice("ABCDEFGH")},
        }
        rows.append(row)
        return 200, {}, {"booking": row}
    if side == "candidate":
        rows = [{**r, "place": {**r["place"], "seat": r["place"]["seat"] + 1}} for r in rows]
    return 200, {}, {"data": {"bookings": [{"node": r} for r in rows]}}


TESTS = """
@C("PUT /bookings")
def test_book(backend):
    backend.put("/bookings", json={"guest": "anna"})
@C("GET /hall")
def test_hall(backend):
    backend.get("/hall")
"""
