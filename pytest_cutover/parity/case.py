"""One test on its way through both sides: what was heard, what it means, whether to ask again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_cutover.backends.exchange import Transcript
from pytest_cutover.parity.compare import Comparison, compare, compare_with_golden
from pytest_cutover.parity.noise import Golden, UnsteadyBaseline, learn
from pytest_cutover.parity.profiles import Profiles
from pytest_cutover.parity.rounds import Judged, Round, judge
from pytest_cutover.parity.rules import Rules
from pytest_cutover.parity.steadiness import wavering

_ROUNDS_RECORDED = 2
_ROUNDS_UNRECORDED = 3


@dataclass(slots=True)
class Case:
    """What is known of a test so far. `absent` says why the baseline has no transcript."""

    golden: Golden | None
    golden_problem: str | None
    baseline: Transcript | None = None
    baseline_failed: bool = False
    absent: str | None = None
    rounds: list[Round] = field(default_factory=list)
    wants_round: bool = False
    confirming: bool = False
    confirm_problem: str | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges cases under the project's rules.

    `covering` gives the key of the accepted difference that covers a signature, if there is one.
    """

    rules: Rules
    profiles: Profiles
    shared_state: bool
    covering: Callable[[str], str | None]

    def stale(self, golden: Golden, baseline: Transcript) -> tuple[str, ...]:
        """Where the live baseline departs from its golden, in up to three sentences."""
        against = self._beside_golden(golden, baseline)
        messages = [
            f"{one.endpoint} {one.pointer or 'the answer'}: {one.kind}, {one.change}"
            for one in against.differences[:3]
        ]
        if against.inconclusive:
            messages.append(against.inconclusive)
        return tuple(messages)

    def from_memory(self, case: Case, candidate: Transcript) -> Judged:
        """The candidate beside the golden, where the baseline is not part of the run."""
        if case.golden is None:
            return Judged((), inconclusive=_nothing_to_compare_with(case))
        against = self._beside_golden(case.golden, candidate)
        return Judged(
            against.differences,
            inconclusive=against.inconclusive,
            requests_differ=against.requests_differ,
            rules_used=against.rules_used,
        )

    def live(self, case: Case) -> Judged:
        """All rounds so far, under the golden's noise or the noise of the rounds themselves."""
        golden = case.golden
        if golden is None:
            last = case.rounds[min(1, len(case.rounds) - 1)].baseline
            try:
                golden = learn(case.rounds[0].baseline, last, rules=self.rules)
            except UnsteadyBaseline as error:
                return Judged((), inconclusive=str(error))
            wavers = wavering(golden)
            if wavers is not None:
                return Judged((), inconclusive=wavers)
        known = golden

        def beside(baseline: Transcript, candidate: Transcript) -> Comparison:
            return compare(
                baseline,
                candidate,
                golden=known,
                rules=self.rules,
                profiles=self.profiles,
                shared_state=self.shared_state,
            )

        return judge(case.rounds, beside)

    def wants_round(self, case: Case) -> bool:
        """Whether to run again: there is something to confirm, and a round left for it."""
        done = len(case.rounds)
        if case.confirm_problem or not done:
            return False
        judged = self.live(case)
        if not judged.differences:
            return bool(judged.inconclusive) and done < 2 and not judged.requests_differ
        if case.golden is None:
            return done < 2 or (done < _ROUNDS_UNRECORDED and bool(judged.unstable))
        accepted = all(self.covering(one.signature) for one in judged.differences)
        return done < _ROUNDS_RECORDED and not (done == 1 and accepted)

    def _beside_golden(self, golden: Golden, observed: Transcript) -> Comparison:
        return compare_with_golden(golden, observed, rules=self.rules, profiles=self.profiles)


def _nothing_to_compare_with(case: Case) -> str:
    absent = case.absent or "the baseline is not part of this run"
    memory = case.golden_problem or "there is no golden"
    return (
        f"there is nothing to compare with: {absent}, and {memory}; run the test without "
        "[candidate], on both sides"
    )
