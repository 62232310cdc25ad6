"""Putting texts on disk: all of them whole, or none.

Every text is first written beside its place and flushed to disk; only when all are there are they
moved into place. A reader never sees half a file, and a full disk leaves the files of the run
before untouched, with an error that says so.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from pytest_cutover.config.load import shown_path
from pytest_cutover.core.atomic import reason, staged


class ReportNotWritten(Exception):  # noqa: N818
    """Nothing was replaced; the message says what, where and what to do."""


def write_texts(texts: Mapping[Path, str], *, unsynced: Collection[Path] = ()) -> None:
    """Write every text as UTF-8, atomically, making folders. Raises `ReportNotWritten`.

    Those in `unsynced` are not waited for until they are on disk: a thousand small files would
    take ten seconds of that, and they are made again by the next run.
    """
    waiting: list[tuple[Path, Path]] = []
    current = Path()
    try:
        for current, text in texts.items():
            temporary = staged(current, text.encode("utf-8"), sync=current not in unsynced)
            waiting.append((temporary, current))
        _move(waiting)
    except OSError as error:
        where = shown_path(Path(error.filename2 or current))
        raise ReportNotWritten(
            f"{where}: {reason(error)}. Make room, or give a folder that can be written:"
            " --cutover-report=DIR. What stands there is from an earlier run"
        ) from error
    finally:
        for temporary, _ in waiting:
            with suppress(OSError):
                temporary.unlink()


def _move(waiting: list[tuple[Path, Path]]) -> None:
    """Move every file into its place; where one will not go there, put back what stood there.

    A page of this run beside the report of another would say what nobody decided.
    """
    moved: list[tuple[Path, Path | None]] = []
    try:
        for temporary, path in waiting:
            before = _second_name(path)
            moved.append((path, before))
            os.replace(temporary, path)
    except BaseException:
        path, before = moved.pop()
        _drop(before)
        for path, before in moved:
            with suppress(OSError):
                if before is None:
                    path.unlink()
                else:
                    os.replace(before, path)
        raise
    for _, before in moved:
        _drop(before)


def _second_name(path: Path) -> Path | None:
    """Another name for the file that stands there; None for none, or a disk without such names."""
    name = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        os.link(path, name)
    except OSError:
        return None
    return name


def _drop(name: Path | None) -> None:
    if name is not None:
        with suppress(OSError):
            name.unlink()
