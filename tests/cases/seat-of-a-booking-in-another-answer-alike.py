"""Seats that each database draws for a booking are shown again, deeper, by another answer."""

import json
import random

EXPECT = "go"


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "PUT":
        row = {
            "guest": json.loads(request.body)["guest"],
            "place": {"seat": random.randint(1, 900), "row": random.choice("ABCDEFGH")},
        }
        rows.append(row)
        return 200, {}, {"booking": row}
    return 200, {}, {"data": {"bookings": [{"node": r} for r in rows]}}


TESTS = """
@C("PUT /bookings")
def test_book(backend):
    backend.put("/bookings", json={"guest": "anna"})
@C("GET /hall")
def test_hall(backend):
    backend.get("/hall")
"""
