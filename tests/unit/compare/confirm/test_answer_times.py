"""How long an answer took, in its headers: near on both sides, and measured."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pytest_cutover.compare.confirm.answer_times import alike
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
