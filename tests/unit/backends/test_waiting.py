"""What takes long says what it is at, again and again, and what does not says nothing."""

from __future__ import annotations

import threading
from typing import Any

from pytest_cutover.backends.waiting import told_when_long

_PATIENCE_S = 30.0


class Terminal:
    """A configuration with a terminal that keeps what it is told."""

    def __init__(self, enough: int = 1) -> None:
        self.lines: list[str] = []
        self.enough = threading.Event()
        self._most = enough
        self.pluginmanager = self

    def get_plugin(self, name: str) -> Any:
        return self if name == "terminalreporter" else None

    def ensure_newline(self) -> None:
        pass

    def write_line(self, line: str) -> None:
        self.lines.append(line)
        if len(self.lines) >= self._most:
            self.enough.set()


def waits(terminal: Terminal, what: Any) -> None:
    with told_when_long(terminal, what, after_s=0.0, again_s=0.0):  # type: ignore[arg-type]
        assert terminal.enough.wait(_PATIENCE_S)


def test_it_is_told_again_and_asked_anew_how_far_it_is() -> None:
    terminal, done = Terminal(enough=3), iter(range(1_000_000))

    waits(terminal, lambda: f"case {next(done)}")

    assert [line.partition(" (")[0] for line in terminal.lines[:3]] == [
        "case 0",
        "case 1",
        "case 2",
    ]
    assert terminal.lines[0].endswith("s so far)")


def test_what_says_nothing_is_not_told() -> None:
    terminal, said = Terminal(), iter(["", "", "now"])

    waits(terminal, lambda: next(said, "later"))

    assert terminal.lines[0].startswith("now (")


def test_what_ends_in_time_says_nothing() -> None:
    terminal = Terminal()

    with told_when_long(terminal, "never", after_s=_PATIENCE_S):  # type: ignore[arg-type]
        pass

    assert terminal.lines == []


def test_without_a_terminal_nothing_breaks() -> None:
    class Worker(Terminal):
        def get_plugin(self, name: str) -> Any:
            return None if name else self

    with told_when_long(Worker(), "unheard", after_s=0.0):  # type: ignore[arg-type]
        pass
