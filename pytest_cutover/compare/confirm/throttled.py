"""A candidate that answers 429 where the baseline does not: a budget, and not its behaviour. Pure.

What the application would have said is not known. So the test is asked again when the candidate
allows it, and has no answer where that takes longer than a run may wait. 429 at the same place on
both sides is behaviour; on the baseline alone it is a throttle that was lost, and a difference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.diff.account import Account, Fate
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Response, Transcript

TOO_MANY = 429
_UNSAID_S = 1.0  # how long to wait where the answer does not say it
_TRIES = 3  # for one test: what sends more than the limit in one go is throttled each time
_REASON = "throttled: the candidate answered 429"


def refusals(
    judged: Judged, covering: Callable[[Difference], str | None] = lambda _difference: None
) -> list[Difference]:
    """Return where the candidate alone answered 429, and nobody accepted that it does."""
    return [
        one
        for one in judged.differences
        if one.kind is Kind.STATUS
        and one.change.endswith(f"→ {TOO_MANY}")
        and covering(one) is None
    ]


def asked_to_wait_s(candidate: Transcript, now_s: float) -> float:
    """Return the longest time that the 429 answers of a transcript ask to wait, in seconds."""
    asked = [
        retry_after_s(exchange.response, now_s)
        for exchange in candidate.exchanges
        if exchange.response is not None and exchange.response.status == TOO_MANY
    ]
    return max(asked, default=_UNSAID_S)


def retry_after_s(answer: Response, now_s: float) -> float:
    """Return how long a 429 asks to wait: seconds, or those until a date (RFC 9110, 10.2.3)."""
    said = (answer.header("retry-after") or "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), 1e9)
    try:
        then = parsedate_to_datetime(said)
    except ValueError:
        return _UNSAID_S
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.fromtimestamp(now_s, UTC)).total_seconds())


@dataclass(slots=True)
class Patience:
    """How long a run may still wait for candidates that limit the rate."""

    left_s: float

    def wait_s(self, asked_s: float, *, tries: int) -> float | None:
        """Take a wait out of what is left; None where it is longer, or was tried often enough."""
        if asked_s > self.left_s or tries >= _TRIES:
            return None
        self.left_s -= asked_s
        return asked_s


def without_refused(
    judged: Judged,
    candidate: Transcript,
    covering: Callable[[Difference], str | None] = lambda _difference: None,
) -> Judged:
    """Return the judgement without what a rate limit hides: it is open, and says what to set.

    What differed before the first 429 stays; what came after it may be its consequence.
    """
    refused = refusals(judged, covering)
    if not refused:
        return judged
    first = min(one.exchange for one in refused)
    hidden = [one for one in judged.differences if one.exchange >= first]
    statuses = [one.response.status for one in candidate.exchanges if one.response is not None]
    number = max(statuses.count(TOO_MANY), 1)
    endpoint = min(refused, key=lambda one: one.exchange).endpoint
    asked_s = asked_to_wait_s(candidate, candidate.exchanges[-1].ended_s)
    why = (
        f"throttled: the candidate answered 429 Too Many Requests (rate limit) to {number} of "
        f"{len(candidate.exchanges)} requests, first at {endpoint}, where the baseline did not; "
        f"it asks to wait {asked_s:g} s, and a run waits 30 s in all; set "
        "max_requests_per_second of the target below the limit, or lift the limit for the test "
        "client, and run again"
    )
    return replace(
        judged,
        differences=tuple(one for one in judged.differences if one not in hidden),
        unstable=judged.unstable - {one.signature for one in hidden},
        inconclusive=why,
        account=_opened(judged.account, hidden),
    )


def _opened(account: Account, hidden: list[Difference]) -> Account:
    """Return the account with what was hidden as open places."""
    made = Account(account.places.copy(), dict(account.open))
    for one in hidden:
        made.retract(one.endpoint, Fate.DIFFERENT)
        made.leave_open(one.endpoint, one.pointer, _REASON)
    return made
