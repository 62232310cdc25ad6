"""How fast a side is asked: one budget for each side and target, and patience with a 429.

The client of tests, the timed one and what else asks a side take their turn from the `RateLimit`
that the side's transport holds.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pytest_cutover.core.exchange import Response

# What a whole run waits for a backend that says that it was asked too often.
LONGEST_WAIT_S = 30.0


class RateLimit:
    """At most so many requests a second, over all threads of this process; None sets no limit."""

    def __init__(self, requests_per_s: float | None) -> None:
        self._interval_s = 1 / requests_per_s if requests_per_s else 0.0
        self._next_s = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Return when the next request may leave."""
        if not self._interval_s:
            return
        with self._lock:
            now = time.monotonic()
            at = max(now, self._next_s)
            self._next_s = at + self._interval_s
        if at > now:
            time.sleep(at - now)


def retry_after_s(response: Response, now_s: float) -> float | None:
    """Return the seconds after which an answer says to ask again; None where it does not.

    `now_s` is the time since the epoch. RFC 9110, 10.2.3: seconds, or an HTTP date.
    """
    text = (response.header("retry-after") or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.fromtimestamp(now_s, UTC)).total_seconds())


class WaitBudget:
    """What is left of the time that a run waits for throttled answers, over all its tests."""

    def __init__(
        self,
        longest_s: float = LONGEST_WAIT_S,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.left_s = longest_s
        self._sleep, self._clock = sleep, clock

    def wait_for(self, response: Response) -> bool:
        """Wait as long as a 429 or 503 says; False, at once, where it says nothing or too much."""
        wait_s = retry_after_s(response, self._clock())
        if response.status not in (429, 503) or wait_s is None or wait_s > self.left_s:
            return False
        self.left_s -= wait_s
        self._sleep(wait_s)
        return True
