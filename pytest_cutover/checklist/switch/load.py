"""What users do while the traffic is moved: reads that tell who answers, and writes."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.transport import ssl_context
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.switch.fingerprint import as_text, side_of
from pytest_cutover.checklist.switch.timeline import TimedAnswer
from pytest_cutover.config.monitoring import RehearsalWrite, Switch
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.json_pointer import at, filled

_THREADS = 8
_TIMEOUT_S = 10.0
# Every fifth request writes: users of most systems read more than they write.
_WRITE_EVERY = 5
_HUNG_UP = (http.RemoteProtocolError, http.ReadError, http.WriteError)
CLOSED = "the connection was closed under it"


class UserTraffic:
    """A steady stream of requests at the users' address, in threads of its own.

    Never faster than the target allows; writes only where it allows them. `saved` has what was
    acknowledged: the write, and what is to be read afterwards.
    """

    def __init__(self, table: Switch, context: Context) -> None:
        target = context.plan.target
        self._table = table
        spec = context.plan.spec(Side.CANDIDATE)
        self._headers = spec.headers
        # One for all threads: making it is slow, and it may be shared.
        self._tls = ssl_context(spec.verify if isinstance(spec.verify, bool) else str(spec.verify))
        self._rate = min(table.rate, target.rate_cap_per_s or table.rate)
        self._writes = table.writes if target.may_write else ()
        self._stop = threading.Event()
        self._lock = threading.Lock()
        self._answers: list[TimedAnswer] = []
        self.saved: list[tuple[RehearsalWrite, str]] = []
        self.refused = ""
        self._threads = [
            threading.Thread(target=self._ask, args=(number,), daemon=True)
            for number in range(_THREADS)
        ]

    @contextmanager
    def running(self) -> Iterator[UserTraffic]:
        """Keep the load up for the length of a `with`."""
        for thread in self._threads:
            thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(timeout=_TIMEOUT_S + 5)

    def taken(self) -> list[TimedAnswer]:
        """Return what was answered since the last call, in order."""
        with self._lock:
            answers, self._answers = self._answers, []
        return sorted(answers, key=lambda one: one.at_s)

    def _ask(self, number: int) -> None:
        pause_s = _THREADS / self._rate
        next_s = time.monotonic() + number * pause_s / _THREADS
        turn = number
        url = self._table.url.rstrip("/")
        with http.Client(
            base_url=url,
            headers=self._headers,
            timeout=_TIMEOUT_S,
            trust_env=False,
            verify=self._tls,
        ) as client:
            while not self._stop.wait(max(0.0, next_s - time.monotonic())):
                next_s += pause_s
                turn += 1
                if self._writes and turn % _WRITE_EVERY == 0:
                    write = self._writes[turn // _WRITE_EVERY % len(self._writes)]
                    answer = self._written(client, write)
                else:
                    answer = self._read(client)
                with self._lock:
                    self._answers.append(answer)

    def _read(self, client: http.Client) -> TimedAnswer:
        response = _sent(client, "GET", self._table.fingerprint.path)
        if isinstance(response, TimedAnswer):
            return response
        side = side_of(as_text(response), self._table.fingerprint)
        return TimedAnswer(at_s=time.monotonic(), side=side)

    def _written(self, client: http.Client, write: RehearsalWrite) -> TimedAnswer:
        method, _, path = write.request.partition(" ")
        response = _sent(
            client,
            method,
            str(filled(path, {}, _unique)),
            json=filled(write.json, {}, _unique) if write.json is not None else None,
            headers={name: str(filled(text, {}, _unique)) for name, text in write.headers.items()},
        )
        if isinstance(response, TimedAnswer):
            return response
        why = self._remembered(write, response)
        if why:
            self.refused = f"{write.name}: {why}"
        return TimedAnswer(at_s=time.monotonic(), side=None, is_write=True)

    def _remembered(self, write: RehearsalWrite, response: http.Response) -> str:
        """Why an answer acknowledges nothing; empty where what it promised is noted."""
        if response.status_code not in write.status:
            return f"answered {response.status_code}"
        try:
            document = response.json() if write.save else None
            values = {name: at(document, pointer) for name, pointer in write.save.items()}
            read = str(filled(write.read.partition(" ")[2], values, _unique))
        except ValueError:
            return "the answer is not JSON"
        except KeyError as error:
            return f"the answer has no {error}"
        with self._lock:
            self.saved.append((write, read))
        return ""


def _sent(client: http.Client, method: str, path: str, **more: Any) -> http.Response | TimedAnswer:
    """Return the answer; or that there was none, where nobody or only the proxy answered.

    A GET on a connection that was closed under it is asked again, once: every client does.
    """
    tries = 2 if method == "GET" else 1
    while True:
        tries -= 1
        try:
            response = client.request(method, path, **more)
            break
        except http.RequestError as error:
            if tries and isinstance(error, _HUNG_UP):
                continue
            hung_up = isinstance(error, _HUNG_UP)
            why = f"{type(error).__name__}: {CLOSED}" if hung_up else type(error).__name__
            return TimedAnswer(at_s=time.monotonic(), side=None, lost=f"{method}, {why}")
    if response.status_code >= 500:
        said = f"{method}, status {response.status_code}"
        return TimedAnswer(at_s=time.monotonic(), side=None, lost=said)
    return response


def _unique(label: str) -> str:
    return f"{label}-{secrets.token_hex(8)}"
