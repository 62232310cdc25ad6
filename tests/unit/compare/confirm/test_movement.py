"""A number that varies is held to the baseline's course, where the baseline has one."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pytest_cutover.compare.confirm.movement import Course, Moving, counts


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
        # Twice as far on data of its own is in between once.
        ("10 20", "20 40", Course.UNKNOWN),
        ("10 20 30", "20 40 60", Course.APART),
        ("17 3 250", "8 91 4", Course.WITHOUT_RULE),
        ("1.13 1.11 1.09 1.07", "1.15 1.23 1.07 1.35", Course.WITHOUT_RULE),  # how long it took
        ("1.13 1.11 1.09", "1.15 1.15 1.15", Course.APART),
        ("12.5 25 37.5", "12.5 13.5 14.5", Course.APART),
        ("5 5 5", "1 9 2", Course.WITHOUT_RULE),
        ("0.125 0.2222 0.3", "12.5 22.22 30", Course.APART),  # per cent, to its precision
        ("0.125 0.2222", "12.5 22.22", Course.UNKNOWN),
        ("4096 9000 70", "4 8.789 0.06836", Course.APART),  # bytes and kilobytes
        ("17 3 250", "170 31 2500", Course.WITHOUT_RULE),
        ("0 9 5", "0 90 50", Course.WITHOUT_RULE),
    ],
)
def test_course(baseline: str, candidate: str, expected: Course) -> None:
    assert course(baseline, candidate) is expected


@pytest.mark.parametrize(
    ("baseline", "candidate", "shared", "expected"),
    [
        ("2 4 6", "3 5 7", True, False),  # each adds one, in turn
        ("2 4 6", "4 6 8", True, True),
        ("2 4 6", "2 4 6", True, False),  # of each process: nobody sees the other's
        ("2 6 10", "4 8 12", True, False),
        ("2 9 11", "4 11 13", True, False),  # somebody else writes too
        ("3 4 5", "3 4 5", False, False),
        ("3 4 5", "4 5 6", False, True),
        ("5 5 5", "6 6 6", False, False),  # it does not move: its value is compared
    ],
)
def test_a_count_that_is_off_by_as_much_in_every_round(
    baseline: str, candidate: str, shared: bool, expected: bool
) -> None:
    ours, theirs = (tuple(map(Decimal, side.split())) for side in (baseline, candidate))
    assert expected == Moving(ours, theirs).stands_aside(shared=shared)


def test_what_is_called_like_a_count() -> None:
    called = ("total", "count", "X-Total-Count", "total_items", "posts_count", "viewCount")
    others = ("requests_total", "amount", "number", "size", "discount", "id", "page")
    for shared in (True, False):
        assert all(counts(name, shared=shared) for name in called)
        assert not any(counts(name, shared=shared) for name in others)


def test_pages_fill_by_equal_steps_on_data_of_one_side_alone() -> None:
    for name in ("last_page", "totalPages", "X-Total-Pages", "pages"):
        assert (counts(name, shared=False), counts(name, shared=True)) == (True, False)


@pytest.mark.parametrize(
    ("baseline", "candidate", "size", "expected"),
    [
        ("4 6 8", "5 7 9", 1, True),
        ("4 6 8", "6 8 10", 1, False),
        ("2 3 4", "3 4 5", 2, True),  # 4, 6 and 8 rows, and 5, 7 and 9
        ("2 3 4", "2 3 4", 2, True),  # 3, 5 and 7 rows
        ("2 3 4", "4 5 6", 2, False),
        ("4 5 6", "5 6 7", 1, False),  # data of its own, and one too many
        ("4 5 6", "4 5 6", 1, True),
        ("4 9 11", "6 10 13", 1, True),  # somebody else writes too
    ],
)
def test_pages_fill_by_what_each_run_of_the_test_adds(
    baseline: str, candidate: str, size: int, expected: bool
) -> None:
    ours, theirs = (tuple(map(Decimal, side.split())) for side in (baseline, candidate))
    assert expected == Moving(ours, theirs).fills_pages(size)
