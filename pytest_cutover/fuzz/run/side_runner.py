"""Both sides, asked in one order: a case goes to the baseline, then to the candidate.

One thread does all the asking, so that generating and comparing go on while a backend works, and
the order of requests on the wire is that in which they were asked for, every time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.fuzz.generate.case import Case

Ask = Callable[[Case], Transcript]


class SidePair:
    """The two sides. `cpu_s` is what asking took of the processor, in seconds."""

    def __init__(self, baseline: Ask, candidate: Ask) -> None:
        self.cpu_s = 0.0
        self._baseline, self._candidate = baseline, candidate
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cutover-fuzz")

    def close(self) -> None:
        """Wait for what is being asked, and ask nothing more."""
        self._thread.shutdown(cancel_futures=True)

    def baseline(self, case: Case) -> Transcript:
        """What the baseline answers."""
        return self._thread.submit(self._timed, self._baseline, case).result()

    def candidate(self, case: Case) -> Transcript:
        """What the candidate answers."""
        return self._thread.submit(self._timed, self._candidate, case).result()

    def learned(self, case: Case) -> Transcript:
        """Return what the baseline answers; the candidate is asked too.

        Numbers and names that are given out stay in step only where both are asked as often.
        """
        return self.round(case).result().baseline

    def round(self, case: Case) -> Future[Round]:
        """Both answers, once they are there."""
        return self._thread.submit(self._both, case)

    def _both(self, case: Case) -> Round:
        return Round(self._timed(self._baseline, case), self._timed(self._candidate, case))

    def _timed(self, ask: Ask, case: Case) -> Transcript:
        began = time.thread_time()
        try:
            return ask(case)
        finally:
            self.cpu_s += time.thread_time() - began
