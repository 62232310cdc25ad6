"""The order of rows that several tests wrote at once: those of each stay in theirs."""

from __future__ import annotations

from itertools import permutations

import pytest

from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.ids.drawn_order import Made, Order, order_of
from pytest_cutover.compare.diff.lists.own_rows import OwnRows
from pytest_cutover.core.unique import new_unique

NO_MARKERS: tuple[Made, Made] = ({}, {})
SEEDS = [{"n": 1, "name": "seed 1"}, {"n": 2, "name": "seed 2"}]


class Written:
    """Rows of several writers in a list with two seeds; the candidate's come in another order."""

    def __init__(self, *writers: str | None, by_name: bool = False) -> None:
        self.codes = _codes(len(writers), by_name=by_name)
        values = Correspondence()
        for pair, writer in zip(self.codes, writers, strict=True):
            if writer is not None:
                values.generated([pair], by=writer)
        self.own = OwnRows(values, others_write=True)

    def order(self, *places: int, seeds: tuple[int, ...] = (0, 1), seeded: bool = True) -> Order:
        """Return what is said where the candidate shows the rows in this order."""
        base = [*(SEEDS if seeded else ()), *({"n": 3, "name": one} for one, _ in self.codes)]
        cand = [*([SEEDS[n] for n in seeds] if seeded else ())]
        cand += [{"n": 3, "name": self.codes[n][1]} for n in places]
        sources = [*(seeds if seeded else ())]
        sources += [at + len(sources) * bool(seeded) for at in places]
        pairs = [(source, at) for at, source in enumerate(sources)]
        return self.own.order_of(base, cand, pairs, made=NO_MARKERS).order


def _codes(count: int, *, by_name: bool) -> list[tuple[str, str]]:
    """Return codes of both sides, those of the baseline sorted or not."""
    ours = sorted(new_unique("lot") for _ in range(count))
    if not by_name and count > 2:
        ours[0], ours[1] = ours[1], ours[0]
    return [(one, new_unique("lot")) for one in ours]


@pytest.mark.parametrize("places", [(1, 0, 3, 2), (1, 3, 0, 2), (0, 1, 3, 2)])
def test_rows_of_two_workers_come_in_any_order_of_the_two(places: tuple[int, ...]) -> None:
    for _ in range(5):
        assert Written("4711", "", "4711", "").order(*places) is not Order.ANOTHER


def test_rows_of_one_worker_come_in_one_order() -> None:
    found = {Written("4711", "4711", "", "").order(1, 0, 2, 3) for _ in range(20)}
    assert Order.ANOTHER in found


def test_rows_that_nobody_of_this_run_wrote_may_have_been_written_at_once() -> None:
    assert all(
        Written(None, None, None).order(*places) is not Order.ANOTHER
        for places in permutations(range(3))
        if places != (2, 1, 0)
    )


def test_rows_that_are_sorted_by_name_are_so_on_the_other_side_too() -> None:
    for writers in ((None,) * 5, ("4711", "", "4712", "4713", "4714")):
        places = (1, 0, *range(2, len(writers)))
        found = {Written(*writers, by_name=True).order(*places) for _ in range(20)}
        assert Order.ANOTHER in found


def test_the_whole_list_in_reverse_is_another_order() -> None:
    found = {Written(None, None, None, None).order(3, 2, 1, 0) for _ in range(20)}
    assert Order.ANOTHER in found
    found = {Written("4711", "", "4712", None).order(3, 2, 1, 0, seeds=(1, 0)) for _ in range(20)}
    assert found == {Order.ANOTHER}


def test_a_row_of_each_and_nothing_beside_them_tells_nothing() -> None:
    found = {Written("4711", "").order(1, 0, seeded=False) for _ in range(20)}
    assert Order.OF_ITS_OWN not in found


def test_new_rows_that_name_nobody_come_in_any_order_and_old_ones_do_not() -> None:
    ours, theirs = new_unique("lost"), new_unique("lost")
    values = Correspondence()
    values.generated([(ours, theirs)])
    own = OwnRows(values, others_write=True, now_s=1_780_000_600.0)
    for at, expected in ((1_780_000_000, Order.OF_ITS_OWN), (1_700_000_000, Order.ANOTHER)):
        old = [{"q": "tower", "at": 1_600_000_000}, {"q": "harbour", "at": str(at).encode()}]
        base = [old[1], {"q": ours, "at": b"1780000000"}, old[0]]
        cand = [{"q": theirs, "at": b"1780000000"}, old[1], old[0]]
        told = own.order_of(base, cand, [(1, 0), (0, 1), (2, 2)], made=NO_MARKERS)
        assert told.order is expected


ACTIONS = ("created", "created", "password", "created", "password", "created", "created", "created")


def _log(side: str, *places: int) -> list[dict[str, str]]:
    """The newest entries first, of users that this side made; in the order of these places."""
    codes = sorted(new_unique("reader") for _ in ACTIONS)
    codes[0], codes[-1] = codes[-1], codes[0]
    rows = [
        {"action": action, "of": codes[at], "at": f"2026-03-02T12:00:{40 - at}.{side}Z"}
        for at, action in enumerate(ACTIONS)
    ]
    return [rows[at] for at in places]


@pytest.mark.parametrize(
    ("first", "second"), [(1, 3), (2, 4), (0, 7), (2, 3)], ids=["made", "changed", "ends", "two"]
)
def test_entries_of_a_log_are_not_sorted_within_runs_of_one_kind(first: int, second: int) -> None:
    """Exchanged, each run of one kind may be in order still."""
    in_order = [*range(len(ACTIONS))]
    places = in_order.copy()
    places[first], places[second] = places[second], places[first]

    def said(places: list[int]) -> Order:
        pairs = [(source, at) for at, source in enumerate(places)]
        sides = _log("217", *in_order), _log("391", *places)
        return order_of(*sides, pairs, made=NO_MARKERS).order

    assert said(places) is Order.ANOTHER
    assert said(in_order) is not Order.ANOTHER


def test_rows_sorted_by_time_within_each_kind_are_so_on_the_other_side_too() -> None:
    ours, theirs = (
        sorted(_log(side, *range(len(ACTIONS))), key=lambda row: row["action"])
        for side in ("217", "391")
    )
    late = {**theirs[0], "at": "2026-03-02T12:00:39.900Z"}
    theirs[0], theirs[1] = theirs[1], late  # of two that were made at once
    pairs = [(1, 0), (0, 1), *((at, at) for at in range(2, len(ACTIONS)))]
    assert order_of(ours, theirs, pairs, made=NO_MARKERS).order is not Order.ANOTHER
