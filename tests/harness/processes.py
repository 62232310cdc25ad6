"""Programs that a test starts: waited for, not for ever, and looked for when they must be gone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.harness.run import Run

MARK = "CUTOVER_TEST_MARK"
"""The variable whose value tells what one test started from everything else on the machine."""


@dataclass(frozen=True, slots=True)
class Started:
    """A program on its way, whose two streams are files; its report comes to `folder`."""

    process: subprocess.Popen[bytes]
    path: Path
    screen: Path
    errors: Path
    folder: Path

    def finish(self, timeout_s: float = 120) -> Run:
        """Wait for its end; one that hangs is killed with its group, and is a failure."""
        try:
            self.process.wait(timeout_s)
        finally:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        said = [file.read_text("utf-8", "replace") for file in (self.screen, self.errors)]
        return Run.left_in(self.path, self.process.returncode, *said, folder=self.folder)


def start(
    command: Sequence[str],
    path: Path,
    *,
    streams: Path,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Started:
    """Start it in `path` and in a process group of its own, as a shell does in the foreground.

    What it says goes to files in `streams`.
    """
    number = len(list(streams.glob("*.screen")))
    screen, errors = streams / f"{number}.screen", streams / f"{number}.errors"
    with screen.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            command,
            cwd=path,
            env={**_environment(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            process_group=0,
        )
    return Started(process, path, screen, errors, folder or path / ".cutover")


def _environment() -> dict[str, str]:
    """That of the test, but for what a worker of the tests has in its own."""
    ours = ("PYTEST_XDIST_", "PYTEST_CURRENT_TEST")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def until(condition: Callable[[], object], seconds: float = 60) -> bool:
    """Whether the condition came true before a hang must be assumed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def words_of(process: psutil.Process) -> str:
    """Its command line; none of one that has ended since it was found."""
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def survivors(mark: str | None = None) -> list[psutil.Process]:
    """The processes that bear the mark of this test in their environment, but for this one."""
    wanted = mark or os.environ[MARK]
    found = []
    for process in psutil.process_iter():
        try:
            marked = process.environ().get(MARK) == wanted
            if marked and process.status() != psutil.STATUS_ZOMBIE and process.pid != os.getpid():
                found.append(process)
        except psutil.Error:
            continue
    return found
