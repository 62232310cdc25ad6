"""Stored events have times with microseconds on the candidate, which was agreed to, and each is the same instant; a
new one has the time of now."""

import datetime

EXPECT = "go"
TIMES = ["2024-05-02T08:15:30.120Z", "2024-05-03T09:00:00.000Z", "2024-06-11T23:59:59.999Z"]


def answer(side, request):
    new = side == "candidate"
    if request.method == "POST":
        now = datetime.datetime.now(datetime.UTC)
        return (
            201,
            {},
            {
                "at": now.isoformat(timespec="microseconds" if new else "milliseconds").replace(
                    "+00:00", "Z"
                )
            },
        )
    times = [t.replace("Z", "000Z") for t in TIMES] if new else TIMES
    return 200, {}, {"events": [{"n": n, "at": at} for n, at in enumerate(times)]}


TESTS = """
@C("POST /events", "GET /events")
def test_events(backend):
    assert backend.post("/events", json={}).status_code == 201
    assert len(backend.get("/events").json()["events"]) == 3
"""

ACCEPTED = """
[[accepted]]
signature = "POST /events | format | /at | timestamp ms Z → timestamp us Z"
scope = ["test_case.py::test_events"]
reason = "microseconds are fine"
approver = "a team <team@example.com>"
expires = 2030-02-23

[[accepted]]
signature = "GET /events | format | /events/*/at | timestamp ms Z → timestamp us Z"
scope = ["test_case.py::test_events"]
reason = "microseconds are fine"
approver = "a team <team@example.com>"
expires = 2030-02-23
"""
