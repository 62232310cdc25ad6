"""Rows of two databases show what their own writes gave out, in whatever form a list has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from pytest_cutover.compare.diff.transcripts import RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import brief, exchange, transcript

Rows = list[tuple[str, str]]
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>all</title>%s</feed>'
LINK = '<li><a href="/lots/%s">%s</a></li>'
ENTRY = "<entry><id>tag:lots.example,2024:%s</id><title>%s</title></entry>"


def _iban(number: int) -> str:
    body = f"{number:018}"
    return f"DE{98 - int(body + '131400') % 97:02}{body}"


def _page(kind: str, text: str) -> Exchange:
    return exchange(body=text.encode(), headers=[("Content-Type", kind)], target="/lots")


# What a lot is given, by which of its database it is, and how a list shows it.
FORMS: dict[str, tuple[Callable[[int], str], Callable[[Rows], Exchange]]] = {
    "number in a tag": (
        str,
        lambda rows: _page(
            "application/atom+xml", ATOM % "".join(ENTRY % (one, name) for name, one in rows)
        ),
    ),
    "uuid behind a word in a link": (
        lambda _: f"lot_{uuid4()}",
        lambda rows: exchange(
            [{"name": name, "href": f"/lots/{one}"} for name, one in rows], target="/lots"
        ),
    ),
    "escaped uuid": (
        lambda _: f"a/{uuid4()}",
        lambda rows: exchange(
            [{"name": name, "href": f"/lots/{quote(one, safe='')}"} for name, one in rows],
            target="/lots",
        ),
    ),
    "slash in a query": (
        lambda _: f"2026/{uuid4().hex[:6]}fa",
        lambda rows: exchange(
            [{"name": name, "href": f"/lot?ref={one}"} for name, one in rows], target="/lots"
        ),
    ),
    "number in a name of things": (
        str,
        lambda rows: exchange(
            [{"name": name, "ref": f"urn:shop:lots:{one}"} for name, one in rows], target="/lots"
        ),
    ),
    "number in a sentence": (
        str,
        lambda rows: exchange(
            [{"name": name, "text": f"Lot #{one} of the yard"} for name, one in rows],
            target="/lots",
        ),
    ),
    "account in a table": (
        lambda number: _iban(number * 7_654_321_987),
        lambda rows: _page(
            "text/csv", "name,iban\n" + "".join(f"{name},{one}\n" for name, one in rows)
        ),
    ),
    "number behind an escaped slash": (
        str,
        lambda rows: _page(
            "application/atom+xml",
            ATOM % "".join(ENTRY % (f"next=%2Flots%2F{one}", name) for name, one in rows),
        ),
    ),
    "link of a page": (
        lambda _: f"lot_{uuid4()}",
        lambda rows: _page("text/html", "".join(LINK % (one, name) for name, one in rows)),
    ),
}
WRONG: dict[str, Callable[[Rows], Rows]] = {
    "changed about": lambda rows: [
        (name, one) for (name, _), (_, one) in zip(rows, rows[::-1], strict=True)
    ],
    "one is another": lambda rows: [(rows[0][0], _another(rows[0][1])), rows[1]],
}


def _another(one: str) -> str:
    return one[:-2] + ("39" if one.endswith("38") else "38")


def _found(
    form: str, wrong: Callable[[Rows], Rows], *, in_one_test: bool = False
) -> list[tuple[str, str]]:
    give, show = FORMS[form]

    def side(first: int) -> tuple[Rows, list[Exchange]]:
        rows = [(new_unique("lot"), give(first + at)) for at in range(2)]
        made = [
            exchange({"id": one}, method="POST", target="/lots", sent={"name": name}, status=201)
            for name, one in rows
        ]
        return rows, made

    ours, again, theirs = side(12), side(14), side(96)
    generated = [[("lot", name) for name, _ in rows] for rows, _ in (ours, again, theirs)]
    shown = [show(ours[0]), show(again[0]), show(wrong(theirs[0]))]
    sides = (Side.BASELINE, Side.BASELINE, Side.CANDIDATE)

    def of(exchanges: list[list[Exchange]], made: list[Any]) -> list[Transcript]:
        parts = zip(exchanges, made, sides, strict=True)
        return [transcript(*one, generated=names, side=at) for one, names, at in parts]

    writes = [ours[1], again[1], theirs[1]]
    if in_one_test:
        writes = [[*made, one] for made, one in zip(writes, shown, strict=True)]
    one, more, other = of(writes, generated)
    first = compare(one, other, golden=learn(one, more), shared_state=False)
    if in_one_test:
        return brief(first.differences)
    assert first.differences == ()
    one, _, other = of([[each] for each in shown], [(), (), ()])
    context = RoundContext(known=first.values)
    later = compare(one, other, context, golden=learn(one, one), shared_state=False)
    return brief(later.differences)


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("form", FORMS)
def test_a_row_of_an_earlier_test_shows_what_its_write_gave_out(form: str, wrong: str) -> None:
    assert _found(form, WRONG[wrong])


@pytest.mark.parametrize("form", FORMS)
def test_nor_is_a_row_accused_that_does(form: str) -> None:
    assert _found(form, lambda rows: rows) == []
    assert _found(form, lambda rows: rows, in_one_test=True) == []


def test_the_rows_of_one_test_are_held_as_well() -> None:
    assert _found("account in a table", WRONG["one is another"], in_one_test=True)


def test_a_number_that_each_side_counts_is_nobodys_gift() -> None:
    """The first rows of the baseline have the numbers that their ids are, by chance."""

    def side(first: int) -> tuple[list[str], Transcript]:
        names = [new_unique("lot") for _ in range(2)]
        made = [
            exchange({"id": first + at}, method="POST", target="/lots", sent={"name": name})
            for at, name in enumerate(names)
        ]
        return names, transcript(*made, generated=[("lot", name) for name in names])

    (mine, ours), (_, again), (yours, theirs) = side(1), side(3), side(41)
    first = compare(ours, theirs, golden=learn(ours, again), shared_state=False)

    def listed(names: list[str]) -> Transcript:
        return transcript(exchange([{"place": n, "name": x} for n, x in enumerate(names, 1)]))

    one, other = listed(mine), listed(yours)
    context = RoundContext(known=first.values)
    found = compare(one, other, context, golden=learn(one, one), shared_state=False)
    assert found.differences == (), json.dumps(brief(found.differences))


@pytest.mark.parametrize("off", [timedelta(0), timedelta(hours=1), timedelta(days=-1)])
@pytest.mark.parametrize("form", ["{:%Y-%m-%dT%H:%M:%SZ}", "{:%Y-%m-%d}", "{:%Y-%m-%d %H:%M:%S}"])
def test_a_row_shows_the_time_that_its_write_was_sent(form: str, off: timedelta) -> None:
    """What is due is another time in each run, and so no clock and no value tells it."""
    noon = datetime.now(UTC).replace(hour=12)  # an hour later is no other day, at any time of day

    def side(first: int, drift: timedelta) -> tuple[Transcript, Transcript]:
        due = [noon + timedelta(days=3, seconds=first * 7 + at) for at in range(2)]
        names = [new_unique("lot") for _ in due]
        rows = [
            {"name": name, "due": form.format(one)} for name, one in zip(names, due, strict=True)
        ]
        made = [exchange({}, method="POST", target="/lots", sent=row, status=201) for row in rows]
        shown = [
            {**row, "due": form.format(one + drift)} for row, one in zip(rows, due, strict=True)
        ]
        generated = [("lot", name) for name in names]
        return transcript(*made, generated=generated), transcript(exchange(shown))

    (ours, mine), (again, _), (theirs, yours) = (
        side(at, drift) for at, drift in ((1, timedelta(0)), (2, timedelta(0)), (3, off))
    )
    first = compare(ours, theirs, golden=learn(ours, again), shared_state=False)
    context = RoundContext(known=first.values)
    found = compare(mine, yours, context, golden=learn(mine, mine), shared_state=False)
    is_another = form.format(noon) != form.format(noon + off)
    assert bool(found.differences) is is_another, brief(found.differences)
