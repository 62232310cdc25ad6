"""Whether a test is asked again, and when: for a difference, a late number, a rate limit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_cutover.compare.confirm import late_round, throttled
from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.test_state import Judge, TestState

LONGEST_WAIT_S = 30.0
"""What a run waits in all for a candidate that limits the rate."""


def told(case: TestState) -> str:
    """Return what a test is at that is asked again, for who waits for it."""
    test = case.rounds[0].baseline.test if case.rounds else "a test"
    number = len(case.rounds) + 1
    return f"asking both sides again to confirm what differs, round {number} of {test}"


@dataclass(slots=True)
class AskingAgain:
    """What asking again costs a run: each late number is waited for once, and waits are counted.

    `now_s` gives the seconds since the epoch.
    """

    now_s: Callable[[], float]
    patience: throttled.Patience = field(default_factory=lambda: throttled.Patience(LONGEST_WAIT_S))
    _late: set[str] = field(default_factory=set)

    def wait_s(self, judge: Judge, case: TestState, judged: Judged) -> float | None:
        """Return the seconds to wait before the next round; None where there is none.

        A round that the candidate refused for its rate is taken out of the case.
        """
        if not case.rounds or case.confirm_problem:
            return None
        if throttled.refusals(judged, judge.covering):
            last = case.rounds[-1].candidate
            asked = throttled.asked_to_wait_s(last, self.now_s())
            wait = self.patience.wait_s(asked, tries=case.throttled)
            case.throttled += 1
            if wait is not None:
                case.rounds.pop()
                return wait
            judged = throttled.without_refused(judged, last, judge.covering)
            if not judged.differences:
                return None
        numbers = late_round.told_by_numbers(
            one for one in judged.differences if judge.covering(one) is None
        )
        wanted = judge.wants_round(case, judged)
        new = numbers - judged.unstable - self._late
        if not new or (len(case.rounds) < 2 and not wanted):
            return 0.0 if wanted else None
        wait = late_round.wait_s(case.rounds, self.now_s())
        if wait is None:
            # It stood still for a second: so it does in other tests.
            self._late |= new
            return 0.0 if wanted else None
        return wait
