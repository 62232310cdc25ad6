"""Times that are told in parts are read as times; other lists and objects are not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.diff.lists.times_in_parts import as_text, in_texts

MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31))


def _numbers(*parts: int) -> list[bytes]:
    return [str(part).encode() for part in parts]


def _iso(moment: datetime, part: str) -> str:
    text = moment.replace(microsecond=0).isoformat()
    return f"{text}.{part}" if moment.microsecond else text


@given(MOMENTS)
def test_as_jackson_writes_it_without_the_noughts_at_its_end(moment: datetime) -> None:
    parts = [*moment.timetuple()[:6], moment.microsecond * 1000]
    while len(parts) > 5 and not parts[-1]:
        parts.pop()

    assert as_text(_numbers(*parts)) == _iso(moment, f"{moment.microsecond * 1000:09}")


@given(MOMENTS)
def test_as_members_that_are_called_so(moment: datetime) -> None:
    names = ("year", "month", "day", "hour", "minute", "second", "microsecond")
    parts = _numbers(*moment.timetuple()[:6], moment.microsecond)
    value: dict[str, Any] = {"__class__": "datetime", **dict(zip(names, parts, strict=True))}

    assert as_text(value) == _iso(moment, f"{moment.microsecond:06}")
    row = {"id": b"7", "at": value, "tags": ["oak"]}
    assert in_texts(row) == {"id": b"7", "at": as_text(value), "tags": ["oak"]}


@pytest.mark.parametrize(
    "value",
    [
        _numbers(2026, 11, 29),  # any three numbers
        _numbers(2026, 13, 29, 3, 6),
        _numbers(640, 480, 2, 3, 6, 55),
        _numbers(2026, 11, 29, 3, 6, 55, 1, 2),
        [*_numbers(2026, 11, 29, 3, 6), "55"],
        {"year": b"2026", "month": b"11"},
        {"year": b"2026", "month": b"11", "day": b"29", "total": b"7"},
        {"year": b"2026", "month": b"11", "day": b"29", "rows": []},
        {"year": b"2026", "month": b"0", "day": b"29"},
        {"year": "2026", "month": "11", "day": "29"},
        "2026-11-29",
        b"20261129",
        None,
    ],
)
def test_what_is_none(value: Any) -> None:
    assert as_text(value) == ""
    assert in_texts(value) == value
