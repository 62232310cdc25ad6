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

from pytest_cutover.config.atomic import staged


class ReportNotWritten(Exception):  # noqa: N818
    """Nothing was replaced; the message says what, where and what to do."""


def write_texts(texts: Mapping[Path, str], *, unsynced: Collection[Path] = ()) -> None:
    """Writes every text as UTF-8, atomically, making folders. Raises `ReportNotWritten`.

    Those in `unsynced` are not waited for until they are on disk: a thousand small files would
    take ten seconds of that, and they are made again by the next run.
    """
    waiting: list[tuple[Path, Path]] = []
    current = Path()
    try:
        for current, text in texts.items():
            temporary = staged(current, text.encode("utf-8"), sync=current not in unsynced)
            waiting.append((temporary, current))
        while waiting:
            temporary, current = waiting[0]
            os.replace(temporary, current)
            waiting.pop(0)
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportNotWritten(
            f"the report could not be written: {current}: {reason}. What stands there is from an"
            " earlier run. Make room or give a folder that can be written: --cutover-report DIR"
        ) from error
    finally:
        for temporary, _ in waiting:
            with suppress(OSError):
                temporary.unlink()
