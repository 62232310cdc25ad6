"""Putting one text on disk whole or not at all: for files that people review and commit."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from pytest_cutover.config.errors import FileError, Mistake


def write_whole(path: Path, text: str) -> None:
    """Writes the text as UTF-8 with its own line endings, keeping the mode of a file that exists.

    Raises `FileError`; what stood there is then untouched.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
        what = f"cannot be written: {error.strerror or error}; nothing was changed"
        advice = "make room, or make the folder writable, then run again"
        raise FileError(str(path), [Mistake(key="", what=what, advice=advice)]) from None
