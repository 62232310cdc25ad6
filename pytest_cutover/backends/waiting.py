"""Says what a run is at when that takes longer than a reader waits without asking.

Every stage that may take more than a few seconds is wrapped in it: waiting for backends, a check, a
load, generated requests, further rounds. A stage that says lines of its own needs none. No line
begins as those of the last screen do, which readers look for.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from pytest_cutover.backends.terminal import terminal_of, uncaptured

AFTER_S: Final = 5.0
AGAIN_S: Final = 15.0


@contextmanager
def told_when_long(
    config: pytest.Config,
    what: str | Callable[[], str],
    *,
    after_s: float | None = None,
    again_s: float = AGAIN_S,
) -> Iterator[None]:
    """Say on the terminal what is done if the block takes longer than `after_s` (`AFTER_S`), and
    every `again_s` how far it is.

    `what` may be asked anew each time; where it says nothing, nothing is said.
    """
    over = threading.Event()
    began_s = time.monotonic()

    def tell() -> None:
        wait_s = AFTER_S if after_s is None else after_s
        while not over.wait(wait_s):
            line = what if isinstance(what, str) else what()
            if line:
                _say(config, f"{line} ({time.monotonic() - began_s:.0f} s so far)")
            wait_s = again_s

    teller = threading.Thread(target=tell, name="cutover-told-when-long", daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join(timeout=1.0)


def _say(config: pytest.Config, line: str) -> None:
    reporter = terminal_of(config)
    if reporter is None:
        return  # a worker of pytest-xdist
    with uncaptured(config):
        reporter.ensure_newline()
        reporter.write_line(line)
