"""A small open-loop probe: requests leave on their own schedule, whether or not others came back.

A closed loop waits out a stall and reports one slow request; timed from when it should have left,
every request that the stall held up is slow. Called by ``load``. Imports no pytest.
"""

from __future__ import annotations

import random
import ssl
import threading
import time
from urllib.parse import urlsplit

from pytest_cutover.performance.measure.timed_http import ClockError, Connection
from pytest_cutover.performance.stats.load_run import PROBE_RATE_PER_S, OpenLoopResult

_TIMEOUT_S = 10.0


class OpenLoopProbe:
    """Asks one path in a thread of its own, from `start` to `stop`; times as ``time.time``."""

    def __init__(self, connection: Connection, request: bytes, rate_per_s: float) -> None:
        self._connection = connection
        self._request = request
        self._rate_per_s = rate_per_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="cutover-probe")
        self.seen: list[OpenLoopResult] = []

    def start(self) -> None:
        """Begin to ask."""
        self._thread.start()

    def stop(self) -> None:
        """End; what was seen is in `seen`."""
        self._stopping.set()
        self._thread.join(_TIMEOUT_S + 1)
        self._connection.close()

    def _run(self) -> None:
        intended = time.monotonic()
        offset = time.time() - intended
        while True:
            intended += random.expovariate(self._rate_per_s)
            if self._stopping.wait(max(0.0, intended - time.monotonic())):
                return
            failed = False
            try:
                failed = self._connection.exchange(self._request).status >= 500
            except ClockError:
                failed = True
            latency_ms = (time.monotonic() - intended) * 1000
            self.seen.append(OpenLoopResult(intended + offset, latency_ms, failed))


def probe_of(
    url: str,
    path: str,
    *,
    tls: ssl.SSLContext | None = None,
    rate_per_s: float | None = None,
) -> OpenLoopProbe:
    """Return a probe of one path, at `rate_per_s` or the usual pace; `tls` for an https URL."""
    host = urlsplit(url).netloc
    request = f"GET {path} HTTP/1.1\r\nhost: {host}\r\naccept: */*\r\n\r\n".encode()
    connection = Connection(url, tls=tls, timeout_s=_TIMEOUT_S)
    return OpenLoopProbe(connection, request, min(PROBE_RATE_PER_S, rate_per_s or PROBE_RATE_PER_S))
