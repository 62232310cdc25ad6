"""Answers that no service here gives: texts, streams and cookies with ids, times and tokens anew.

Each is one test of one request, recorded twice and asked in two rounds on both sides, a few seconds
apart; what is not made anew by `Plant` is the same in all of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from email.utils import formatdate
from html import escape

from benchmarks.reference_transcripts import Recorded, Suite
from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.profiles import NO_PROFILES
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.compare.noise.rules import NO_RULES
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, Plant, exchange, transcript

Headers = tuple[tuple[str, str], ...]
Answer = tuple[bytes, Headers]
NAMES = ("Gatehouse", "Mill & Sons", "North quay", "Öre", "Old bakery", "Pier 7", "Quarry")
STATES = ("open", "held", "done")


def _typed(text: str, kind: str, *more: tuple[str, str]) -> Answer:
    return text.encode(), (("Content-Type", kind), *more)


def _rows(plant: Plant, size: int) -> list[dict[str, str]]:
    return [
        {
            "id": plant.uuid(),
            "code": f"LOT-{100 + 7 * n}",
            "name": NAMES[n % len(NAMES)],
            "state": STATES[n * n % 3],
            "weight": f"{12 + n * 3.25:.2f}",
            "at": plant.time(),
        }
        for n in range(size)
    ]


def table(plant: Plant) -> Answer:
    """A CSV export with a time and an id in each row."""
    rows = _rows(plant, 24)
    lines = [",".join(rows[0]), *(",".join(f'"{v}"' for v in row.values()) for row in rows)]
    return _typed("\r\n".join(lines) + "\r\n", "text/csv; charset=utf-8")


def page(plant: Plant) -> Answer:
    """An HTML page with a form, a nonce, a token against forgery and a table."""
    rows = "".join(
        f"<tr data-id='{row['id']}'><td><a href='/lots/{row['id']}'>{row['code']}</a></td>"
        f"<td class=name>{escape(row['name'])}</td><td>{row['weight']} kg</td>"
        f"<td><time>{row['at']}</time></td></tr>\n"
        for row in _rows(plant, 9)
    )
    return _typed(
        "<!doctype html>\n<html lang=en><head><title>Lots of the yard</title>\n"
        f'<script nonce="{plant.token(22)}">window.user = {{"name": "ana", "role": "keeper"}};'
        "</script></head>\n<body><h1>All lots, newest first</h1>\n"
        f'<form method=post action="/lots"><input type=hidden name=csrf value="{plant.token()}">'
        "<label>Code <input name=code required maxlength=12></label><button>Add</button></form>\n"
        f"<table>{rows}</table>\n<footer>Generated {plant.time()} · page 1 of 3</footer>"
        "</body></html>",
        "text/html; charset=utf-8",
    )


def envelope(plant: Plant) -> Answer:
    """A SOAP answer."""
    lots = "".join(
        f'<l:Lot code="{row["code"]}"><l:Id>{row["id"]}</l:Id>'
        f"<l:Name>{escape(row['name'])}</l:Name><l:Weight unit='kg'>{row['weight']}</l:Weight>"
        f"<l:At>{row['at']}</l:At></l:Lot>"
        for row in _rows(plant, 12)
    )
    return _typed(
        '<?xml version="1.0" encoding="utf-8"?>\n<s:Envelope '
        'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>'
        f"<MessageID>urn:uuid:{plant.uuid()}</MessageID></s:Header><s:Body>"
        f'<l:Lots xmlns:l="urn:yard" count="12">{lots}</l:Lots></s:Body></s:Envelope>',
        "text/xml; charset=utf-8",
    )


def log(plant: Plant) -> Answer:
    """A log of requests."""
    lines = [
        f"{row['at']} {('INFO', 'WARN', 'INFO')[n % 3]:5} [worker-{n % 4}] request {row['id']}:"
        f" lot {row['code']} of {row['name']} is {row['state']}, {row['weight']} kg weighed"
        for n, row in enumerate(_rows(plant, 18))
    ]
    return _typed("\n".join(["# yard log, format 2", *lines, "-- end of log --", ""]), "text/plain")


def letter(plant: Plant) -> Answer:
    """A text of sentences with few values in it."""
    row = _rows(plant, 1)[0]
    return _typed(
        f"Dear keeper,\n\nyour order {row['id']} of seven pallets has been taken over at "
        f"{row['at']} by the north quay. It will be stored for 14 days at no charge; afterwards "
        "each pallet costs 2.40 EUR a day. Please bring the papers of the carrier, and the key "
        f"{plant.token(16)} with you. Gates are closed on Sundays and from 18:00 to 06:00.\n\n"
        "Sign up again before the end of the month to keep your place in the yard.\n\nThe office\n",
        "text/plain; charset=utf-8",
    )


def figures(plant: Plant) -> Answer:
    """Metrics, as Prometheus reads them, without those that count."""
    lines = []
    for n, name in enumerate(("lots_open", "lots_held", "pallets_free", "gates_closed")):
        lines += [f"# HELP yard_{name} The {name.replace('_', ' ')}.", f"# TYPE yard_{name} gauge",
                  f'yard_{name}{{quay="north",zone="{n}"}} {12 + 5 * n}',
                  f'yard_{name}{{quay="south",zone="{n}"}} {3 + 2 * n}']  # fmt: skip
    lines.append(f'yard_build_info{{version="2.4.1",run="{plant.uuid()}"}} 1')
    return _typed("\n".join(lines) + "\n", "text/plain; version=0.0.4; charset=utf-8")


def settings(plant: Plant) -> Answer:
    """A YAML document."""
    lines = ["# Settings of the yard", "version: 3", f"generated: '{plant.time()}'", "quays:"]
    for row in _rows(plant, 6):
        lines += [f"  - code: {row['code']}", f"    id: {row['id']}", f"    name: '{row['name']}'",
                  f"    weight: {row['weight']}", f"    state: {row['state']}"]  # fmt: skip
    return _typed("\n".join([*lines, "limits: {pallets: 40, days: 14}", ""]), "application/yaml")


def calendar(plant: Plant) -> Answer:
    """A calendar of appointments."""
    stamp = plant.time()[:19].replace("-", "").replace(":", "") + "Z"
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{row['id']}\r\nDTSTAMP:{stamp}\r\nDTSTART:2026031{n}T080000Z\r\n"
        f"SUMMARY:Delivery {row['code']} to {row['name']}\r\nSTATUS:CONFIRMED\r\nEND:VEVENT\r\n"
        for n, row in enumerate(_rows(plant, 6))
    )
    return _typed(f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//yard//1//EN\r\n{events}"
                  "END:VCALENDAR\r\n", "text/calendar; charset=utf-8")  # fmt: skip


def events(plant: Plant) -> Answer:
    """Server-sent events with data that is JSON, and two comments."""
    text = "retry: 3000\n: hello\n\n" + "".join(
        f"id: {n + 1}\nevent: lot-{row['state']}\ndata: {json.dumps(row)}\n\n"
        for n, row in enumerate(_rows(plant, 14))
    )
    return _typed(f"{text}: bye\n\n", "text/event-stream", ("Cache-Control", "no-cache"))


def words(plant: Plant) -> Answer:
    """Server-sent events of words, as a language model speaks, and its end."""
    text = "The north quay is closed on Sundays and opens again at six on Monday morning"
    said = text.split()
    name = f"chat-{plant.token(24)}"
    chunks = "".join(
        "data: " + json.dumps({"id": name, "index": n, "delta": {"content": f"{word} "}}) + "\n\n"
        for n, word in enumerate(said)
    )
    return _typed(f"{chunks}data: [DONE]\n\n", "text/event-stream")


def lines(plant: Plant) -> Answer:
    """JSON lines."""
    rows = _rows(plant, 20)
    return _typed("".join(json.dumps(row) + "\n" for row in rows), "application/x-ndjson")


def cookies(plant: Plant) -> Answer:
    """Cookies of a session, of preferences, and one that is taken away."""
    return b"{}", (
        ("Content-Type", "application/json"),
        ("Set-Cookie", f"sid={plant.token(32)}; Path=/; HttpOnly; Secure; SameSite=Lax"),
        ("Set-Cookie", f"csrf={plant.token(40)}; Path=/; Max-Age=3600; SameSite=Strict"),
        ("Set-Cookie", "locale=en-GB; Path=/; Max-Age=31536000; Domain=yard.example"),
        ("Set-Cookie", f"visit={plant.uuid()}; Path=/yard; Expires={_http(plant.now_s + 86400)}"),
        ("Set-Cookie", "user_id=10042; Path=/yard; Secure"),
        ("Set-Cookie", "beta=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"),
    )


def _http(at_s: float) -> str:
    return formatdate(at_s, usegmt=True)


KINDS: tuple[Callable[[Plant], Answer], ...] = (
    table, page, envelope, log, letter, figures, settings, calendar, events, words, lines, cookies,
)  # fmt: skip


def _asked(kind: Callable[[Plant], Answer], seed: int, at_s: float, side: Side) -> Transcript:
    body, headers = kind(Plant(seed, at_s, side))
    target = f"/api/{kind.__name__}"
    asked = exchange(body=body, headers=headers, target=target, at_s=at_s + 0.2)
    return transcript(asked, side=side)


def made(seed: int) -> Suite:
    """A test of each kind."""
    tests = []
    for number, kind in enumerate(KINDS):
        seeds = [1000 * seed + 10 * number + n for n in range(6)]
        one, two, three, four, five, six = (
            _asked(
                kind, made_from, NOON_S + 3 * n, Side.CANDIDATE if n in (3, 5) else Side.BASELINE
            )
            for n, made_from in enumerate(seeds)
        )
        golden = load(dump(learn(one, two)))
        case = Recorded(golden, three, four, True, (Round(five, six),))
        for recorded in (True, False):
            said = case.said(NO_RULES, NO_PROFILES, recorded=recorded)
            if said.differences or said.open:
                places = [(str(one.kind), one.pointer) for one in said.differences][:3]
                print(f"not equal to itself: {kind.__name__}, {recorded}: {said.open} {places}")
        tests.append(case)
    return Suite(tuple(tests), NO_RULES, NO_PROFILES)
