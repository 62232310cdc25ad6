"""The `updated` of the new feed is that of its oldest entry."""

import json
import time
from datetime import UTC, datetime

EXPECT = "finding value /feed/*/updated"


def now():
    time.sleep(0.012)
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def answer(side, request):
    rows = request.state.setdefault("rows", [])
    if request.method == "POST":
        row = {"title": json.loads(request.body)["title"], "updated": now()}
        rows.append(row)
        return 201, {}, row
    newest = rows[::-1][:10]
    of = newest[-1 if side == "candidate" else 0]
    entries = "".join(
        f"<entry><title>{row['title']}</title><updated>{row['updated']}</updated></entry>"
        for row in newest
    )
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><updated>{of['updated']}</updated>"
    kind = {"Content-Type": "application/atom+xml"}
    return 200, kind, f"<?xml version='1.0'?>{feed}{entries}</feed>"


TESTS = """
@C("GET /feed")
def test_feed(backend):
    for title in ("one", "two", "three"):
        backend.post("/rows", json={"title": title})
    backend.get("/feed")
"""
