"""The status line of the sampling stage, through pytest's own terminal reporter."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from pytest_cutover.backends.terminal import terminal_of

_TERMINAL_S = 1.0
_LOG_S = 2.0


class StatusLine:
    """One line, rewritten on a terminal; one after the other elsewhere; none with -q."""

    def __init__(self, config: pytest.Config) -> None:
        reporter = terminal_of(config)
        self._reporter = reporter if config.get_verbosity() >= 0 else None
        # A bool before pytest 9, a method some day.
        isatty: bool | Callable[[], bool] = reporter.isatty if reporter is not None else False
        is_terminal = isatty() if callable(isatty) else isatty
        self._rewrites = self._reporter is not None and is_terminal
        self._begun = False

    @property
    def every_s(self) -> float:
        """Seconds between two lines."""
        return _TERMINAL_S if self._rewrites else _LOG_S

    def show(self, line: str) -> None:
        """Show where the stage stands."""
        if self._reporter is None:
            return
        if not self._begun:
            self._reporter.ensure_newline()
            self._begun = True
        if self._rewrites:
            self._reporter.rewrite(line[: shutil.get_terminal_size().columns - 1], erase=True)
        else:
            self._reporter.write_line(line)

    def end(self) -> None:
        """Leave the line."""
        if self._reporter is not None and self._begun and self._rewrites:
            self._reporter.write_line("")
