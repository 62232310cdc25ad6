"""Rows in an order that nothing in them explains, on databases of each side's own."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import pytest

from pytest_cutover.compare.diff.lists.reported_order import UNRULED
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import exchange, judged, transcript

Order = Callable[[Sequence[str]], Sequence[str]]


def _by_hash(names: Sequence[str]) -> Sequence[str]:
    """As the files of a folder come: neither by name nor as they were made."""
    return sorted(names, key=lambda name: hashlib.sha1(name.encode()).digest())


def _as_made(names: Sequence[str]) -> Sequence[str]:
    return names


def _newest_first(names: Sequence[str]) -> Sequence[str]:
    return names[::-1]


def _by_name(names: Sequence[str]) -> Sequence[str]:
    return sorted(names)


def _mixed(names: Sequence[str]) -> Sequence[str]:
    return [*names[2:4], *names[:2], *names[:3:-1]]


def _folder(order: Order, *, timed: bool = True, at_once: int = 1) -> Transcript:
    names = [new_unique("plan") for _ in range(8)]
    made = {name: f"2026-03-02T12:00:{at // at_once:02}Z" for at, name in enumerate(names)}
    rows = [
        {"name": name, "size": 3, **({"created": made[name]} if timed else {})}
        for name in order(names)
    ]
    puts = [exchange({}, method="PUT", target=f"/{name}", endpoint="PUT /{n}") for name in names]
    codes = [("plan", name) for name in names]
    return transcript(*puts, exchange({"files": rows}, target="/"), generated=codes)


def _found(ours: Order, theirs: Order, *, timed: bool = True, shared: bool = False) -> str:
    found = judged(_folder(ours, timed=timed), _folder(theirs, timed=timed), shared_state=shared)
    kinds = {str(one.kind) for one in found.differences}
    reasons = {one.reason for one in found.account.open}
    return (
        "order" if kinds == {"order"} else "open" if reasons == {UNRULED} else f"{kinds}{reasons}"
    )


def test_files_in_the_order_of_a_folder_are_open() -> None:
    found = [_found(_by_hash, _by_hash) for _ in range(12)]
    assert found.count("open") >= 10  # eight rows are sorted, or in reverse, by chance now and then


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (_as_made, _by_hash),
        (_newest_first, _by_hash),
        (_by_name, _by_hash),
        (_by_hash, _by_name),
        (_by_hash, _as_made),
        (_as_made, _newest_first),
        (_as_made, _mixed),
    ],
)
def test_an_order_that_either_side_has_is_held(ours: Order, theirs: Order) -> None:
    assert {_found(ours, theirs) for _ in range(4)} == {"order"}


def test_rows_that_tell_no_time_and_no_number_may_come_as_they_were_made() -> None:
    assert {_found(_as_made, _by_hash, timed=False) for _ in range(4)} == {"order"}
    assert {_found(_by_hash, _by_hash, timed=False) for _ in range(4)} == {"order"}


def _newest_second_first(names: Sequence[str]) -> Sequence[str]:
    """In the order of a folder within a second: four files are of one."""
    return [*_by_hash(names[4:]), *_by_hash(names[:4])]


def test_files_of_one_second_come_in_the_order_of_a_folder_within_it() -> None:
    def told(theirs: Order) -> tuple[list[str], int]:
        sides = (_folder(one, at_once=4) for one in (_newest_second_first, theirs))
        found = judged(*sides, shared_state=False)
        return [str(one.kind) for one in found.differences], len(found.account.open)

    assert {str(told(_newest_second_first)) for _ in range(4)} <= {"([], 1)", "([], 0)"}
    assert told(_as_made)[0] == ["order"]  # the oldest second first
