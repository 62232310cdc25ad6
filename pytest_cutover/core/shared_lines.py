"""What workers tell one another: lines at the end of a file that all of them read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def add_line(file: Path, line: str) -> None:
    """Write a line at the end of a file, in one piece: others do so at the same time."""
    with file.open("ab") as opened:
        opened.write(f"{line}\n".encode())


def new_lines(file: Path | None, start: int) -> Iterator[tuple[int, str]]:
    """Yield each whole line behind the byte `start`, with the byte at which the next one begins."""
    if file is None or not file.exists():
        return
    with file.open("rb") as opened:
        opened.seek(start)
        for line in opened.read().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                return  # somebody is writing it
            start += len(line)
            yield start, line.decode("utf-8")
