"""pytest's own terminal and capturing, as rooms speak through them; None where there are none."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import pytest


class _Capturing(Protocol):
    def global_and_fixture_disabled(self) -> AbstractContextManager[None]: ...


def terminal_of(config: pytest.Config) -> pytest.TerminalReporter | None:
    """Return what writes on the terminal; a worker of pytest-xdist has none."""
    reporter: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
    return reporter


def uncaptured(config: pytest.Config) -> AbstractContextManager[None]:
    """Return a context in which what is written is seen at once, though a test is running."""
    capturing: _Capturing | None = config.pluginmanager.get_plugin("capturemanager")
    return nullcontext() if capturing is None else capturing.global_and_fixture_disabled()
