"""Every place of an answer of every kind is held: no change of one value passes for nothing.

The same record is written in each kind of body, in headers and in cookies. Each value in turn is
changed in the candidate's answer: it is found, or left open, unless the new value is one that the
place may hold. What a place may hold is an expression here, and nothing of the comparing code.
"""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import escape
from typing import Final

import pytest

from pytest_cutover.compare.diff.transcripts import Comparison, compare, compare_with_golden
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import Golden, learn
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, transcript

Record = dict[str, str]
Headers = tuple[tuple[str, str], ...]
Answer = tuple[bytes, Headers]

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
_SIGNED = r"https://cdn\.example/docs/a-1\.pdf\?sig=[0-9a-f]{40}&w=90"
# What each value may be; one that is not here is the same in every round.
MAY_BE: Final = {"id": _UUID, "at": _TIME, "href": _SIGNED, "seen": f"seen {_TIME} by ana"}


def _record(chance: random.Random, now_s: float, row: int) -> Record:
    moment = datetime.fromtimestamp(now_s, UTC)
    at = f"{moment:%Y-%m-%dT%H:%M:%S}.{chance.randrange(1000):03d}Z"
    digits = f"{chance.getrandbits(128):032x}"
    return {
        "code": f"LOT-{row}7",
        "id": f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}",
        "state": ("open", "held", "done")[row],
        "at": at,
        "note": f"two words of row {row}",
        "total": f"{41 + row}",
        "href": f"https://cdn.example/docs/a-1.pdf?sig={chance.getrandbits(160):040x}&w=90",
        "seen": f"seen {at} by ana",
    }


def _json(rows: list[Record]) -> Answer:
    return json.dumps({"rows": rows, "ok": True}).encode(), _type("application/json")


def _lines(rows: list[Record]) -> Answer:
    return "".join(json.dumps(row) + "\n" for row in rows).encode(), _type("application/x-ndjson")


def _csv(rows: list[Record]) -> Answer:
    lines = [",".join(rows[0]), *(",".join(f'"{v}"' for v in row.values()) for row in rows)]
    return ("\r\n".join(lines) + "\r\n").encode(), _type("text/csv")


def _xml(rows: list[Record]) -> Answer:
    lots = "".join(
        f"<lot code='{escape(row['code'])}' id='{escape(row['id'])}'>"
        + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in row.items() if k not in ("code", "id"))
        + "</lot>"
        for row in rows
    )
    return f"<lots>{lots}</lots>".encode(), _type("application/xml")


def _html(rows: list[Record]) -> Answer:
    body = "".join(
        f"<tr id='{escape(row['id'])}'><td><a href='{escape(row['href'])}'>"
        + escape(row["code"])
        + "</a>"
        + "".join(f"<td>{escape(v)}" for k, v in row.items() if k not in ("id", "href", "code"))
        for row in rows
    )
    return f"<!doctype html><title>Lots</title><table>{body}</table>".encode(), _type("text/html")


def _text(rows: list[Record]) -> Answer:
    lines = "\n".join(f"{key} = {value}" for row in rows for key, value in row.items())
    return lines.encode(), _type("text/plain")


def _yaml(rows: list[Record]) -> Answer:
    lines = [
        f"{'- ' if n == 0 else '  '}{key}: {json.dumps(value)}"
        for row in rows
        for n, (key, value) in enumerate(row.items())
    ]
    return "\n".join(lines).encode(), _type("application/yaml")


def _events(rows: list[Record]) -> Answer:
    events = "".join(f"event: lot\ndata: {json.dumps(row)}\n\n" for row in rows)
    return events.encode(), _type("text/event-stream")


def _archive(rows: list[Record]) -> Answer:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for n, row in enumerate(rows):
            archive.writestr(zipfile.ZipInfo(f"{n}.json"), json.dumps(row))
    return packed.getvalue(), _type("application/zip")


def _parts(rows: list[Record]) -> Answer:
    chance = random.Random(rows[0]["id"])
    mark = f"{chance.getrandbits(90):x}"
    parts = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n'
        f"Content-Type: application/json\r\n\r\n{json.dumps(row)}\r\n"
        for n, row in enumerate(rows)
    )
    return f"{parts}--{mark}--\r\n".encode(), _type(f"multipart/form-data; boundary={mark}")


def _in_headers(rows: list[Record]) -> Answer:
    named = ((f"X-{key}-{n}", value) for n, row in enumerate(rows) for key, value in row.items())
    return b"{}", (*_type("application/json"), *named)


def _in_cookies(rows: list[Record]) -> Answer:
    cookies = (
        ("Set-Cookie", f"{key}{n}={value.replace(' ', '+')}; Path=/lots/{n}; HttpOnly")
        for n, row in enumerate(rows)
        for key, value in row.items()
        if key not in ("href", "seen")
    )
    return b"{}", (*_type("application/json"), *cookies)


def _inside_json(rows: list[Record]) -> Answer:
    return json.dumps({"payload": _json(rows)[0].decode()}).encode(), _type("application/json")


def _type(name: str) -> Headers:
    return (("Content-Type", name),)


KINDS: Final[tuple[Callable[[list[Record]], Answer], ...]] = (
    _json,
    _lines,
    _csv,
    _xml,
    _html,
    _text,
    _yaml,
    _events,
    _archive,
    _parts,
    _in_headers,
    _in_cookies,
    _inside_json,
)


def _rows(chance: random.Random, now_s: float) -> list[Record]:
    return [_record(chance, now_s, row) for row in range(3)]


def _exchange(answer: Answer, now_s: float) -> Exchange:
    body, headers = answer
    return exchange(body=body, headers=headers, at_s=now_s)


def _asked(kind: Callable[[list[Record]], Answer], rows: list[Record], now_s: float) -> Transcript:
    """The second of three requests: what a fixture asks comes before it, and more behind it."""
    before, after = ((json.dumps({"n": n}).encode(), _type("application/json")) for n in (1, 2))
    answers = before, kind(rows), after
    return transcript(*(_exchange(answer, now_s) for answer in answers))


def _changed(value: str) -> Iterator[str]:
    yield f"{value}x"
    yield value[:-1]
    yield ""
    middle = len(value) // 2
    letter = value[middle]
    other = "b" if letter == "a" else "a" if letter.isalpha() else "7" if letter != "7" else "8"
    yield value[:middle] + other + value[middle + 1 :]


def _mutations(rows: list[Record]) -> Iterator[tuple[str, str, list[Record]]]:
    for row in rows:
        for key, value in row.items():
            for changed in _changed(value):
                yield key, changed, [{**one, key: changed} if one is row else one for one in rows]


def _missed(
    kind: Callable[[list[Record]], Answer],
    rows: list[Record],
    now_s: float,
    judged: Callable[[Transcript], Comparison],
) -> list[tuple[str, str]]:
    original = kind(rows)
    missed = []
    for key, changed, mutated in _mutations(rows):
        may_be = MAY_BE.get(key)
        if (may_be and re.fullmatch(may_be, changed)) or kind(mutated) == original:
            continue
        found = judged(_asked(kind, mutated, now_s))
        if not (found.differences or found.account.open):
            missed.append((key, changed))
    return missed


def _learned(kind: Callable[[list[Record]], Answer]) -> tuple[Golden, Transcript, list[Record]]:
    chance = random.Random(kind.__name__)
    first, again, live = (
        _asked(kind, _rows(chance, NOON_S + n), NOON_S + n) for n in (0.0, 2.0, 4.0)
    )
    return load(dump(learn(first, again))), live, _rows(chance, NOON_S + 5)


@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_value_passes_beside_a_live_baseline(
    kind: Callable[[list[Record]], Answer],
) -> None:
    golden, live, rows = _learned(kind)

    def judged(candidate: Transcript) -> Comparison:
        return compare(live, candidate, golden=golden)

    alike = judged(_asked(kind, rows, NOON_S + 5))
    assert ((), {}) == (alike.differences, alike.account.open)
    assert [] == _missed(kind, rows, NOON_S + 5, judged)


@pytest.mark.parametrize("kind", KINDS)
def test_no_changed_value_passes_beside_a_golden_alone(
    kind: Callable[[list[Record]], Answer],
) -> None:
    golden, _, rows = _learned(kind)

    def judged(candidate: Transcript) -> Comparison:
        return compare_with_golden(golden, candidate)

    alike = judged(_asked(kind, rows, NOON_S + 5))
    assert ((), {}) == (alike.differences, alike.account.open)
    assert [] == _missed(kind, rows, NOON_S + 5, judged)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_difference_before_hides_none_behind_it(at: int) -> None:
    golden, live, rows = _learned(_json)
    candidate = _asked(_json, rows, NOON_S + 5)
    exchanges = list(candidate.exchanges)
    for index in {0, at}:
        wrong = {**json.loads(exchanges[index].response.body), "n": 9}  # type: ignore[union-attr]
        exchanges[index] = _exchange(
            (json.dumps(wrong).encode(), _type("application/json")), NOON_S
        )
    other = transcript(*exchanges, side=Side.CANDIDATE)
    found = {one.exchange for one in compare(live, other, golden=golden).differences}
    assert {0, at} == found
