"""The transcript of a test on one side, while it is being made.

A `Recorder` is one per test and side, from the set-up of the first fixture to the end of the last
one's teardown; the `RecordingTransport` of each of its clients writes into it.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from pytest_cutover.core.exchange import Exchange, Generated, Side, Transcript

# How long the end of a test waits for what its threads have asked.
LONGEST_WAIT_S = 10.0


class Recorder:
    """Every exchange of one test on one side, and what else its transcript says.

    `generated` are codes that were made before it, in the login. `exchanges` are in the order in
    which they were asked for, whatever ended first. Once `closed`, nothing is added to them: what
    a thread was told afterwards is in `late`, and `unfinished` counts what had no end by then.
    """

    def __init__(
        self,
        test: str,
        side: Side,
        *,
        session_started_s: float,
        observe: Callable[[Exchange], None] = lambda _exchange: None,
        generated: Iterable[Generated] = (),
    ) -> None:
        self.test = test
        self.side = side
        self.exchanges: list[Exchange] = []
        self.late: list[Exchange] = []
        self.generated = list(generated)
        self.refusals: list[str] = []
        self.closed = False
        self.unfinished = 0
        self._session_started_s = session_started_s
        self._observe = observe
        self._turns: list[int] = []
        self._next_turn = 0
        self._under_way = 0
        self._change = threading.Condition()

    @contextmanager
    def asking(self) -> Iterator[int]:
        """Hold a turn in the transcript while a request is under way."""
        turn = self.take_turn()
        try:
            yield turn
        finally:
            self.give_turn_back()

    def take_turn(self) -> int:
        """Begin a request; `give_turn_back` has to follow."""
        with self._change:
            self._next_turn += 1
            self._under_way += 1
            return self._next_turn

    def give_turn_back(self) -> None:
        """End a request that took a turn."""
        with self._change:
            self._under_way -= 1
            self._change.notify_all()

    def record(self, exchange: Exchange, turn: int | None = None) -> None:
        """Keep an exchange, and let its secrets be known before anybody can print them."""
        self._observe(exchange)
        with self._change:
            if self.closed:
                self.late.append(exchange)
                return
            if len(self._turns) != len(self.exchanges):
                self._turns = [0] * len(self.exchanges)  # somebody began anew
            turn = self._next_turn if turn is None else turn
            at = bisect_right(self._turns, turn)
            self._turns.insert(at, turn)
            self.exchanges.insert(at, exchange)

    def close(self, wait_s: float = LONGEST_WAIT_S) -> None:
        """End the transcript, once what threads of the test have asked is answered."""
        with self._change:
            self._change.wait_for(lambda: self._under_way == 0, wait_s)
            self.unfinished, self.closed = self._under_way, True

    def transcript(
        self,
        secret_values: frozenset[str] = frozenset(),
        credentials: frozenset[str] = frozenset(),
    ) -> Transcript:
        """Return what was recorded so far; `credentials` are the secrets of each side's own."""
        return Transcript(
            test=self.test,
            side=self.side,
            exchanges=tuple(self.exchanges),
            generated=tuple(self.generated),
            session_started_s=self._session_started_s,
            secrets=secret_values,
            credentials=credentials,
        )
