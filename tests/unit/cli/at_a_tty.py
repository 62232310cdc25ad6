"""A real pseudo-terminal: what a person sees, and the keys that they press."""

from __future__ import annotations

import codecs
import fcntl
import io
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

_PROGRAM = "import sys; from pytest_cutover.cli import main; sys.exit(main())"
_SECONDS = 20.0


def _controlling() -> None:
    """Makes the pseudo-terminal the one whose Ctrl-C reaches the program."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class AtATty:
    """`pytest-cutover` at a terminal of 80 columns."""

    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        self._end, program_end = pty.openpty()
        self.seen = ""
        self._told = 0
        self._text = codecs.getincrementaldecoder("utf-8")("replace")
        self._lines = io.IncrementalNewlineDecoder(None, translate=True)
        self.process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, *arguments],
            cwd=folder,
            stdin=program_end,
            stdout=program_end,
            stderr=program_end,
            start_new_session=True,
            preexec_fn=_controlling,
            env={**os.environ, "TERM": "dumb", "COLUMNS": "80", "LINES": "40", **environ},
        )
        os.close(program_end)

    def until(self, text: str) -> str:
        """Waits for a text that was not waited for before; returns what came before it."""
        deadline = time.monotonic() + _SECONDS
        while text not in self.seen[self._told :]:
            assert time.monotonic() < deadline, f"no {text!r} in:\n{self.seen}"
            assert self._read(), f"ended without {text!r}:\n{self.seen}"
        place = self.seen.index(text, self._told)
        before, self._told = self.seen[self._told : place], place + len(text)
        return before

    def press(self, keys: str) -> None:
        os.write(self._end, keys.encode())

    def answer(self, prompt: str, keys: str) -> str:
        """Waits for the prompt, then presses the keys; returns what stood before the prompt."""
        before = self.until(prompt)
        time.sleep(0.05)  # what is typed before a question is dropped
        self.press(keys)
        return before

    def ended(self) -> int:
        """The exit status, once everything was read."""
        while self._read():
            pass
        os.close(self._end)
        return self.process.wait(_SECONDS)

    def hang_up(self) -> int:
        """The terminal goes away, as when its window is closed."""
        os.close(self._end)
        self.process.send_signal(signal.SIGHUP)
        return self.process.wait(_SECONDS)

    def _read(self) -> bool:
        if not select.select([self._end], [], [], _SECONDS)[0]:
            return False
        try:
            read = os.read(self._end, 65536)
        except OSError:  # Linux says so once the other end is closed
            return False
        # A character, and the end of a line, may come in two parts.
        self.seen += self._lines.decode(self._text.decode(read, final=not read))
        return bool(read)
