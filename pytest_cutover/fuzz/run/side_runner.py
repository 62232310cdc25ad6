"""Both sides, asked in one order: a case goes to the baseline, then to the candidate.

One thread does all the asking, so that generating and comparing go on while a backend works, and
the order of requests on the wire is that in which they were asked for, every time.
"""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.fuzz.generate.case import Binding, Case
from pytest_cutover.fuzz.run.case_sender import earlier
from pytest_cutover.fuzz.run.given_out import GivenOut

Codes = dict[str, tuple[str, str]]
Meant = Callable[[Binding], Collection[str]]
Ask = Callable[[Case, Codes, Meant | None], Transcript]


class SidePair:
    """The two sides. `cpu_s` is what asking took of the processor, in seconds.

    `given` is what they gave out. `turnstile` is a file that workers hold while they ask both, so
    that what they write has the same order on the two sides; None where there is one worker.
    """

    def __init__(
        self, baseline: Ask, candidate: Ask, given: GivenOut, turnstile: Path | None = None
    ) -> None:
        self.cpu_s = 0.0
        self.given = given
        self._same_codes = False
        self._doubts = _MOST_DOUBTS
        self._baseline, self._candidate = baseline, candidate
        self._turnstile = turnstile
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cutover-fuzz")

    def close(self) -> None:
        """Wait for what is being asked, and ask nothing more."""
        self._thread.shutdown(cancel_futures=True)

    def ask(self, case: Case) -> Round:
        """Return both answers, and take down what they gave out."""
        one = self.round(case).result()
        self.given.learn(one)
        return one

    def learned(self, case: Case) -> Transcript:
        """Return what the baseline answers; the candidate is asked too.

        Numbers and names that are given out stay in step only where both are asked as often.
        """
        return self.ask(case).baseline

    def try_same_codes(self, case: Case) -> None:
        """Ask both with the same new codes: data of their own take them twice, shared data once.

        From then on both get the same, and what is sorted by them has one order.
        """
        if self._same_codes or not self._doubts:
            return
        self._doubts -= 1
        self._same_codes = True
        one = self.ask(case)
        self._same_codes = _is_taken(one.baseline) and _is_taken(one.candidate)

    def round(self, case: Case) -> Future[Round]:
        """Both answers, once they are there."""
        return self._thread.submit(self._both, case)

    def _both(self, case: Case) -> Round:
        with self._turn():
            codes: Codes = {}
            baseline = self._timed(self._baseline, case, codes)

            def meant(binding: Binding) -> tuple[str, ...]:
                value = earlier(baseline.exchanges, binding)
                return () if value is None else (*self.given.partners(value), value)

            same = codes if self._same_codes else {}
            return Round(baseline, self._timed(self._candidate, case, same, meant))

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._turnstile is None:
            yield
            return
        with self._turnstile.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def _timed(self, ask: Ask, case: Case, codes: Codes, meant: Meant | None = None) -> Transcript:
        began = time.thread_time()
        try:
            return ask(case, codes, meant)
        finally:
            self.cpu_s += time.thread_time() - began


_MOST_DOUBTS: Final = 3


def _is_taken(transcript: Transcript) -> bool:
    response = transcript.exchanges[-1].response if transcript.exchanges else None
    return response is not None and 200 <= response.status < 300
