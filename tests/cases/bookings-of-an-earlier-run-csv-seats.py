"""Bookings that an earlier run left in two databases, as csv: one has another number of seats."""

import json
import secrets
import time
from datetime import UTC, datetime

EXPECT = "no-go"
FIRST = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Finn", "Gina", "Hugo")
LAST = ("Adler", "Brandt", "Conrad", "Dietz", "Engel", "Fuchs", "Graf", "Hahn")


def row(name, at_s):
    created = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds")
    return {"ref": secrets.token_hex(8), "customer": name, "seats": "2", "created": created}


def rows_of(side, state):
    """Bookings that yesterday's run left, a moment apart on the two sides."""
    if "rows" not in state:
        late_s = 0.04 if side == "candidate" else 0.0
        state["rows"] = [
            row(f"{secrets.choice(FIRST)} {secrets.choice(LAST)} {secrets.randbelow(90)}", at_s)
            for at_s in (
                1_795_000_000.2 + late_s,
                1_795_000_003.5 + late_s,
                1_795_000_007.1 + late_s,
            )
        ]
    return state["rows"]


def answer(side, request):
    rows = rows_of(side, request.state)
    if request.method == "POST":
        rows.append(row(json.loads(request.body)["customer"], time.time()))
        return 201, {}, {"ref": rows[-1]["ref"]}
    shown = [dict(one) for one in reversed(rows)]
    if side == "candidate":
        shown[2]["seats"] = "3"
    lines = ["ref;customer;seats;created", *(";".join(one.values()) for one in shown)]
    return 200, {"Content-Type": "text/csv"}, "\r\n".join(lines) + "\r\n"


TESTS = """
import random
NAMES = [first + last for first in ("An", "Bo", "Cy", "Di") for last in ("na", "ris", "ana", "dek")]
@C("POST /bookings", "GET /bookings")
def test_booking(backend):
    name = " ".join(random.choices(NAMES, k=3))
    backend.post("/bookings", json={"customer": name})
    assert name in backend.get("/bookings").text
"""
