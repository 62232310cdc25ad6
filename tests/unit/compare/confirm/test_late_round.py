"""Which differences are waited for, and how long."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.late_round import told_by_numbers, wait_s
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript


def departure(kind: Kind, change: str, baseline: str | None, candidate: str | None) -> Difference:
    return Difference(0, "GET /health", kind, "/up", change, baseline, candidate)


@pytest.mark.parametrize(
    "one",
    [
        departure(Kind.VALUE, "integer → integer", "17", "86400"),
        departure(Kind.VALUE, "text → text", '"up 17 s"', '"up 86400 s"'),
        departure(Kind.HEADER_VALUE, "digits → digits", '"17"', '"9"'),
        departure(Kind.VALUE, "text → text", "up 1:02:03", "up 00:17"),
        departure(Kind.VALUE, "text → text", '"1 day, 1:07:05"', '"0:00:17"'),
        departure(Kind.VALUE, "text → text", "up 25h7m1s", "up 17s"),
    ],
)
def test_numbers_are_waited_for(one: Difference) -> None:
    assert told_by_numbers([one]) == {one.signature}


def test_a_cookie_is_waited_for_and_its_attributes_are_not() -> None:
    shown = "<secret text>", "<secret text> (another value, hidden alike)"
    cookie = departure(Kind.HEADER_VALUE, "text → text", *shown)
    cookie = replace(cookie, pointer="/headers/set-cookie/session")
    assert told_by_numbers([cookie]) == {cookie.signature}
    assert not told_by_numbers([replace(cookie, pointer="/headers/set-cookie/session/path")])


@pytest.mark.parametrize(
    "one",
    [
        departure(Kind.VALUE, "text → text", '"open"', '"closed"'),
        departure(Kind.VALUE, "text → text", '"up 17 s"', '"down 17 s"'),
        departure(Kind.VALUE, "text → text", '"up 17 s"', '"up 17 ms"'),
        departure(Kind.TYPE, "integer → string", "17", '"17"'),
        departure(Kind.MISSING, "integer → absent", "17", None),
        departure(Kind.STATUS, "200 → 500", "200", "500"),
    ],
)
def test_words_are_not(one: Difference) -> None:
    assert told_by_numbers([one]) == frozenset()


def at(began_s: float, ended_s: float) -> Round:
    asked = Exchange(Request("GET", "/"), Response(200), "GET /", None, began_s, ended_s)
    sides = [Transcript("test", side, (asked,)) for side in Side]
    return Round(*sides)


def test_a_round_waits_from_the_end_of_the_first() -> None:
    assert wait_s([at(10.0, 10.25)], 10.75) == pytest.approx(0.6)
    assert wait_s([at(10.0, 10.25), at(10.5, 10.75)], 20.0) == 0.0


def test_one_late_round_is_enough() -> None:
    assert wait_s([at(10.0, 10.25), at(11.5, 11.75)], 11.75) is None


def test_a_clock_that_was_set_back_makes_nobody_wait_for_long() -> None:
    assert wait_s([at(10.0, 10.25)], 3.0) == pytest.approx(1.1)
