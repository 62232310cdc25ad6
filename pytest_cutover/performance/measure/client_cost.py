"""What the clock itself costs: its P50 against a server that does nothing, in the same run.

Called by the plugin before the first workload. Imports the standard library only.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from pytest_cutover.performance.measure.timed_http import Connection

_SERVER = Path(__file__).with_name("_null_server.py")
_WARM_UP = 50
_REQUESTS = 300


class ClientCostError(Exception):
    """The null server did not start."""


def client_cost_ms() -> float:
    """Return the P50 in ms of a request to a null server on loopback.

    Raises ClientCostError when that server cannot be started.
    """
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(_SERVER)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        if not port.isdigit():
            raise ClientCostError("the null server, which the clock's own cost is taken from, died")
        return _p50_ms(f"http://127.0.0.1:{port}")
    finally:
        process.communicate()


def _p50_ms(url: str) -> float:
    connection = Connection(url)
    request = b"GET / HTTP/1.1\r\nhost: null\r\naccept: */*\r\nuser-agent: pytest-cutover\r\n\r\n"
    try:
        taken = [connection.exchange(request).latency_ms for _ in range(_WARM_UP + _REQUESTS)]
    finally:
        connection.close()
    return statistics.median(taken[_WARM_UP:])
