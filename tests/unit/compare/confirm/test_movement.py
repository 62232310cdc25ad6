"""A number that varies is held to the baseline's course, where the baseline has one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_cutover.compare.confirm.movement import Course, Moving


def course(baseline: str, candidate: str) -> Course:
    ours, theirs = (tuple(map(Decimal, side.split())) for side in (baseline, candidate))
    return Moving(ours, theirs).course()


@pytest.mark.parametrize(
    ("baseline", "candidate", "expected"),
    [
        ("3 4 5", "3 4 5", Course.TOGETHER),
        ("3 4 5", "103 104 105", Course.TOGETHER),  # data of its own, by equal steps
        ("2 4 6", "3 5 7", Course.TOGETHER),  # shared data: between the rounds before and after
        ("2 9 11", "3 10 12", Course.TOGETHER),  # somebody else writes too
        ("9 7 5", "8 6 4", Course.TOGETHER),
        ("3 4 5", "0 0 0", Course.APART),
        ("3 4 5", "3 9 7", Course.APART),
        ("3 4", "0 0", Course.UNKNOWN),
        ("3", "0", Course.UNKNOWN),
        ("17 3 250", "8 91 4", Course.WITHOUT_RULE),
        ("5 5 5", "1 9 2", Course.WITHOUT_RULE),
    ],
)
def test_course(baseline: str, candidate: str, expected: Course) -> None:
    assert course(baseline, candidate) is expected
