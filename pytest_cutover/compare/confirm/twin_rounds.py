"""Rounds on further processes of the baseline: what two of them do not share is a process's own.

Two fresh ones are compared with each other, and not one with the baseline that runs: what its
memory holds by now is state, and state is not forgiven. A candidate that was written to is asked
through fresh processes as often, so that the data of both sides grow alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.process.twins import StandIn
from pytest_cutover.compare.confirm.baseline_alone import heard_again
from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.polls import beside_twins, without_polls
from pytest_cutover.compare.confirm.process_places import (
    KINDS,
    ProcessPlaces,
    may_belong,
    of_order,
    without,
    without_ids_of,
)
from pytest_cutover.compare.confirm.sharing import NOT_KNOWN
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.confirm.unruled_order import in_no_order, left_open
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import READS, Side, Transcript

# A start time in whole seconds is another one for the second process.
_APART_S: Final = 1.1
# Two things in an order by chance are in the same order in twelve processes once in 2,048 times.
_MOST: Final = 12
_MOST_TESTS: Final = 20


@dataclass(slots=True)
class TwinRounds:
    """The twins of a run: started when a difference first needs explaining, asked once for each.

    `tell` is given what each wrote. `problem` is why one did not start; `nobody` that one was
    wanted, and the target names none.
    """

    backends: BothBackends
    scrub: Callable[[str], str]
    tell: Callable[[Round], None]
    places: ProcessPlaces = field(default_factory=ProcessPlaces)
    problem: str = ""
    nobody: bool = False
    _running: dict[Side, list[StandIn]] = field(default_factory=dict)
    _asked: set[str] = field(default_factory=set)
    _tests: int = 0

    def known(self, judged: Judged, case: TestState) -> Judged:
        """Return the judgement without what earlier tests showed to be a process's own."""
        rounds, _, _ = without_polls(case.rounds, case.golden)
        found = without(judged, self.places.forgiven(judged.differences, rounds, judged.values))
        return without_ids_of(found, self.places.forgiven(_untold(found, rounds), rounds))

    def explain(
        self,
        judge: Judge,
        case: TestState,
        judged: Judged,
        items: tuple[pytest.Item, pytest.Item],
    ) -> Judged:
        """Return the judgement without what fresh processes of the baseline do not share.

        `items` are those of the baseline and the candidate.
        """
        steady = [
            one for one in judged.differences if one.kind in KINDS and judge.covering(one) is None
        ]
        untold = _untold(judged, case.rounds)
        new = [
            one
            for one in (*steady, *untold)
            if one.signature not in self._asked or self.places.knows(one)
        ]
        if self.nobody:
            return left_open(judged, steady, case.rounds)
        if len(case.rounds) < 2 or not new or self._tests >= _MOST_TESTS or self.problem:
            return judged
        self._tests += 1
        self._asked |= {one.signature for one in new}
        twins = self._twins(Side.BASELINE)
        if not twins:
            return left_open(judged, steady, case.rounds) if self.nobody else judged
        heard: list[Transcript] = []
        if len(twins) == 1:
            heard.append(case.rounds[-1].baseline)
        heard += self._ask(twins, Side.BASELINE, case, items)
        forgiven = self._learned(new, case, heard, judged)
        judged = self._ask_beside(heard[-len(twins) :], judge, judged, case, items)
        orders = [one for one in new if one not in forgiven and of_order(one, case.rounds)]
        while orders and len(twins) > 1 and len(heard) < _MOST:
            more = self._ask_once(case, items)
            if not more:
                break
            heard += more
            judged = self._ask_beside(more, judge, judged, case, items)
            self._learned(orders, case, [heard[0], heard[-1]], judged)
            forgiven = self._learned(new, case, (), judged)
            orders = [one for one in orders if one not in forgiven]
        found = without(judged, [one for one in forgiven if one not in untold])
        return without_ids_of(found, [one for one in forgiven if one in untold])

    def _learned(
        self,
        differences: Sequence[Difference],
        case: TestState,
        heard: Sequence[Transcript],
        judged: Judged,
    ) -> list[Difference]:
        """Return the differences that are a process's own, after what some processes answered: a
        loop takes another number of turns in each.
        """
        rounds, heard, moved = beside_twins(case.rounds, case.golden, heard)
        there = {
            replace(one, exchange=moved[one.exchange]): one
            for one in differences
            if one.exchange in moved
        }
        if heard:
            self.places.learn(there, heard)
        return [there[one] for one in self.places.forgiven(there, rounds, judged.values)]

    def _twins(self, side: Side) -> list[StandIn]:
        """Return the running twins of a side, started when first asked for."""
        if side not in self._running:
            first = self.backends.start_twin(side)
            found = [] if first is None else [first]
            self.nobody |= first is None and side is Side.BASELINE
            if first is not None and first.process is not None:
                time.sleep(_APART_S)
                second = self.backends.start_twin(side)
                found += [] if second is None else [second]
            for one in found:
                if one.problem and side is Side.BASELINE:
                    self.problem = self.scrub(one.problem).partition("\n")[0]
            self._running[side] = [] if any(one.problem for one in found) else found
        return self._running[side]

    def _ask_beside(
        self,
        heard: Sequence[Transcript],
        judge: Judge,
        judged: Judged,
        case: TestState,
        items: tuple[pytest.Item, pytest.Item],
    ) -> Judged:
        """Return the judgement after the candidate's twins, or itself where it has none, wrote what
        those of the baseline wrote, as often.
        """
        if not wrote(case.rounds[-1].candidate):
            return judged
        twins = self._twins(Side.CANDIDATE)[: len(heard)]
        beside = self._ask(twins, Side.CANDIDATE, case, items)
        if not twins:
            own = [heard_again(case, *items[::-1]) for _ in heard]
            beside = [one for one in own if one is not None]
        for one in map(Round, heard, beside):
            self.tell(one)
            judged = judge.beside(case, judged, one)
        return judged

    def _ask_once(
        self, case: TestState, items: tuple[pytest.Item, pytest.Item]
    ) -> list[Transcript]:
        """Return what one more process answers, which is stopped then."""
        extra = self.backends.start_twin(Side.BASELINE)
        if extra is None or extra.problem:
            return []
        try:
            return self._ask([extra], Side.BASELINE, case, items)
        finally:
            extra.stop()

    def _ask(
        self,
        twins: Sequence[StandIn],
        side: Side,
        case: TestState,
        items: tuple[pytest.Item, pytest.Item],
    ) -> list[Transcript]:
        """Run the test on each twin, unreported."""
        item, other = items if side is Side.BASELINE else items[::-1]
        heard: list[Transcript] = []
        for twin in twins:
            with self.backends.standing_in(side, twin):
                transcript = heard_again(case, item, other)
            if transcript is not None:
                heard.append(transcript)
        return heard


def _untold(judged: Judged, rounds: Sequence[Round]) -> list[Difference]:
    """Return the places of ids that are each side's own, if not each process's: what a status names
    by itself, in no list, where nothing was written and no row was asked for.
    """
    if not rounds or wrote(rounds[-1].baseline):
        return []
    asked = [one.endpoint for one in rounds[-1].baseline.exchanges]
    return [
        Difference(
            asked.index(one.endpoint),
            one.endpoint,
            Kind.HEADER_VALUE if one.pointer.startswith("/headers/") else Kind.VALUE,
            one.pointer,
            NOT_KNOWN,
        )
        for one in judged.account.open
        if one.reason == NOT_KNOWN
        and one.endpoint in asked
        and not {"{", "*"} & {*one.endpoint, *one.pointer}
    ]


def wrote(transcript: Transcript) -> bool:
    """Return whether a test sent anything but reads."""
    return any(one.request.method not in READS for one in transcript.exchanges)


def without_twin(twins: TwinRounds, judged: Judged, rounds: Sequence[Round]) -> str:
    """Return what a reader is told where a twin was wanted and there was none to ask."""
    differences = judged.differences
    if twins.problem and differences:
        return (
            "a second process of the baseline could not be started, so nothing was forgiven as "
            f"belonging to a process: {twins.problem}"
        )
    if not twins.nobody:
        return ""
    what = ""
    if any(map(may_belong, differences)):
        what = "what belongs to a process (a start time, an instance) stands still like this too"
    elif rounds and any(
        in_no_order(one, rounds) for one in differences if one.signature not in judged.unstable
    ):
        what = "an order by hash seed stands still like this too, and is another in each process"
    if what:
        return (
            f"{what}.\n"
            '  Name a second process of the baseline, twin_url = "http://…" in\n'
            "  [targets.NAME.baseline], and what the two do not share is held to its form"
        )
    return ""
