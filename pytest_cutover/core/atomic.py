"""Putting a file on disk whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from pytest_cutover.core.errors import FileError, Mistake


def staged(path: Path, content: bytes, *, sync: bool = True) -> Path:
    """Write the content beside its place, with the mode of a file that stands there.

    Returns the temporary file, to be moved to `path` by its caller. Raises OSError, and leaves
    nothing behind then. Without `sync` it is not waited for until it is on disk.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            if sync:
                stream.flush()
                os.fsync(stream.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    return temporary


def replace_whole(path: Path, content: bytes) -> None:
    """Put one file in its place; what stood there is untouched where that raises OSError."""
    temporary = staged(path, content)
    try:
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def write_whole(path: Path, text: str) -> None:
    """Write a text that people review and commit, as UTF-8 with its own line endings.

    Raises `FileError`; what stood there is then untouched.
    """
    try:
        replace_whole(path, text.encode("utf-8"))
    except OSError as error:
        what = f"cannot be written: {reason(error)}; nothing was changed"
        advice = "make room, or make the folder writable, then run again"
        raise FileError(str(path), [Mistake(key="", what=what, advice=advice)]) from None


def reason(error: OSError) -> str:
    """Return the system's reason for not writing, where it says something else in a user's
    words.
    """
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "a file stands where a folder should be"
    if isinstance(error, IsADirectoryError):
        return "a folder stands where the file should be"
    return error.strerror or str(error)
