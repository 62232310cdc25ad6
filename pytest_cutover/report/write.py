"""Putting texts on disk: all of them whole, or none.

Every text is first written beside its place and flushed to disk; only when all are there are they
moved into place. A reader never sees half a file, and a full disk leaves the files of the run
before untouched, with an error that says so.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path


class ReportNotWritten(Exception):  # noqa: N818
    """Nothing was replaced; the message says what, where and what to do."""


def write_texts(texts: Mapping[Path, str], *, unsynced: Collection[Path] = ()) -> None:
    """Writes every text as UTF-8, atomically, making folders. Raises `ReportNotWritten`.

    Those in `unsynced` are not waited for until they are on disk: a thousand small files would
    take ten seconds of that, and they are made again by the next run.
    """
    staged: list[tuple[Path, Path]] = []
    current = Path()
    try:
        for current, text in texts.items():
            current.parent.mkdir(parents=True, exist_ok=True)
            staged.append((_stage(current, text, sync=current not in unsynced), current))
        while staged:
            temporary, current = staged[0]
            os.replace(temporary, current)
            staged.pop(0)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportNotWritten(
            f"the report could not be written: {current}: {reason}. What stands there is from an"
            " earlier run. Make room or give a folder that can be written: --cutover-report DIR"
        ) from error
    finally:
        for temporary, _ in staged:
            with suppress(OSError):
                temporary.unlink()


def _stage(path: Path, text: str, *, sync: bool) -> Path:
    """Writes the text beside its place; returns the temporary file, or leaves none behind."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            if sync:
                stream.flush()
                os.fsync(stream.fileno())
        temporary.chmod(_mode(path))
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def _mode(path: Path) -> int:
    """The mode that an ordinary `open` would have given: mkstemp's 0600 hides files in CI."""
    with suppress(OSError):
        return path.stat().st_mode & 0o777
    return 0o644
