"""A clock that a test moves: what would have waited is over at once, and says how long it was."""

from __future__ import annotations

import threading
import time
from types import ModuleType
from typing import Any

import pytest


class Clock:
    """Stands where a module has `time`; to sleep moves it, and takes none."""

    def __init__(self) -> None:
        self.slept_s = 0.0
        self._lock = threading.Lock()

    def monotonic(self) -> float:
        return self.slept_s

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept_s += seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    @classmethod
    def of(cls, module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Clock:
        """Give the module such a clock until the end of the test."""
        clock = cls()
        monkeypatch.setattr(module, "time", clock)
        return clock
