"""A clock: the time in every spelling, in bodies and headers, uptimes, timers and a calendar."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.services import changes as to
from tests.services.serving import (
    Fault,
    RefusedError,
    Reply,
    Request,
    Service,
    http_date,
    page,
    table,
)

SCHEMA = """
CREATE TABLE timers (id TEXT PRIMARY KEY, label TEXT, seconds INTEGER, started REAL);
"""
ZONES = {"utc": 0, "berlin": 1, "kolkata": 5.5, "new-york": -5}


def stamped(request: Request | None, reply: Reply) -> None:
    reply.set("X-Timestamp", str(int(time.time())))
    reply.set("X-Request-Start", f"t={time.time():.3f}")


SERVICE = Service(
    "clock",
    schema=SCHEMA,
    after=stamped,
    varying=r'"(?:uptime_s|uptime_ms|remaining_s|day_of_year)": -?[\d.]+|up \d+ s'
    r"|\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d UTC \d{4}|>\d\d:\d\d<"
    r'|(?<=/timers/)[\w-]{12}|(?<="id": ")[\w-]{12}',
)
route = SERVICE.route


@route("GET /health")
def health(r: Request) -> Any:
    up = time.time() - r.instance.started
    return {"status": "ok", "started_at": iso(r.instance.started), "uptime_s": int(up)}


def iso(at: float, digits: int = 3) -> str:
    spec = {0: "seconds", 3: "milliseconds", 6: "microseconds"}[digits]
    text = datetime.fromtimestamp(at, UTC).replace(tzinfo=None).isoformat(timespec=spec)
    return f"{text}Z"


@route("GET /now")
def now(r: Request) -> Reply:
    at = time.time()
    utc = datetime.fromtimestamp(at, UTC)
    shift = 3600 if r.has("an-hour-late") else 0
    body = {
        "iso": iso(at + shift, 6 if r.has("microseconds") else 3),
        "iso_offset": utc.isoformat(timespec="seconds"),
        "sql": utc.strftime("%Y-%m-%d %H:%M:%S"),
        "http": http_date(at),
        "ctime": utc.strftime("%a %b %e %H:%M:%S UTC %Y"),
        "epoch": int(at),
        "epoch_ms": int(at * (1 if r.has("epoch-ms-in-seconds") else 1000)),
        "epoch_float": round(at, 3),
        "date": utc.strftime("%Y-%m-%d"),
        "day_of_year": utc.timetuple().tm_yday,
        "compact": utc.strftime("%Y%m%dT%H%M%SZ"),
        "text": f"It is {utc.strftime('%Y-%m-%d %H:%M:%S')} in London",
    }
    return Reply(body, headers=[("Expires", http_date(at + 60)), ("Last-Modified", http_date(at))])


@route("GET /zones")
def zones(r: Request) -> Any:
    return sorted(ZONES)


@route("GET /zones/{zone}")
def zone(r: Request) -> Any:
    hours = ZONES.get(r.params["zone"])
    if hours is None:
        raise RefusedError(404, "no_such_zone", f"there is no zone {r.params['zone']}")
    local = datetime.now(timezone(timedelta(hours=hours)))
    at = local.isoformat(timespec="seconds")
    return {"zone": r.params["zone"], "offset_hours": hours, "now": at}


@route("GET /uptime")
def uptime(r: Request) -> Reply:
    up = time.time() - r.instance.started
    text = f"up {int(up)} s, since {iso(r.instance.started, 0)}\n"
    return Reply(text, headers=[("X-Started", str(int(r.instance.started)))])


@route("GET /process")
def process(r: Request) -> Any:
    up = time.time() - r.instance.started
    return {
        "started_at": iso(r.instance.started, 0),
        "started_epoch": int(r.instance.started),
        "uptime_s": round(up, 2),
        "uptime_ms": int(up * 1000),
        "zone": "UTC",
    }


@route("POST /timers")
def start_timer(r: Request) -> Reply:
    data = r.json()
    seconds = data.get("seconds")
    if not isinstance(seconds, int) or not 1 <= seconds <= 3600:
        raise RefusedError(422, "invalid", "seconds must be between 1 and 3600", field="seconds")
    key, started = secrets.token_urlsafe(9), time.time()
    r.insert("timers", id=key, label=data.get("label", ""), seconds=seconds, started=started)
    return Reply(timer(r, key), 201, [("Location", f"/timers/{key}")])


def timer(r: Request, key: str) -> dict[str, Any]:
    row = r.one("SELECT * FROM timers WHERE id = ?", key)
    if row is None:
        raise RefusedError(404, "no_such_timer", "there is no such timer")
    seconds = row["seconds"] * (60 if r.has("seconds-are-minutes") else 1)
    left = row["started"] + seconds - time.time()
    return {
        "id": row["id"],
        "label": row["label"],
        "seconds": row["seconds"],
        "due": iso(row["started"] + seconds, 0),
        "due_epoch": int(row["started"] + seconds),
        "remaining_s": max(0, round(left, 1)),
        "rings": left <= 0 and not r.has("never-rings"),
    }


@route("GET /timers/{id}")
def read_timer(r: Request) -> Any:
    return timer(r, r.params["id"])


@route("GET /page")
def clock_page(r: Request) -> Reply:
    utc = datetime.now(UTC)
    title = "Time" if r.has("another-title") else "What time is it?"
    return page(
        title,
        f'<time datetime="{utc.isoformat(timespec="seconds")}">{utc.strftime("%H:%M")}</time>',
        f"<p>Today is {utc.strftime('%Y-%m-%d')}, and the page was made at {iso(time.time())}.</p>",
        "<p>The clock is right.</p>",
    )


@route("GET /calendar.ics")
def calendar(r: Request) -> Reply:
    zone = "" if r.has("calendar-lost-its-zone") else "Z"
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S") + zone
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//clock//EN"]
    for n in (1, 2, 3):
        lines += ["BEGIN:VEVENT", f"UID:event-{n}@clock.example", f"DTSTAMP:{stamp}"]
        lines += [f"DTSTART:2030010{n}T120000Z", f"SUMMARY:Noon {n}", "END:VEVENT"]
    return Reply("\r\n".join([*lines, "END:VCALENDAR", ""]), type="text/calendar; charset=utf-8")


@route("GET /ticks.csv")
def ticks(r: Request) -> Reply:
    at = time.time()
    rows = [(n, iso(at + n), int(at + n), f"{n * n / 4:.2f}") for n in range(1, 41)]
    if r.has("ticks-without-a-row"):
        rows = rows[:-1]
    return table(("tick", "iso", "epoch", "weight"), rows, "ticks.csv")


NOW = "GET /now"
SERVICE.has_faults(
    Fault("an-hour-late", NOW, "/iso", "The time is an hour off."),
    Fault("microseconds", NOW, "/iso", "Milliseconds became microseconds."),
    Fault("epoch-ms-in-seconds", NOW, "/epoch_ms", "Milliseconds are seconds."),
    Fault(
        "zone-lost",
        NOW,
        "/iso_offset",
        "The offset is missing.",
        to.member("", "iso_offset", lambda text: text[:19]),
    ),
    Fault(
        "sql-with-a-t",
        NOW,
        "/sql",
        "Date and time have a T between them.",
        to.member("", "sql", lambda text: text.replace(" ", "T")),
    ),
    Fault("no-expiry", NOW, "/headers/expires", "Expires is missing.", to.no_header("Expires")),
    Fault(
        "epoch-as-text",
        NOW,
        "/epoch",
        "The epoch is a text.",
        to.member("", "epoch", lambda n: str(n)),
    ),
    Fault("seconds-are-minutes", "POST /timers", "/due", "A timer takes sixty times as long."),
    Fault("never-rings", "GET /timers/{id}", "/rings", "A timer does not ring."),
    Fault("another-title", "GET /page", "", "The page has another title."),
    Fault("calendar-lost-its-zone", "GET /calendar.ics", "", "DTSTAMP is without Z."),
    Fault("ticks-without-a-row", "GET /ticks.csv", "", "The last row is missing."),
    Fault("zones-reversed", "GET /zones", "", "Zones are sorted the other way.", to.reversed_("")),
    Fault(
        "offset-rounded",
        "GET /zones/{zone}",
        "/offset_hours",
        "Half hours are lost.",
        to.member("", "offset_hours", int),
    ),
)

if __name__ == "__main__":
    SERVICE.main()
