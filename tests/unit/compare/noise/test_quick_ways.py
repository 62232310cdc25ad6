"""Quick ways of the learner say what the slow ways say: a table with a time in each row is long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.golden.text import dump
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.identity_key import alike, all_alike
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import NOON_S, exchange, transcript

NOON = datetime.fromtimestamp(NOON_S, UTC)
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2099, 1, 1))


@given(MOMENTS, st.sampled_from(["seconds", "milliseconds", "microseconds"]))
def test_the_instant_of_a_usual_time_is_that_of_the_calendar(moment: datetime, spec: str) -> None:
    told = moment.isoformat(timespec=spec)
    expected = datetime.fromisoformat(told).replace(tzinfo=UTC).timestamp()
    other = NOON.replace(tzinfo=None).isoformat(timespec=spec)

    assert formats.instant_s(f"{told}Z") == pytest.approx(expected, abs=1e-6)
    known = formats.usual_times(f"{told}Z", f"{other}Z")
    assert known is not None
    assert known[0] == formats.format_of(f"{told}Z")
    assert known[1][0] == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    "odd",
    [
        "2026-03-02T12:00:60Z",
        "2026-02-30T12:00:00Z",
        "2026-03-02T25:00:00.000Z",
        "2026-03-02T12:00:00,000Z",
        "2026-03-02T12:00:00.0²0Z",
        "2026-03-02T12:00:00.000z",
        "2026-03-02 12:00:00.000Z",
        "2026-03-02T12:00:00.00 Z",
        "2026-03-02T12:00:0x.000Z",
        "notatime..Tnotatime....Z",
    ],
)
def test_what_only_looks_like_a_usual_time_is_none(odd: str) -> None:
    usual = "2026-03-02T12:00:00.000Z" if len(odd) == 24 else "2026-03-02T12:00:00Z"

    assert formats.usual_times(usual, odd) is None
    assert formats.usual_times(odd, usual) is None
    assert formats.format_of(odd) not in ("timestamp ms Z", "timestamp s Z")


def rows(kind: str, *, later_s: float, ahead_s: float) -> Transcript:
    lines = ["id,name,at"]
    for number in range(12):
        at = NOON + timedelta(seconds=later_s + ahead_s, milliseconds=17 * number)
        lines.append(f"{number},gate {number},{at.isoformat(timespec='milliseconds')[:-6]}Z")
    body = "\n".join(lines).encode()
    return transcript(exchange(body=body, headers=(("Content-Type", kind),), at_s=NOON_S + later_s))


@pytest.mark.parametrize("kind", ["text/csv", "text/plain"])
@pytest.mark.parametrize("ahead_s", [-500_000.0, 0.0, 3600.0, 12_345.0])
def test_times_of_rows_are_learned_alike_in_the_quick_and_the_slow_way(
    kind: str, ahead_s: float
) -> None:
    pair = [rows(kind, later_s=later_s, ahead_s=ahead_s) for later_s in (0.0, 3.0)]
    quick = learn(*pair)
    with patch.object(formats, "usual_times", lambda _one, _other: None):
        slow = learn(*pair)

    assert quick == slow
    assert "timestamp ms Z" in dump(quick)


CELLS = st.one_of(
    MOMENTS.map(lambda at: at.isoformat(timespec="milliseconds") + "Z"),
    MOMENTS.map(lambda at: at.isoformat(timespec="seconds") + "+02:00"),
    st.sampled_from(["", "seen_at", "a\nb", "2026-03-02T12:00\n2026-03-02T12:00", None, b"12"]),
    st.uuids().map(str),
)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_many_items_are_alike_where_each_is(pairs: list[tuple[Any, Any]]) -> None:
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]

    assert all_alike(ones, others) == all(map(alike, ones, others))
    assert all_alike(ones, ones)


def test_times_with_a_line_end_between_are_no_two_times() -> None:
    time = "2026-03-02T12:00"

    assert not all_alike([f"{time}\n{time}", time], [time, f"{time}\n{time}"])
