"""How long an answer took, in headers and bodies: near on both sides, and measured."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pytest_cutover.compare.confirm.answer_times import alike, alike_in_bodies
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import JSON_HEADERS, exchange, transcript

FORMS = {
    "server-timing": "db;dur={}, app;dur=1",
    "x-response-time": "{}ms",
    "x-runtime": "{}",
    "x-process-time-ms": "{} ms",
}


def _told(name: str, ours: Sequence[str], theirs: Sequence[str]) -> bool:
    def side(one: Side, text: str) -> Transcript:
        return transcript(exchange({}, headers=(*JSON_HEADERS, (name.title(), text))), side=one)

    rounds = zip(ours, theirs, strict=True)
    found = alike([(side(Side.BASELINE, a), side(Side.CANDIDATE, b)) for a, b in rounds])
    return found == {("GET /api/lots", f"/headers/{name}")}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    ("ours", "theirs"), [("0", "5"), ("0 0 1", "5 1 1"), ("0.4 0.2", "31.2 2.8"), ("3 3", "4 4")]
)
def test_times_that_are_near_are_alike(name: str, ours: str, theirs: str) -> None:
    assert _told(name, *([FORMS[name].format(n) for n in side.split()] for side in (ours, theirs)))


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    ("ours", "theirs"), [("0", "700"), ("3 4 2", "3 3 3"), ("4", "4.5"), ("3", "three"), ("3", "")]
)
def test_others_are_not(name: str, ours: str, theirs: str) -> None:
    sides = ([FORMS[name].format(n) for n in side.split(" ")] for side in (ours, theirs))
    assert not _told(name, *sides)


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("server-timing", "db;dur=4", "cache;dur=4"),
        ("server-timing", "db;dur=4, app;dur=1", "db;dur=4"),
        ("x-runtime", "4ms", "5s"),
        ("x-page", "4", "5"),
    ],
)
def test_what_is_timed_is_held(name: str, ours: str, theirs: str) -> None:
    assert not _told(name, [ours], [theirs])


def _departs(
    where: str, pairs: Sequence[tuple[str, str]], name: str = "text"
) -> frozenset[tuple[str, str]]:
    """What is alike at a place that shows these texts."""
    rounds = [
        (
            transcript(exchange({name: ours}), side=Side.BASELINE),
            transcript(exchange({name: theirs}), side=Side.CANDIDATE),
        )
        for ours, theirs in pairs
    ]
    told = [
        [Difference(0, "GET /page", Kind.VALUE, where, "text → text", *one, values=(one,))]
        if one[0] != one[1]
        else []
        for one in pairs
    ]
    return alike_in_bodies(rounds, told)


TIMES_IN_BODIES = {
    "/html/body/p/2": "8 rows in {} ms",
    "/footer": "Page generated in 0.0{} s (PHP: 12%)",
    "/took": "{}",
    "/meta/query_time_ms": "{}",
    "/processingTimeMs": "{}",
    "/time_taken": "{}",
}


@pytest.mark.parametrize("where", TIMES_IN_BODIES)
@pytest.mark.parametrize(("ours", "theirs"), [("17 17 17", "18 19 21"), ("3 3", "4 3")])
def test_a_time_in_a_body_may_stand_still_by_chance(where: str, ours: str, theirs: str) -> None:
    form = TIMES_IN_BODIES[where].format
    pairs = [(form(a), form(b)) for a, b in zip(ours.split(), theirs.split(), strict=True)]
    found = _departs(where, pairs, where.rpartition("/")[2])
    assert found == {("GET /page", where.replace("/2", "/*"))}


@pytest.mark.parametrize(
    ("where", "ours", "theirs"),
    [
        ("/took", "3 3 3", "4 4 4"),
        ("/took", "3 4 3", "4 4 4"),
        ("", "3_ms 3_ms", "4_ms 4_ms"),
        ("", "3_ms 4_ms", "4_ms 4_ms"),
        ("/html/body/p", "3_ms 4_ms", "4_ms 4_ms"),
        ("/text", "in_3_ms in_4_ms", "in_4_ms in_4_ms"),
        ("/took", "3 3 3", "4 5 90"),
        ("/took", "3 3 3", "4.5 5.1 5.0"),
        ("/took", "3 3 3", "four five six"),
        ("/duration", "3 3 3", "4 5 6"),
        ("/text", "in_3_ms in_3_ms", "in_4_s in_5_s"),
        ("/text", "in_3_ms in_3_ms", "after_4_ms after_5_ms"),
        ("/text", "in_0.3_s in_0.3_s", "in_0.4_s in_0.5_s"),
        ("/text", "3_rows_in_3_ms 3_rows_in_3_ms", "4_rows_in_3_ms 5_rows_in_3_ms"),
        ("/text", "page_3 page_3", "page_4 page_5"),
    ],
)
def test_other_numbers_of_a_body_are_not(where: str, ours: str, theirs: str) -> None:
    texts = [[one.replace("_", " ") for one in side.split()] for side in (ours, theirs)]
    assert not _departs(where, list(zip(*texts, strict=True)), where.rpartition("/")[2])


def test_what_else_departs_beside_it_counts() -> None:
    other = Difference(0, "GET /page", Kind.TYPE, "/took", "integer → string", "3", "4")
    time = Difference(0, "GET /page", Kind.VALUE, "/took", "", "3", "4", values=(("3", "4"),))
    sides = [
        (
            transcript(exchange({"took": 3}), side=Side.BASELINE),
            transcript(exchange({"took": 4}), side=Side.CANDIDATE),
        )
        for _ in range(2)
    ]
    assert not alike_in_bodies(sides, [[time], [other]])
