"""Who is asked alone, and what others may have made of an answer."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.turns import Turns, may_be_of_others
from pytest_cutover.compare.diff.difference import Difference, Kind


class OneTest:
    """A test that is run as one item, without variants; `body` is what it does."""

    def __init__(self, turns: Turns) -> None:
        self._hook = turns.pytest_runtest_protocol

    def __enter__(self) -> None:
        self._protocol = self._hook(cast(pytest.Item, _Item()), None)
        next(self._protocol)

    def __exit__(self, *_error: object) -> None:
        with pytest.raises(StopIteration):
            next(self._protocol)


class _Item:
    nodeid = "test_it.py::test_it"

    def __init__(self) -> None:
        self.stash = pytest.Stash()

    def get_closest_marker(self, _name: str) -> None:
        return None


@pytest.fixture
def workers(tmp_path: Path) -> tuple[Turns, Turns]:
    return Turns(tmp_path, workers=2), Turns(tmp_path, workers=2)


def test_tests_of_two_workers_run_beside_each_other(workers: tuple[Turns, Turns]) -> None:
    one, other = workers
    with OneTest(one), OneTest(other):
        pass


def test_one_that_is_asked_alone_waits_for_the_other_to_end(workers: tuple[Turns, Turns]) -> None:
    one, other = workers
    told: list[str] = []
    with OneTest(one):
        running = OneTest(other)
        running.__enter__()

        def end() -> None:
            told.append("the other ended")
            running.__exit__()

        ending = threading.Timer(0.1, end)
        ending.start()
        assert one.alone()
        told.append("alone")
        assert not one.alone()  # it is already
        ending.join()
    assert told == ["the other ended", "alone"]


def test_and_nobody_begins_before_it_has_ended(workers: tuple[Turns, Turns]) -> None:
    one, other = workers
    told: list[str] = []

    def run() -> None:
        with OneTest(other):
            told.append("the other")

    with OneTest(one):
        assert one.alone()
        beside = threading.Thread(target=run)
        beside.start()
        beside.join(0.1)
        told.append("alone")
    beside.join()
    assert told == ["alone", "the other"]


def test_with_one_worker_there_is_nobody_to_wait_for(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "none", workers=1)
    with OneTest(turns):
        assert not turns.alone()


def test_a_folder_that_is_not_there_holds_nobody_up(tmp_path: Path) -> None:
    turns = Turns(tmp_path / "none", workers=2)
    with OneTest(turns):
        assert not turns.alone()


def judged(*kinds: Kind, change: str = "", at: str = "") -> Judged:
    return Judged(tuple(Difference(0, "GET /lots", kind, at, change) for kind in kinds))


def test_rows_and_their_numbers_may_be_of_others_and_errors_never() -> None:
    assert may_be_of_others(judged(Kind.LENGTH, Kind.VALUE))
    assert may_be_of_others(judged(Kind.HEADER_VALUE))
    assert may_be_of_others(judged(Kind.STATUS, change="404 → 200"))
    assert not may_be_of_others(judged(Kind.LENGTH, Kind.STATUS, change="200 → 500"))
    assert not may_be_of_others(judged(Kind.STATUS, change="401 → 200"))
    assert not may_be_of_others(judged(Kind.WIRE))
    assert not may_be_of_others(judged(Kind.TYPE))


def test_what_servers_say_of_what_is_long_may_be_of_others_and_no_other_header() -> None:
    for kind in (Kind.HEADER_ADDED, Kind.HEADER_MISSING):
        assert may_be_of_others(judged(kind, at="/headers/content-encoding"))
        assert may_be_of_others(judged(kind, at="/headers/link"))
        assert not may_be_of_others(judged(kind, at="/headers/x-frame-options"))


def test_a_round_beside_others_that_showed_nothing_yet_is_no_ground_for_those_alone() -> None:
    assert may_be_of_others(judged())
    assert not may_be_of_others(replace(judged(), requests_differ=True))
