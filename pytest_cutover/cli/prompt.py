"""The terminal that `review` asks at: one key without Enter, one line with it.

A key is read from the terminal itself, in cbreak mode for just as long as that takes, so that
whatever ends the program leaves an ordinary terminal behind. Escape sequences (arrow keys) are
dropped: the `A` at the end of one is no answer. What was typed before a question does not answer
it.
"""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import sys
import termios
import tty
from collections.abc import Iterator
from typing import Final, Protocol

from pytest_cutover.cli.echo import say
from pytest_cutover.core.sanitize import encodable
from pytest_cutover.report.renderers.terminal_lines import Line

_STYLES: Final = {"bold": "1", "red": "31", "green": "32", "yellow": "33"}
_ESCAPE: Final = b"\x1b"
_END: Final = b"\x04"
_SEQUENCE_S: Final = 0.05


class Terminal(Protocol):
    """Where a review is shown and answered."""

    @property
    def width(self) -> int:
        """Its columns."""

    def show(self, lines: list[Line]) -> None:
        """Show lines that are harmless already."""

    def key(self, prompt: str, keys: str) -> str:
        """Return the first of `keys` that is pressed. Raises `EOFError` at the end of input."""

    def line(self, prompt: str) -> str:
        """Return what is typed until Enter, without spaces around. Raises `EOFError`."""


def at_a_terminal() -> bool:
    """Whether somebody can be asked here."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Tty:
    """The terminal of this process."""

    def __init__(self) -> None:
        self._colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401 - so that a line can be edited with the arrow keys

    @property
    def width(self) -> int:
        """Its columns, at least 40."""
        return max(shutil.get_terminal_size().columns, 40)

    def show(self, lines: list[Line]) -> None:
        """Show lines, in colour where that is wanted."""
        for line in lines:
            say("".join(self._styled(text, style) for text, style in line))

    def key(self, prompt: str, keys: str) -> str:
        """Return the first of `keys` that is pressed."""
        try:
            return self._pressed(prompt, keys)
        except (OSError, termios.error):
            raise EOFError from None  # the terminal has gone away

    def _pressed(self, prompt: str, keys: str) -> str:
        descriptor = sys.stdin.fileno()
        with _one_key_at_a_time(descriptor):
            termios.tcflush(descriptor, termios.TCIFLUSH)
            self._write(prompt)
            while True:
                pressed = os.read(descriptor, 1)
                if pressed in (b"", _END):
                    self._write("\n")
                    raise EOFError
                if pressed == _ESCAPE:
                    while select.select([descriptor], [], [], _SEQUENCE_S)[0]:
                        os.read(descriptor, 64)
                    continue
                answer = pressed.decode("ascii", "replace").lower()
                if answer in keys:
                    self._write(f"{answer}\n")
                    return answer

    def line(self, prompt: str) -> str:
        """Return what is typed until Enter."""
        return input(encodable(prompt, sys.stdout.encoding or "utf-8")).strip()

    def _styled(self, text: str, style: str) -> str:
        codes = ";".join(_STYLES[name] for name in style.split() if name in _STYLES)
        return f"\x1b[{codes}m{text}\x1b[0m" if codes and self._colour and text else text

    def _write(self, text: str) -> None:
        sys.stdout.write(encodable(text, sys.stdout.encoding or "utf-8"))
        sys.stdout.flush()


@contextlib.contextmanager
def _one_key_at_a_time(descriptor: int) -> Iterator[None]:
    before = termios.tcgetattr(descriptor)
    try:
        tty.setcbreak(descriptor, termios.TCSADRAIN)
        yield
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
