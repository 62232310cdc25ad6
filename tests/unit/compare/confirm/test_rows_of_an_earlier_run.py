"""Rows that an earlier run left in two databases, and that nothing but chance tells apart.

Each side drew ids, names and times of its own for them, and this run made none. In JSON a member's
name says what is drawn; in tables and lists of markup the head of a column says it, or what this
test was answered with and stands there too.
"""

from __future__ import annotations

import csv
import html
import io
import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

Row = dict[str, str]
Fault = Callable[[list[Row]], list[Row]]


def _csv(rows: list[Row]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([list(rows[0]), *(list(row.values()) for row in rows)])
    return text.getvalue()


def _cells(row: Row) -> str:
    return "".join(f"<td>{html.escape(one)}</td>" for one in row.values())


def _head(rows: list[Row]) -> str:
    return "".join(f"<th>{name}</th>" for name in rows[0])


def _spans(row: Row) -> str:
    return "".join(f'<b class="{name}">{html.escape(one)}</b>' for name, one in row.items())


FORMS: dict[str, tuple[str, Callable[[list[Row]], str]]] = {
    "json": ("application/json", lambda rows: json.dumps({"rows": rows})),
    "csv": ("text/csv", _csv),
    "table": (
        "text/html",
        lambda rows: (
            f"<table><tr>{_head(rows)}</tr>{''.join(f'<tr>{_cells(row)}</tr>' for row in rows)}"
        ),
    ),
    "table with a body": (
        "text/html",
        lambda rows: (
            f"<table><thead><tr>{_head(rows)}</tr></thead>\n<tbody>"
            + "\n".join(f"<tr>{_cells(row)}</tr>" for row in rows)
            + "</tbody></table>"
        ),
    ),
    "list": (
        "text/html",
        lambda rows: f"<ul>{''.join(f'<li>{_spans(row)}</li>' for row in rows)}</ul>",
    ),
}
WORDS = [
    first + last
    for first in ("am", "bi", "ce", "du", "em", "fj", "gr", "he")
    for last in ("ber", "rch", "dar", "ne", "ord", "ove", "th", "lin")
]
NAMES: dict[str, Callable[[random.Random], str]] = {
    "a UUID": lambda drawn: f"stream-{drawn.getrandbits(128):032x}",
    "words": lambda drawn: " ".join(drawn.choices(WORDS, k=2)),
    "a code in quotes": lambda drawn: f'Cust "{drawn.getrandbits(32):08x}", Inc.',
}
IDS: dict[str, Callable[[random.Random], Row]] = {
    "hex": lambda drawn: {"id": f"{drawn.getrandbits(128):032x}"},
    "digits": lambda drawn: {"id": f"R{drawn.randrange(10**9):09d}"},
    "none": lambda _: {},
}
FAULTS: dict[str, Fault] = {
    "another size": lambda rows: [*rows[:2], {**rows[2], "size": "4"}, *rows[3:]],
    "one name for all that are old": lambda rows: [
        rows[0], *({**row, "name": "foo"} for row in rows[1:])
    ],
    "a row is missing": lambda rows: rows[:2] + rows[3:],
    "a row is there twice": lambda rows: [*rows[:2], dict(rows[1]), *rows[3:]],
    "no time": lambda rows: [*rows[:2], {**rows[2], "created": ""}, *rows[3:]],
    "names are cut": lambda rows: [{**row, "name": row["name"][:-1]} for row in rows],
    "times are cut": lambda rows: [{**row, "created": row["created"][:19] + "Z"} for row in rows],
    "the other way round": lambda rows: rows[::-1],
}  # fmt: skip


def judged(
    form: str,
    ids: str,
    name: str,
    page: int,
    *,
    age_s: float = 600,
    fault: Fault = lambda rows: rows,
    removes: bool = False,
    told: str = "the row",
) -> Judged:
    """What comes of a test that adds a row and lists the newest, behind six of an earlier run;
    `removes`: it takes its own away in the end; `told`: what its write is answered with.
    """
    drawn = random.Random(f"{form} {ids} {name} {page}")
    kind, shown_as = FORMS[form]

    def row(at_s: float) -> Row:
        at = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="milliseconds")
        created = at.replace("+00:00", "Z")
        return IDS[ids](drawn) | {"name": NAMES[name](drawn), "size": "3", "created": created}

    seeded = [row(NOON_S - 864_000 + 60 * at) for at in range(3)]
    kept = [
        seeded
        + [row(NOON_S - age_s + 1.3 * at + side * drawn.uniform(0.03, 0.1)) for at in range(6)]
        for side in (0, 1)
    ]
    now_s = NOON_S

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        now_s += drawn.uniform(0.07, 0.17)
        rows = kept[side is Side.CANDIDATE]
        rows.append(row(now_s))
        shown = rows[: -page - 1 : -1] if page else rows[::-1]
        body = shown_as(fault(shown) if side is Side.CANDIDATE else shown)
        asked = [
            _write(rows[-1], now_s, told),
            exchange(
                body=body.encode(), headers=(("Content-Type", kind),), target="/rows", at_s=now_s
            ),
        ]
        if removes:
            target = f"/rows/{rows.pop()['id']}"
            asked.append(exchange(body=b"", status=204, method="DELETE", target=target))
        return transcript(*asked, side=side)

    return settled(TestState(None, None), Judge(Rulebook(shared_state=None), lambda _: None), asked)


def _write(row: dict[str, Any], at_s: float, told: str) -> Exchange:
    sent = {"name": row["name"]}
    answers = {"the row": row, "its id": {"id": row.get("id")}, "nothing of it": {"ok": True}}
    return exchange(answers[told], method="POST", target="/rows", sent=sent, status=201, at_s=at_s)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ids", IDS)
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("page", "age_s"), [(4, 600), (0, 200_000)])
def test_rows_of_an_earlier_run_are_equal(
    form: str, ids: str, name: str, page: int, age_s: float
) -> None:
    found = judged(form, ids, name, page, age_s=age_s)
    assert (found.differences, found.inconclusive, found.account.open) == ((), None, {})


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("page", "name"), [(4, "words"), (0, "a UUID")])
@pytest.mark.parametrize("fault", FAULTS)
def test_and_what_is_wrong_with_them_is_found(form: str, name: str, page: int, fault: str) -> None:
    assert judged(form, "hex", name, page, fault=FAULTS[fault]).differences


@pytest.mark.parametrize("page", [4, 8])
def test_a_test_that_removes_its_row_leaves_only_those_of_earlier_ones_to_tell_by(
    page: int,
) -> None:
    """Nothing else says that each side has data of its own."""
    found = judged("json", "hex", "a UUID", page, removes=True)
    assert (found.differences, found.inconclusive, found.account.open) == ((), None, {})


@pytest.mark.parametrize("page", [4, 8])
@pytest.mark.parametrize("fault", FAULTS)
def test_and_of_those_what_is_wrong_is_found_too(page: int, fault: str) -> None:
    assert judged("json", "hex", "a UUID", page, removes=True, fault=FAULTS[fault]).differences


@pytest.mark.parametrize("told", ["its id", "nothing of it"])
@pytest.mark.parametrize(
    ("form", "page", "age_s"),
    [("json", 4, 200_000), ("json", 0, 600), ("csv", 4, 600), ("list", 0, 200_000)],
)
@pytest.mark.parametrize("ids", IDS)
@pytest.mark.parametrize("name", NAMES)
def test_what_a_write_does_not_tell_the_test_s_own_row_in_the_list_does(
    told: str, form: str, page: int, age_s: float, ids: str, name: str
) -> None:
    found = judged(form, ids, name, page, age_s=age_s, told=told)
    assert (found.differences, found.inconclusive, found.account.open) == ((), None, {})


@pytest.mark.parametrize("told", ["its id", "nothing of it"])
@pytest.mark.parametrize(("page", "name"), [(4, "words"), (0, "a UUID")])
@pytest.mark.parametrize("fault", FAULTS)
def test_and_then_too_what_is_wrong_is_found(told: str, page: int, name: str, fault: str) -> None:
    assert judged("json", "hex", name, page, told=told, fault=FAULTS[fault]).differences
