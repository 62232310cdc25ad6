"""How long something took is what lies between its times, and else a number like any other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, settled, transcript


def _epoch(moment_s: float) -> Any:
    return round(moment_s, 3)


def _text(moment_s: float) -> Any:
    return f"{datetime.fromtimestamp(moment_s, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"


class Jobs:
    """Jobs that are cancelled a few milliseconds after they came; what each side tells of it."""

    def __init__(self, spell: Any, *, more_ms: int = 0) -> None:
        self._spell, self._more_ms, self._now_s = spell, more_ms, NOON_S
        self._took: dict[Side, Iterator[int]] = {
            Side.BASELINE: iter([8] * 12),  # by chance
            Side.CANDIDATE: iter([10, 5, 7, 9] * 3),
        }

    def asked(self, side: Side) -> Transcript:
        self._now_s += 1.3
        took_ms = next(self._took[side])
        told = took_ms + self._more_ms * (side is Side.CANDIDATE)
        job = {
            "submitted_at": self._spell(self._now_s - took_ms / 1000),
            "finished_at": self._spell(self._now_s),
            "duration_ms": told,
        }
        return transcript(exchange(job, target="/jobs/1", at_s=self._now_s), side=side)

    def judged(self) -> Judged:
        judge = Judge(Rulebook(shared_state=False), lambda _: None)
        return settled(TestState(None, None), judge, self.asked)


@pytest.mark.parametrize("spell", [_epoch, _text])
def test_a_duration_that_one_side_tells_alike_by_chance_is_none(spell: Any) -> None:
    found = Jobs(spell).judged()
    assert found.differences == ()
    assert found.inconclusive is None
    assert found.account.open == {}


@pytest.mark.parametrize("spell", [_epoch, _text])
def test_and_one_that_is_not_the_time_between_them_is(spell: Any) -> None:
    found = Jobs(spell, more_ms=50).judged()
    assert [one.pointer for one in found.differences] == ["/duration_ms"]


def test_nor_is_a_number_held_to_times_that_are_coarser() -> None:
    found = Jobs(lambda moment_s: int(moment_s)).judged()
    assert [one.pointer for one in found.differences] == ["/duration_ms"]


@pytest.mark.parametrize("other", [0, 2])
@pytest.mark.parametrize("name", ["position", "number", "stage", "quantity"])
def test_a_small_number_beside_two_times_that_are_the_same_is_no_duration(
    name: str, other: int
) -> None:
    now = _text(NOON_S)

    def asked(side: Side) -> Transcript:
        told = {name: 1 if side is Side.BASELINE else other}
        row = {**told, "created_at": now, "updated_at": now}
        return transcript(exchange(row, target="/todos/1"), side=side)

    judge = Judge(Rulebook(shared_state=False), lambda _: None)
    found = settled(TestState(None, None), judge, asked)
    assert [one.pointer for one in found.differences] == [f"/{name}"]


@pytest.mark.parametrize(
    "name", ["duration_ms", "took", "elapsedMs", "wait_s", "durationSeconds", "ms", "age_ms"]
)
def test_and_one_whose_name_says_how_long_is(name: str) -> None:
    took = {Side.BASELINE: iter([0] * 12), Side.CANDIDATE: iter([1, 0, 1, 1] * 3)}

    def asked(side: Side) -> Transcript:
        took_ms = next(took[side])
        job = {
            "submitted_at": _text(NOON_S),
            "finished_at": _text(NOON_S + took_ms / 1000),
            name: took_ms,
        }
        return transcript(exchange(job, target="/jobs/1"), side=side)

    judge = Judge(Rulebook(shared_state=False), lambda _: None)
    found = settled(TestState(None, None), judge, asked)
    assert f"/{name}" not in [one.pointer for one in found.differences]
