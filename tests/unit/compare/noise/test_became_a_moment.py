"""Seconds that are left, and the moment at which none are."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.noise import clock

NOW_S = 1_796_000_000.0


@pytest.mark.parametrize(
    ("base", "cand", "change"),
    [
        (b"37", b"1796000900", "integer → epoch s"),
        ("37", "1796000900", "integer → epoch s"),
        (b"900", b"1796000900000", "integer → epoch ms"),
        (b"1796000900", b"37", ""),  # a clock that is none any more is told elsewhere
        (b"37", b"38", ""),
        (b"1796000900", b"1796000901", ""),
        (b"37", b"9796000900", ""),  # no moment of these days
        ("37", "1796000900 s", ""),
        (b"3.7", b"1796000900", ""),
    ],
)
def test_seconds_left_and_a_moment_are_two_units(
    base: str | bytes, cand: str | bytes, change: str
) -> None:
    assert clock.became_a_moment(base, cand, NOW_S) == change
