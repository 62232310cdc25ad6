"""What ends a run from outside: Ctrl-C, and SIGTERM, with which CI cancels.

pytest knows the first and dies of the second. `session` registers this on the process that decides,
never on a worker: workers end with their controller.
"""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

# What a shell shows for a program that SIGTERM ended: the plugin changes what is left, not this.
TERMINATED = 128 + signal.SIGTERM
_INSISTING = 3


class Signals:
    """Ends the run in order on SIGTERM, and keeps signals from what must not be cut in two."""

    def __init__(self) -> None:
        self._restore = False
        self._holding = False

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionstart(self) -> Iterator[None]:
        """From here on there is something to stop and to say. Somebody else's handler stays."""
        ours = threading.current_thread() is threading.main_thread()
        if ours and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
            signal.signal(signal.SIGTERM, _end_in_order)
            self._restore = True
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_unconfigure(self) -> Iterator[None]:
        """Let everything be stopped that was started; the verdict is out by now."""
        try:
            with self.held():
                return (yield)
        finally:
            if self._restore:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)

    @contextlib.contextmanager
    def held(self) -> Iterator[list[int]]:
        """Ctrl-C and SIGTERM wait; yields those that came.

        They are not forgotten by this: the caller does what they ask for. Somebody who insists is
        heard at once. Within another `held`, and off the main thread, it does nothing.
        """
        came: list[int] = []
        if self._holding or threading.current_thread() is not threading.main_thread():
            yield came
            return
        before: dict[int, Any] = {
            number: handler
            for number in (signal.SIGINT, signal.SIGTERM)
            if callable(handler := signal.getsignal(number))
        }

        def note(number: int, frame: FrameType | None) -> None:
            came.append(number)
            if len(came) >= _INSISTING:
                before[number](number, frame)

        self._holding = True
        for number in before:
            signal.signal(number, note)
        try:
            yield came
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._holding = False


def _end_in_order(_number: int, _frame: FrameType | None) -> None:
    pytest.exit("terminated by SIGTERM", returncode=TERMINATED)
