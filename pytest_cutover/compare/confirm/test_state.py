"""One test on its way through both sides: what was heard, what it means, whether to ask again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Set
from dataclasses import dataclass, field, replace

from pytest_cutover.compare.confirm import own_write, stale_goldens
from pytest_cutover.compare.confirm.chance import is_by_chance
from pytest_cutover.compare.confirm.confirmation import (
    Judged,
    Round,
    departures,
    judge,
    with_open,
)
from pytest_cutover.compare.confirm.drawn_words import ROUNDS_OF_CHANCE
from pytest_cutover.compare.confirm.late_round import told_by_numbers
from pytest_cutover.compare.confirm.memory import Memory
from pytest_cutover.compare.confirm.polls import as_recorded, without_polls
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.turns import leaves_rows_open
from pytest_cutover.compare.confirm.written_before import WrittenBefore
from pytest_cutover.compare.diff.account import UNSTEADY
from pytest_cutover.compare.diff.descriptions import ANY_TEXT
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.diff.fast_path import same_bytes
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.transcripts import Comparison, RoundContext, compare_with_golden
from pytest_cutover.compare.noise.model import (
    Golden,
    UnsteadyBaseline,
    without_ids_of_the_run,
)
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.core.exchange import Transcript

# What was confirmed in full in another test is confirmed by two rounds in this one, unless it comes
# and goes here. Two sides that toss one coin show one difference twice in one test of eight, and
# four times in one of 128.
_ROUNDS = 2
_ROUNDS_IN_FULL = 4
ON_THE_WAY = "the candidate gave an answer now and then that the baseline, asked as often, did not"
# Nobody waits four times for a backend that hangs.
_PATIENCE_S = 10.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How the other variant of a test ended: its transcript, its evidence, and its own error."""

    transcript: Transcript
    evidence: TestEvidence
    error: BaseException | None


@dataclass(slots=True)
class TestState:
    """What is known of a test so far. `absent` says why the baseline has no transcript.

    `last` is the variant that ended last: the candidate, or the baseline recorded again.
    `throttled` counts the rounds in which the candidate alone refused for its rate. After a round
    that other workers may have `disturbed`, which is not among `rounds`, two must agree.
    """

    __test__ = False  # not a test class, whatever its name says to pytest

    golden: Golden | None
    golden_problem: str | None
    baseline: Transcript | None = None
    baseline_failed: bool = False
    absent: str | None = None
    rounds: list[Round] = field(default_factory=list)
    last: Ended | None = None
    confirming: bool = False
    confirm_problem: str | None = None
    memory: Memory = field(default_factory=Memory)
    throttled: int = 0
    disturbed: Round | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges cases under the project's rules.

    `covering` gives the key of the accepted difference that covers a difference, if there is one.
    `confirmed` are the signatures that were confirmed in full, in any test of this process, and
    `known` the pairs of values that earlier tests have shown. `settled` are the places of numbers
    that were followed over several rounds already. `written` is what the writes of earlier tests
    drew.
    """

    rulebook: Rulebook
    covering: Callable[[Difference], str | None]
    confirmed: Collection[str] = frozenset()
    known: Correspondence = field(default_factory=Correspondence)
    settled: Set[tuple[str, str]] = frozenset()
    written: WrittenBefore | None = None

    def stale(self, golden: Golden, baseline: Transcript) -> tuple[str, ...]:
        """Where the live baseline departs from its golden, in up to three sentences."""
        return self._stale(golden, baseline)[0]

    def _stale(self, golden: Golden, baseline: Transcript) -> tuple[tuple[str, ...], bool]:
        """Where the live baseline departs from its golden, and whether in numbers alone."""
        golden, baseline = as_recorded(golden, baseline)
        against = self._beside_golden(golden, baseline)
        differences = stale_goldens.departures(golden, baseline, against.differences)
        messages = [
            f"{one.endpoint} {one.pointer or 'the answer'}: {one.kind}, {one.change}"
            for one in differences[:3]
        ]
        if against.inconclusive:
            messages.append(against.inconclusive)
        numbers = told_by_numbers(differences)
        by_numbers = not against.inconclusive and all(
            one.signature in numbers for one in differences
        )
        return tuple(messages), bool(messages) and by_numbers

    def from_memory(self, case: TestState, candidate: Transcript) -> Judged:
        """Return the candidate beside the golden, where the baseline is not part of the run."""
        if case.golden is None:
            return Judged((), inconclusive=_nothing_to_compare_with(case))
        against = self._beside_golden(*as_recorded(case.golden, candidate))
        return Judged(
            against.differences,
            inconclusive=against.inconclusive,
            requests_differ=against.requests_differ,
            rules_used=against.rules_used,
            account=against.account,
        )

    def live(self, case: TestState) -> Judged:
        """All rounds so far, under the golden's noise or the noise of the rounds themselves."""
        rounds, golden, strays = without_polls(case.rounds, case.golden)
        case = replace(case, golden=golden)
        judged = replace(self._live(rounds, case), first=rounds[0])
        recorded = self._recorded(case, rounds)
        if recorded is not None:
            stale, by_numbers = self._stale(recorded, rounds[0].baseline)
            judged = replace(judged, stale=stale, stale_by_numbers=by_numbers)
        done = len(rounds)
        by_chance = [
            one.difference
            for one in strays
            if done >= ROUNDS_OF_CHANCE and is_by_chance(one.rounds, done)
        ]
        kept = [one for one in strays if one.difference not in by_chance]
        judged = replace(
            judged,
            differences=(*judged.differences, *(one.difference for one in kept)),
            unstable=judged.unstable
            | {one.difference.signature for one in kept if one.rounds < done},
        )
        if not by_chance:
            return judged
        places = [(one.endpoint, one.pointer) for one in by_chance]
        return replace(
            judged,
            inconclusive=judged.inconclusive or f"{ON_THE_WAY} at {places[0][0]}",
            account=with_open(judged.account, places, ON_THE_WAY),
        )

    def _live(self, rounds: list[Round], case: TestState) -> Judged:
        golden = self._recorded(case, rounds)
        if (
            golden is None
            and len(rounds) == 1
            and same_bytes(rounds[0].baseline, rounds[0].candidate)
        ):
            golden = Golden(rounds[0].baseline.test)
        elif golden is None:
            try:
                golden = self._learned(case, [one.baseline for one in rounds])
            except UnsteadyBaseline as error:
                return Judged((), inconclusive=str(error))
        compare = case.memory.comparing(golden, self.rulebook.under(golden))
        judged = judge(
            rounds, compare, self.known, self.rulebook.rules, self.written, case.disturbed
        )
        if case.golden is None and len(rounds) == 1 and self.rulebook.shared_state is not False:
            unlearned = own_write.untold(rounds[0].baseline, rounds[0].candidate)
            judged = replace(judged, moving=judged.moving | unlearned)
        is_told = case.golden is None and len(rounds) > 1
        wavers = case.memory.wavering(golden) if is_told else None
        if wavers is None:
            return judged
        endpoint, how = wavers
        return replace(
            judged,
            inconclusive=f"{UNSTEADY} at {endpoint}: {how}",
            account=with_open(judged.account, [(endpoint, "")], UNSTEADY),
        )

    def beside(self, case: TestState, judged: Judged, one: Round) -> Judged:
        """Return the judgement with the pairs of values that turns beside the rounds have shown."""
        try:
            golden = case.golden or self._learned(case, [each.baseline for each in case.rounds])
        except UnsteadyBaseline:
            golden = Golden(one.baseline.test)
        last = case.rounds[-1]
        context = RoundContext(
            known=judged.values, later=last.baseline, theirs=last.candidate, is_last_round=True
        )
        found = self.rulebook.under(golden)(one.baseline, one.candidate, context)
        return replace(judged, values=found.values)

    def departed(self, case: TestState) -> tuple[Difference, ...]:
        """How the baseline departed from itself in the rounds of a test that has ended.

        Where there is no golden, under the noise of the first round alone: what differs between the
        rounds excuses nothing here, but for ids and times that are others in each of them.
        """
        if len(case.rounds) < _ROUNDS:
            return ()
        rounds, golden, _ = without_polls(case.rounds, case.golden)
        case = replace(case, golden=golden)
        baselines = [one.baseline for one in rounds]
        try:
            golden = self._recorded(case, rounds) or without_ids_of_the_run(
                self._learn(case, baselines[0], baselines[0])
            )
        except UnsteadyBaseline:
            return ()
        return departures(baselines, case.memory.comparing(golden, self.rulebook.under(golden)))

    def _recorded(self, case: TestState, rounds: list[Round]) -> Golden | None:
        """Return the golden, after several rounds with what they showed of rows and numbers."""
        if case.golden is None or len(rounds) < _ROUNDS:
            return case.golden
        try:
            live = self._learned(case, [one.baseline for one in rounds])
        except UnsteadyBaseline:
            return case.golden
        both = [(one.baseline, one.candidate) for one in rounds]
        return case.memory.with_rows_of(case.golden, live, both)

    def _learned(self, case: TestState, baselines: list[Transcript]) -> Golden:
        """Return the noise of all rounds so far."""
        golden = self._learn(case, baselines[0], baselines[1] if baselines[1:] else baselines[0])
        for later in baselines[2:]:
            golden = self._learn(case, baselines[0], later, golden)
        return golden

    def _learn(
        self,
        case: TestState,
        first: Transcript,
        again: Transcript,
        earlier: Golden | None = None,
    ) -> Golden:
        return case.memory.learn(first, again, earlier, self.rulebook.rules)

    def wants_round(self, case: TestState, judged: Judged) -> bool:
        """Whether to run again: there is something to confirm, and a round left for it."""
        done = len(case.rounds)
        if case.confirm_problem or not done:
            return False
        if case.disturbed and done < _ROUNDS:
            return True
        if self.rulebook.others_write and leaves_rows_open(judged) and done < _ROUNDS:
            return True
        if (judged.moving - self.settled or judged.stale_by_numbers) and done < _ROUNDS_IN_FULL:
            return True
        is_asked_long = done >= ROUNDS_OF_CHANCE or _waited_s(case.rounds) >= _PATIENCE_S
        if (judged.few_rows or judged.drawn - self.settled) and not is_asked_long:
            return True
        is_untold = judged.by_form or _has_free_text(judged)
        if case.golden is not None and done < _ROUNDS and is_untold:
            # Two rounds show which lines were added to a text, and what varies in rows that the
            # recordings did not have.
            return True
        if not judged.differences:
            # What was recorded alike by chance may move on both sides before long.
            most = _ROUNDS if case.golden is None else _ROUNDS_IN_FULL
            return bool(judged.inconclusive) and done < most and not judged.requests_differ
        pending = {one.signature for one in judged.differences if not self.covering(one)}
        if case.golden is not None and not pending:
            return False
        if done < _ROUNDS:
            return True
        new = pending - set(self.confirmed)
        by_chance = pending & judged.unstable
        most = ROUNDS_OF_CHANCE if new & by_chance else _ROUNDS_IN_FULL
        return bool(new | by_chance) and done < most and _waited_s(case.rounds) < _PATIENCE_S

    def newly_confirmed(self, case: TestState, judged: Judged) -> frozenset[str]:
        """Return the signatures that every one of all rounds showed."""
        if len(case.rounds) < _ROUNDS_IN_FULL:
            return frozenset()
        return frozenset(one.signature for one in judged.differences) - judged.unstable

    def _beside_golden(self, golden: Golden, observed: Transcript) -> Comparison:
        return compare_with_golden(
            golden, observed, rules=self.rulebook.rules, profiles=self.rulebook.profiles
        )


def _has_free_text(judged: Judged) -> bool:
    return any(one.reason == ANY_TEXT for one in judged.account.open)


def _waited_s(rounds: list[Round]) -> float:
    """How long the backends took for their answers."""
    return sum(
        exchange.ended_s - exchange.started_s
        for one in rounds
        for transcript in (one.baseline, one.candidate)
        for exchange in transcript.exchanges
    )


def _nothing_to_compare_with(case: TestState) -> str:
    absent = case.absent or "the baseline is not part of this run"
    memory = case.golden_problem or "there is no golden"
    return (
        f"there is nothing to compare with: {absent}, and {memory}; run the test without "
        "[candidate], on both sides"
    )
