"""Says what a run is waiting for when that takes longer than a reader waits without asking."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, Final

import pytest

AFTER_S: Final = 5.0


@contextmanager
def told_when_long(config: pytest.Config, what: str, *, after_s: float = AFTER_S) -> Iterator[None]:
    """Say on the terminal what is waited for, once, if the block takes longer than `after_s`."""
    timer = threading.Timer(after_s, _say, (config, what))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _say(config: pytest.Config, line: str) -> None:
    reporter: Any = config.pluginmanager.get_plugin("terminalreporter")
    capturing: Any = config.pluginmanager.get_plugin("capturemanager")
    if reporter is None:
        return  # a worker of pytest-xdist
    with nullcontext() if capturing is None else capturing.global_and_fixture_disabled():
        reporter.ensure_newline()
        reporter.write_line(line)
