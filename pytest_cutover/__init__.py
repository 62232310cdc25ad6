"""May we switch the traffic? One suite against two backends, one verdict.

The public door: what a suite, a conftest.py or a locustfile imports stands here, and nothing else
is promised. A name is loaded when it is first used, so that importing the package costs nothing.
The plugin is `pytest_cutover.plugin`; `ARCHITECTURE.md` is the map.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_cutover.backends.http.async_client import AsyncBackend as AsyncBackend
    from pytest_cutover.backends.http.client import Backend as Backend
    from pytest_cutover.backends.http.client import PollTimeoutError as PollTimeoutError
    from pytest_cutover.backends.http.streaming import Event as Event
    from pytest_cutover.backends.http.streaming import StreamedResponse as StreamedResponse
    from pytest_cutover.backends.process.supervised import LaunchError as LaunchError
    from pytest_cutover.backends.process.supervised import SupervisedProcess as SupervisedProcess
    from pytest_cutover.checklist.results import CheckResult as CheckResult
    from pytest_cutover.core.exchange import Side as Side
    from pytest_cutover.performance.load.loader import LoadRunner as LoadRunner
    from pytest_cutover.performance.measure.paired_benchmark import (
        PairedBenchmark as PairedBenchmark,
    )

__version__ = "0.2.0"

# What each name is for, and where it lives:
# the fixtures `backend`, `baseline` and `candidate`; `async_backend`; what `poll` raises; what
# `stream` gives out and its events; programs that a conftest.py starts beside the backends; what
# `cutover_check` returns; which backend; the fixtures `cutover_load` and `paired_benchmark`.
_HOMES = {
    "Backend": "backends.http.client",
    "AsyncBackend": "backends.http.async_client",
    "PollTimeoutError": "backends.http.client",
    "StreamedResponse": "backends.http.streaming",
    "Event": "backends.http.streaming",
    "SupervisedProcess": "backends.process.supervised",
    "LaunchError": "backends.process.supervised",
    "CheckResult": "checklist.results",
    "Side": "core.exchange",
    "LoadRunner": "performance.load.loader",
    "PairedBenchmark": "performance.measure.paired_benchmark",
}

__all__ = [  # noqa: RUF022
    "__version__",
    "AsyncBackend",
    "Backend",
    "CheckResult",
    "Event",
    "LaunchError",
    "LoadRunner",
    "PairedBenchmark",
    "PollTimeoutError",
    "Side",
    "StreamedResponse",
    "SupervisedProcess",
]


if not TYPE_CHECKING:
    # A type checker would take any name for one of ours.

    def __getattr__(name: str) -> object:
        """Load a public name when it is first used (PEP 562)."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value: object = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """Show what is public."""
    return sorted(__all__)
