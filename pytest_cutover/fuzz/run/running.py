"""One process' part of a fuzz run: both sides opened once, and what an item does with them.

Imported when the first item runs. An item compares its cases, shrinks what is new, keeps the cases
as files and tells the controller.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Final

from pytest_cutover.backends.session import Session
from pytest_cutover.compare.confirm.both_sides import BothSides
from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Exchange, Side
from pytest_cutover.fuzz.generate.case import Case
from pytest_cutover.fuzz.generate.payload import Told
from pytest_cutover.fuzz.run.case_sender import CaseSender
from pytest_cutover.fuzz.run.data_of_sides import DataOfSides
from pytest_cutover.fuzz.run.evidence_builder import EvidenceBuilder
from pytest_cutover.fuzz.run.explaining import Members
from pytest_cutover.fuzz.run.given_out import GivenOut
from pytest_cutover.fuzz.run.new_codes import NewCodes
from pytest_cutover.fuzz.run.packing import Packing
from pytest_cutover.fuzz.run.shrink import shrink
from pytest_cutover.fuzz.run.side_runner import SidePair
from pytest_cutover.fuzz.run.triage import Classes, Examiner, Found, Key

_FOR_COMPARING: Final = 0.7
_GENEROUS: Final = 2
BUDGET: Final = "budget"
_AHEAD: Final = 2


class Budget:
    """The seconds of a run, shared out: what one item leaves over is there for the others."""

    def __init__(self, seconds: float, weight: float) -> None:
        self._seconds = seconds
        self._weight = max(weight, 1.0)
        self._ends = 0.0

    def share(self, weight: float = 1.0) -> float:
        """Return how long the next item may take, in seconds; `weight` is its part of the whole."""
        now = time.monotonic()
        self._ends = self._ends or now + self._seconds
        left = max(0.0, self._ends - now)
        # Most items need less than their share: one that needs more may take it.
        share = min(left, _GENEROUS * left * weight / max(self._weight, weight))
        self._weight = max(1.0, self._weight - weight)
        return share


@dataclass(slots=True)
class Settled:
    """What this process knows already: findings with their smallest case."""

    findings: dict[Key, Found] = field(default_factory=dict)


def _learning() -> str:
    return "learning what lets requests in"


def _left(until: float) -> str:
    return f"at most {max(0.0, until - time.monotonic()):.0f} s left"


def _shrinking(number: int, many: int, until: float) -> str:
    return f"making the case of finding {number} of {many} smaller, {_left(until)}"


class FuzzSession:
    """Both sides, ready to be asked, and everything that turns a difference into evidence.

    `doing` says what it is at.
    """

    def __init__(self, sides: BothSides, run: Session) -> None:
        self.doing: Callable[[], str] = _learning
        self._sides, self._run = sides, run
        self.problem = sides.problem
        self.settled = Settled()
        self._requests = 0
        self._closing = ExitStack()
        self._closing.callback(sides.close)
        self._builder = EvidenceBuilder(run)
        self._packing = Packing()
        self._spent: dict[str, float] = {}

    def begin(self) -> None:
        """Begin another item."""
        self.doing = _learning

    def close(self) -> None:
        """Close both clients; the connections are the session's."""
        self._closing.close()

    @cached_property
    def _senders(self) -> tuple[CaseSender, CaseSender]:
        return CaseSender(self._sides.baseline), CaseSender(self._sides.candidate)

    @property
    def _limited(self) -> tuple[str, ...]:
        """Where the baseline limits the rate, as long as the candidate never did."""
        baseline, candidate = self._senders
        return () if candidate.limited else tuple(baseline.limited)

    @cached_property
    def pair(self) -> SidePair:
        """Both, asked in one order."""
        many = self._run.plan.is_worker and self._run.plan.workers > 1
        spool = self._run.plan.spool_dir
        given = GivenOut(spool / "fuzz-given-out" if many else None)
        baseline, candidate = self._senders
        pair = SidePair(
            baseline,
            candidate,
            given=given,
            data=DataOfSides(spool / "fuzz-data" if many else None, partners=given.partners),
            codes=NewCodes(
                self._run.plan.target.shared_state, spool / "fuzz-new-codes" if many else None
            ),
            turnstile=spool / "fuzz-turnstile" if many else None,
        )
        self._closing.callback(pair.close)
        return pair

    # -- one item ---------------------------------------------------------------------------------

    def examiner(
        self,
        classes: Classes,
        *,
        members: Callable[[str], Members] = lambda _endpoint: Members(),
        over_operations: bool = False,
    ) -> Examiner:
        """Return an examiner of both sides; for requests whose oddity is that of no operation."""
        rulebook = self._sides.rulebook
        if rulebook.shared_state is None and self.pair.have_own_data:
            rulebook = replace(rulebook, shared_state=False)
        return Examiner(
            self.pair.ask,
            self.pair.given,
            self.pair.data,
            rulebook=rulebook,
            classes=classes,
            members=members,
            elsewhere=tuple(self.settled.findings) if over_operations else None,
            packing=self._packing,
        )

    @property
    def logins(self) -> tuple[Sequence[Exchange], Sequence[Exchange]]:
        """What the login asked both sides, in this process."""
        known = [self._run.logins.get(side) for side in Side]
        ours, theirs = (one.exchanges if one is not None else () for one in known)
        return ours, theirs

    @property
    def logged_in(self) -> bool:
        """Whether there are credentials that can be left out."""
        return self._sides.baseline.logged_in

    def compare(self, examiner: Examiner, cases: Iterable[Case], *, until: float) -> str:
        """Examine cases; ``budget`` where the time is over before they are.

        While the sides work on the next cases, the last one is compared.
        """
        ahead: deque[tuple[Case, Future[Round]]] = deque()
        stopped = ""
        self.doing = lambda: f"{examiner.tally.compared} cases compared, {_left(until)}"
        for case in self._generated(cases):
            if time.monotonic() > until:
                stopped = BUDGET
                break
            ahead.append((case, self.pair.round(case)))
            if len(ahead) > _AHEAD:
                self._examine(examiner, *ahead.popleft())
        while ahead:
            self._examine(examiner, *ahead.popleft())
        return stopped

    def _generated(self, cases: Iterable[Case]) -> Iterator[Case]:
        made = iter(cases)
        while True:
            with self._spending("generating"):
                case = next(made, None)
            if case is None:
                return
            yield case

    def _examine(self, examiner: Examiner, case: Case, asked: Future[Round]) -> None:
        answers = asked.result()
        with self._spending("comparing"):
            examiner.examine(case, answers)

    @contextmanager
    def _spending(self, part: str) -> Iterator[None]:
        """Count what a part of the work takes of the processor, in seconds."""
        began = time.thread_time()
        try:
            yield
        finally:
            self._spent[part] = self._spent.get(part, 0.0) + time.thread_time() - began

    def shrink(self, examiner: Examiner, *, until: float) -> None:
        """Replace the case of each finding by the smallest that shows it."""
        asked_s = self.pair.cpu_s
        with self._spending("shrinking"):
            self._shrink_all(examiner, until)
        self._spent["shrinking"] += self.pair.cpu_s - asked_s
        self.pair.cpu_s = asked_s

    def _shrink_all(self, examiner: Examiner, until: float) -> None:
        every = list(examiner.findings.items())
        for number, (key, found) in enumerate(every, start=1):
            self.doing = partial(_shrinking, number, len(every), until)
            known = self.settled.findings.get(key)
            if known is not None and known.case.size <= found.case.size:
                _take(found, known)
                continue
            if time.monotonic() < until:
                self._shrink_one(examiner, found, until)
            self.settled.findings[key] = found
        examiner.merge()

    def _shrink_one(self, examiner: Examiner, found: Found, until: float) -> None:
        def shows(case: Case) -> bool:
            if time.monotonic() > until:
                return False
            again = examiner.shows(case, found.key)
            if again is None:
                return False
            _take(found, again)
            return True

        _, found.steps = shrink(found.case, shows)
        found.shrunk = True

    def told(self, item: str, endpoint: str, kind: str, **said: Any) -> Told:
        """Return what an item did, for the controller; `said` is what `EvidenceBuilder.told`
        takes.
        """
        total = self._sides.baseline.requests + self._sides.candidate.requests
        since, self._requests = total - self._requests, total
        spent, self._spent = {**self._spent, "asking": self.pair.cpu_s}, {}
        self.pair.cpu_s = 0.0
        return self._builder.told(
            item, endpoint, kind, requests=since, cpu_s=spent, limited=self._limited, **said
        )

    def limits(self, share: float) -> tuple[float, float]:
        """Until when to compare, and until when to shrink."""
        now = time.monotonic()
        return now + _FOR_COMPARING * share, now + share


def _take(found: Found, other: Found) -> None:
    found.case, found.difference = other.case, other.difference
    found.baseline, found.candidate = other.baseline, other.candidate
