"""Moving the traffic there and back with the team's own commands, under load."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pytest_cutover.backends import http_library as http
from pytest_cutover.backends.exchange import Side
from pytest_cutover.checklist.commands import run
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import CheckResult, failed, passed, undecided
from pytest_cutover.checklist.switch.fingerprint import as_text, side_of
from pytest_cutover.checklist.switch.timeline import Answer, Moved, moved
from pytest_cutover.config.command import Command
from pytest_cutover.config.monitoring import Switch

_THREADS = 8
_BEFORE_S = 1.0


class Load:
    """A steady stream of fingerprint requests at the users' address, in threads of its own."""

    def __init__(self, table: Switch) -> None:
        self._table = table
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._answers: list[Answer] = []
        self._threads = [
            threading.Thread(target=self._ask, args=(number,), daemon=True)
            for number in range(_THREADS)
        ]

    @contextmanager
    def running(self) -> Iterator[Load]:
        """The load, for the length of a `with`."""
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(timeout=15)

    def taken(self) -> list[Answer]:
        """What was answered since the last call, in order."""
        with self._lock:
            answers, self._answers = self._answers, []
        return sorted(answers, key=lambda one: one.at_s)

    def _ask(self, number: int) -> None:
        pause_s = _THREADS / self._table.rate
        next_s = time.monotonic() + number * pause_s / _THREADS
        url = f"{self._table.url.rstrip('/')}{self._table.fingerprint.path}"
        with http.Client(timeout=http.Timeout(10.0), trust_env=False) as client:
            while not self._stop.wait(max(0.0, next_s - time.monotonic())):
                next_s += pause_s
                answer = self._answer(client, url)
                with self._lock:
                    self._answers.append(answer)

    def _answer(self, client: http.Client, url: str) -> Answer:
        try:
            response = client.get(url)
        except http.RequestError as error:
            return Answer(at_s=time.monotonic(), side=None, lost=type(error).__name__)
        at_s = time.monotonic()
        if response.status_code >= 500:
            return Answer(at_s=at_s, side=None, lost=f"status {response.status_code}")
        return Answer(at_s=at_s, side=side_of(as_text(response), self._table.fingerprint))


def rehearse(context: Context, table: Switch) -> CheckResult:
    """There and back, and the baseline answers at the end. The caller has seen to consent."""
    assert table.to_candidate is not None
    assert table.to_baseline is not None
    moves: list[Moved] = []
    with Load(table).running() as load:
        time.sleep(_BEFORE_S)
        for to, command in (
            (Side.CANDIDATE, table.to_candidate),
            (Side.BASELINE, table.to_baseline),
        ):
            time.sleep(_BEFORE_S)
            found = move(context, table, load, to, command)
            if isinstance(found, CheckResult):
                _back(context, table, load, moves)
                return found
            moves.append(found)
    said = "; ".join(str(one) for one in moves)
    stuck = [one for one in moves if not one.arrived]
    lost = sum(one.lost for one in moves)
    if stuck:
        return failed(
            said, f"after {table.settle:g} s the {stuck[0].to.other} still answered", limit="all"
        )
    if lost > table.lost:
        why = next(one.why_lost for one in moves if one.lost)
        return failed(said, f"the first was lost by {why}", limit=f"{table.lost} lost")
    return passed(said, limit=f"{table.lost} lost")


def move(
    context: Context, table: Switch, load: Load, to: Side, command: Command
) -> Moved | CheckResult:
    """Test the proxy's configuration, run one command, and wait until the old side is silent."""
    before = load.taken()
    if not any(one.side is to.other for one in before):
        return undecided(
            f"the {to.other} was not answering before", "a move starts from the other side"
        )
    if table.test is not None:
        tested = run(table.test, context)
        if not tested.succeeded:
            why = tested.problem or f"status {tested.status}"
            return failed(f"configuration test: {why}", tested.tail, next=tested.shown)
    started_s = time.monotonic()
    ran = run(command, context)
    if not ran.succeeded:
        why = ran.problem or f"status {ran.status}"
        return failed(f"command to the {to}: {why}", ran.tail, next=ran.shown)
    answers = before
    deadline = time.monotonic() + table.settle
    while time.monotonic() < deadline:
        time.sleep(0.2)
        new = load.taken()
        answers += new
        if len(new) >= 5 and all(one.side is to for one in new):
            break
    return moved(answers, to, started_s)


def _back(context: Context, table: Switch, load: Load, moves: list[Moved]) -> None:
    """Whatever went wrong, the traffic is to end where it began."""
    if table.to_baseline is not None and not (moves and moves[-1].to is Side.BASELINE):
        run(table.to_baseline, context)
    load.taken()
