"""Counters that move with each request: visits, a series by day, metrics of the process, events."""

from __future__ import annotations

import json
import time
from sqlite3 import Connection
from typing import Any

from tests.services import changes as to
from tests.services.serving import Fault, RefusedError, Reply, Request, Service, now_iso, table

PAGES = ("/", "/pricing", "/docs", "/blog", "/about", "/jobs")
SCHEMA = """
CREATE TABLE days (day TEXT PRIMARY KEY, visits INTEGER, signups INTEGER);
CREATE TABLE pages (path TEXT PRIMARY KEY, views INTEGER, last_seen TEXT);
CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT, path TEXT, value REAL,
  at TEXT);
CREATE TABLE totals (name TEXT PRIMARY KEY, value INTEGER);
"""


def seed(db: Connection) -> None:
    for n in range(1, 31):
        day = (f"2024-06-{n:02d}", 100 + (n * 53) % 71, n % 7)
        db.execute("INSERT INTO days VALUES (?, ?, ?)", day)
    for n, path in enumerate(PAGES):
        page = (path, 5000 - n * 700, "2024-06-30T23:59:00Z")
        db.execute("INSERT INTO pages VALUES (?, ?, ?)", page)
    for n in range(1, 21):
        row = (
            "signup" if n % 3 else "purchase",
            PAGES[n % 6],
            n * 1.5,
            f"2024-06-30T20:{n:02d}:00Z",
        )
        db.execute("INSERT INTO events (name, path, value, at) VALUES (?, ?, ?, ?)", row)
    db.execute("INSERT INTO totals VALUES ('requests', 0), ('events', 20)")


def timed(request: Request | None, reply: Reply) -> None:
    reply.set("Server-Timing", f"app;dur={time.perf_counter() % 1 * 3:.2f}")


SERVICE = Service(
    "stats",
    schema=SCHEMA,
    seed=seed,
    after=timed,
    varying=r'app;dur=[\d.]+|"uptime_s": [\d.]+|"memory_kb": \d+|_seconds \d+\.\d+'
    r'|"instance": "\w+"',
)
route = SERVICE.route


def counted(r: Request) -> int:
    """Count this request, in the database and in the process; the number in the database."""
    with r.instance.lock:
        r.instance.memory["requests"] = r.instance.memory.get("requests", 0) + 1
    step = 2 if r.has("requests-count-twice") else 1
    r.db.execute("UPDATE totals SET value = value + ? WHERE name = 'requests'", (step,))
    return int(r.value("SELECT value FROM totals WHERE name = 'requests'"))


@route("GET /health")
def health(r: Request) -> Any:
    return {"status": "ok"}


@route("GET /stats", writes=True)
def stats(r: Request) -> Any:
    requests = counted(r)
    series = r.one("SELECT sum(visits) AS visits, sum(signups) AS signups FROM days") or {}
    return {
        "requests": requests,
        "events": r.value("SELECT value FROM totals WHERE name = 'events'"),
        "visits": series["visits"],
        "signups": series["signups"],
        "conversion": round(series["signups"] / series["visits"], 4),
        "process": {
            "instance": r.instance.id,
            "started_at": int(r.instance.started),
            "uptime_s": round(time.time() - r.instance.started, 1),
            "requests": r.instance.memory["requests"],
            "memory_kb": 40_000 + r.instance.memory["requests"] * 3 % 500,
        },
    }


@route("GET /metrics", writes=True)
def metrics(r: Request) -> Reply:
    requests, own = counted(r), r.instance.memory["requests"]
    events = r.rows("SELECT name, count(*) AS n FROM events GROUP BY name ORDER BY name")
    labels = r.has("metrics-lost-a-label")
    lines = [
        "# HELP app_requests_total Requests of all processes.",
        "# TYPE app_requests_total counter",
    ]
    lines += [f"app_requests_total {requests}", "# TYPE app_events_total counter"]
    for row in events:
        label = "" if labels else f'{{name="{row["name"]}"}}'
        lines.append(f"app_events_total{label} {row['n']}")
    lines += ["# TYPE process_requests_total counter", f"process_requests_total {own}"]
    lines += ["# TYPE process_start_time_seconds gauge"]
    lines += [f"process_start_time_seconds {r.instance.started:.3f}"]
    return Reply("\n".join(lines) + "\n", type="text/plain; version=0.0.4; charset=utf-8")


@route("POST /events")
def record(r: Request) -> Reply:
    data = r.json()
    counted(r)
    if not isinstance(data.get("name"), str) or not data["name"]:
        raise RefusedError(422, "invalid", "name is required", field="name")
    if not isinstance(data.get("value", 0), int | float):
        raise RefusedError(422, "invalid", "value must be a number", field="value")
    path = data.get("path", "/")
    values = {"name": data["name"], "path": path, "value": data.get("value", 0)}
    number = r.insert("events", **values, at=now_iso(0))
    if not r.has("events-not-counted"):
        r.db.execute("UPDATE totals SET value = value + 1 WHERE name = 'events'")
    sql = """INSERT INTO pages VALUES (?, 1, ?) ON CONFLICT DO UPDATE
      SET views = views + 1, last_seen = excluded.last_seen"""
    r.db.execute(sql, (path, now_iso(0)))
    return Reply({"id": number, "accepted": True}, 202)


@route("GET /events")
def events(r: Request) -> Any:
    size = r.number("limit", 10, most=100) + r.has("page-too-long")
    before = r.number("before", 10**8)
    values: list[Any] = [before]
    where = "id < ?"
    if "name" in r.query and not r.has("name-ignored"):
        where, values = "id < ? AND name = ?", [before, r.query["name"]]
    sql = f"SELECT * FROM events WHERE {where} ORDER BY id DESC LIMIT ?"
    rows = r.rows(sql, *values, size)
    total = r.value(f"SELECT count(*) FROM events WHERE {where}", *values)
    return {"events": rows, "total": total, "before": rows[-1]["id"] if rows else None}


@route("GET /events.ndjson")
def stream(r: Request) -> Reply:
    rows = r.rows("SELECT * FROM events ORDER BY id DESC LIMIT 15")
    if r.has("lines-reversed"):
        rows.reverse()
    return Reply("".join(json.dumps(row) + "\n" for row in rows), type="application/x-ndjson")


@route("GET /pages")
def pages(r: Request) -> Any:
    rows = r.rows("SELECT * FROM pages ORDER BY views DESC, path LIMIT 8")
    return {"pages": rows, "views": r.value("SELECT sum(views) FROM pages")}


@route("GET /pages/views")
def views(r: Request) -> Any:
    row = r.one("SELECT * FROM pages WHERE path = ?", r.query.get("path", "/"))
    if row is None:
        raise RefusedError(404, "never_seen", "nobody has been there")
    return row


@route("GET /series")
def series(r: Request) -> Any:
    first, last = r.query.get("from", "2024-06-01"), r.query.get("to", "2024-06-30")
    if r.has("last-day-missing"):
        sql = "SELECT * FROM days WHERE day >= ? AND day < ? ORDER BY day"
    else:
        sql = "SELECT * FROM days WHERE day >= ? AND day <= ? ORDER BY day"
    rows = r.rows(sql, first, last)
    return {"from": first, "to": last, "days": rows, "visits": sum(row["visits"] for row in rows)}


@route("GET /series.csv")
def series_csv(r: Request) -> Reply:
    rows = r.rows("SELECT * FROM days ORDER BY day")
    if r.has("csv-columns-swapped"):
        rows = [{"day": x["day"], "visits": x["signups"], "signups": x["visits"]} for x in rows]
    made = [[row["day"], row["visits"], row["signups"], now_iso(0)] for row in rows]
    return table(("day", "visits", "signups", "exported_at"), made, "series.csv")


EVENTS, ROWS, TOP, TOPS = "GET /events", "/events", "GET /pages", "/pages"
SERIES, DAYS = "GET /series", "/days"
SERVICE.has_faults(
    Fault("requests-count-twice", "GET /stats", "/requests", "Each request counts twice."),
    Fault("events-not-counted", "GET /stats", "/events", "Events are not counted."),
    Fault(
        "visits-off",
        "GET /stats",
        "/visits",
        "A visit too many.",
        to.member("", "visits", to.plus(1)),
    ),
    Fault(
        "conversion-in-percent",
        "GET /stats",
        "/conversion",
        "The conversion is in percent.",
        to.member("", "conversion", lambda share: round(share * 100, 2)),
    ),
    Fault("metrics-lost-a-label", "GET /metrics", "", "Events are no longer told apart by name."),
    Fault("events-empty", EVENTS, ROWS, "There are no events.", to.emptied(ROWS)),
    Fault("newest-event-missing", EVENTS, ROWS, "The newest is missing.", to.without(ROWS, 0)),
    Fault("events-reversed", EVENTS, ROWS, "The oldest comes first.", to.reversed_(ROWS)),
    Fault("events-twice", EVENTS, ROWS, "Every event is there twice.", to.doubled(ROWS)),
    Fault("total-zero", EVENTS, "/total", "The total is 0.", to.member("", "total", to.to(0))),
    Fault("names-foo", EVENTS, "/events/*/name", "Names are foo.", to.each(ROWS, "name", to.foo)),
    Fault("ids-shifted", EVENTS, "/events/*/id", "Ids are off.", to.each(ROWS, "id", to.plus(1))),
    Fault(
        "value-off-in-one-row",
        EVENTS,
        "/events/-1/value",
        "The last event of a page is worth one more.",
        to.in_row(ROWS, -1, "value", to.plus(1)),
    ),
    Fault("page-too-long", EVENTS, ROWS, "A page has a row more than was asked for."),
    Fault("name-ignored", EVENTS, ROWS, "The filter by name does nothing."),
    Fault(
        "no-way-on",
        EVENTS,
        "/before",
        "There is no next page.",
        to.member("", "before", to.to(None)),
    ),
    Fault("lines-reversed", "GET /events.ndjson", "", "Lines come oldest first."),
    Fault("top-page-missing", TOP, TOPS, "The first page is missing.", to.without(TOPS, 0)),
    Fault("pages-reversed", TOP, TOPS, "The rarest page comes first.", to.reversed_(TOPS)),
    Fault("views-zero", TOP, "/views", "The sum of views is 0.", to.member("", "views", to.to(0))),
    Fault("last-day-missing", SERIES, DAYS, "The last day of a series is missing."),
    Fault("csv-columns-swapped", "GET /series.csv", "", "Visits and signups are swapped."),
)

if __name__ == "__main__":
    SERVICE.main()
