"""That times have microseconds now was agreed to. In a second test the client gives the time itself; the old side
keeps it, the new one writes its own clock: years off, under the same agreement."""

import datetime
import json

EXPECT = ["finding value /created_at"]


def answer(side, request):
    new = side == "candidate"
    own = None if new else json.loads(request.body).get("created_at")
    now = datetime.datetime.now(datetime.UTC).isoformat(
        timespec="microseconds" if new else "milliseconds"
    )
    return 201, {}, {"created_at": own or now.replace("+00:00", "Z"), "kind": "lot"}


TESTS = """
@C("POST /lots")
def test_lot(backend):
    backend.post("/lots", json={})

@C("POST /lots")
def test_lot_of_another_day(backend):
    backend.post("/lots", json={"created_at": "2020-01-01T00:00:00.000Z"})
"""

ACCEPTED = """
[[accepted]]
signature = "POST /lots | format | /created_at | timestamp ms Z → timestamp us Z"
scope = ["test_case.py::*"]
reason = "microseconds are fine"
approver = "a team <team@example.com>"
expires = 2030-02-23
"""
