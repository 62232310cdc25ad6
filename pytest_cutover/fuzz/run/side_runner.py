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

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.fuzz.generate.case import Binding, Case
from pytest_cutover.fuzz.run.case_sender import earlier
from pytest_cutover.fuzz.run.data_of_sides import DataOfSides
from pytest_cutover.fuzz.run.given_out import GivenOut
from pytest_cutover.fuzz.run.new_codes import NewCodes, writes_taken
from pytest_cutover.fuzz.run.row_keys import kind_of

Codes = dict[str, tuple[str, str]]
Meant = Callable[[Binding], Collection[str]]
Ask = Callable[[Case, Codes, Meant | None], Transcript]


class SidePair:
    """The two sides. `cpu_s` is what asking took of the processor, in seconds.

    `given` is what they gave out, `data` what is known of what is behind them, `codes` whether they
    get the same new ones. `turnstile` is a file that workers hold while they ask both, so that what
    they write has the same order on the two sides; None where there is one worker.
    """

    def __init__(
        self,
        baseline: Ask,
        candidate: Ask,
        *,
        given: GivenOut,
        data: DataOfSides,
        codes: NewCodes,
        turnstile: Path | None = None,
    ) -> None:
        self.cpu_s = 0.0
        self.given, self.data = given, data
        self._codes = codes
        self._baseline, self._candidate = baseline, candidate
        self._turnstile = turnstile
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="cutover-fuzz")

    def close(self) -> None:
        """Wait for what is being asked, and ask nothing more."""
        self._thread.shutdown(cancel_futures=True)

    def ask(self, case: Case) -> Round:
        """Return both answers, of which nobody has to compare anything."""
        one = self.round(case).result()
        self.data.part(one)
        return one

    def learned(self, case: Case) -> Transcript:
        """Return what the baseline answers; the candidate is asked too.

        Numbers and names that are given out stay in step only where both are asked as often.
        """
        return self.ask(case).baseline

    @property
    def have_own_data(self) -> bool | None:
        """Whether each side is known to have data of its own; None where that is not known yet."""
        return self._codes.same

    def round(self, case: Case) -> Future[Round]:
        """Both answers, once they are there."""
        return self._thread.submit(self._both, case)

    def _both(self, case: Case) -> Round:
        """Ask both, and take down what they gave out before another worker asks anything."""
        with self._turn():
            codes: Codes = {}
            baseline = self._timed(self._baseline, case, codes)
            same = self._codes.same
            own = dict(codes) if same is not False else {}
            one = Round(baseline, self._timed(self._candidate, case, own, self._meant(baseline)))
            self._take_down(one)
            if same is None and codes:
                one = self._found_out(case, one, codes)
            return one

    def _found_out(self, case: Case, one: Round, codes: Codes) -> Round:
        """Find out whether both sides get the same codes; the round that can be compared.

        Where only the baseline took a code the candidate gets one of its own. Where both took it,
        that it must be new is seen when both refuse it now: only then it tells of their data.
        """
        ours, theirs = writes_taken(one.baseline), writes_taken(one.candidate)
        if not any(ours):
            return one
        if ours == theirs:
            again = dict(codes)
            baseline = self._timed(self._baseline, case, again)
            second = Round(
                baseline, self._timed(self._candidate, case, again, self._meant(baseline))
            )
            self._take_down(second)
            if writes_taken(baseline) == writes_taken(second.candidate) != ours:
                self._codes.decide(same=True)
            else:
                self._codes.doubt()
            return one
        meant = self._meant(one.baseline)
        second = Round(one.baseline, self._timed(self._candidate, case, {}, meant))
        if writes_taken(second.candidate) != ours:
            self._codes.doubt()
            return one
        self._take_down(second)
        self._codes.decide(same=False)
        return second

    def _take_down(self, one: Round) -> None:
        self.given.learn(one)
        self.data.tell(one)

    def _meant(self, baseline: Transcript) -> Meant:
        def meant(binding: Binding) -> tuple[str, ...]:
            value = earlier(baseline.exchanges, binding)
            if value is None or binding.step is None:
                return ()
            kinds = (kind_of(baseline.exchanges[binding.step]),)
            return (*self.given.partners(value, kinds), value)

        return meant

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
