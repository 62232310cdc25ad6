"""Folders that one run has for itself, and the next one clears away where it was killed.

A run holds a lock on its folder for as long as it lives; the system gives it back however it ends,
so that a folder which nobody holds is nobody's. Called by `plugin` and `launch`, and
by rooms that start programs; the gate room asks for its turn in the folder that all runs share.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(slots=True)
class RunFolder:
    """A folder of this run alone."""

    path: Path
    _lock: int
    _made_parent: bool

    @classmethod
    def make(cls, parent: Path, name: str) -> RunFolder:
        """Make `parent/name`, readable by its owner only. Raises OSError."""
        made_parent = not parent.exists()
        parent.mkdir(parents=True, exist_ok=True)
        # It gets its name when it is locked: another run's `sweep` never sees it without.
        made = Path(tempfile.mkdtemp(prefix=".cutover-new-", dir=parent))
        lock = -1
        try:
            lock = os.open(made, os.O_RDONLY | os.O_DIRECTORY)
            fcntl.flock(lock, fcntl.LOCK_EX)
            made.rename(parent / name)
        except OSError:
            if lock >= 0:
                os.close(lock)
            made.rmdir()
            raise
        return cls(parent / name, lock, made_parent)

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *_error: object) -> None:
        self.remove()

    def remove(self) -> None:
        """Remove it with everything in it, and its parent where that was made for it alone."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._made_parent:
            with suppress(OSError):
                self.path.parent.rmdir()
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def temporary(kind: str) -> RunFolder:
    """Return a folder outside the checkout, for what no secret has been taken out of yet.

    Those that killed runs left there go first. Raises OSError.
    """
    place = Path(tempfile.gettempdir())
    sweep(place, f"cutover-{kind}-*")
    return RunFolder.make(place, f"cutover-{kind}-{secrets.token_hex(8)}")


def sweep(parent: Path, pattern: str) -> None:
    """Remove the folders of runs that are no more; those of living ones, and others', stay."""
    for path in parent.glob(pattern):
        with suppress(OSError):
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(lock)


@contextmanager
def in_turn(folder: Path, *, patience_s: float = 10.0) -> Iterator[None]:
    """Let one run at a time write there, so that all files are of one of them.

    Somebody who never ends is not waited for, and where there are no locks nobody is.
    """
    try:
        lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        yield  # what is wrong with it shows when it is written to
        return
    try:
        _wait_for(lock, time.monotonic() + patience_s)
        yield
    finally:
        os.close(lock)


def _wait_for(lock: int, until_s: float) -> None:
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until_s:
                return
            time.sleep(0.02)
        except OSError:
            return
        else:
            return
