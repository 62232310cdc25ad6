"""The entries of a HAR file one by one, in memory of one entry, whatever the size of the file.

Nothing but the place of the entries is taken for granted: browsers, mitmproxy and Playwright write
different members around and inside them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final

_CHUNK_BYTES: Final = 1 << 20
LARGEST_ENTRY_BYTES: Final = 256 << 20
_STRUCTURE: Final = re.compile(rb'["{}\[\]]')
_IN_STRING: Final = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
# {"log": {"entries": [ {…} — how deep the name, and how deep an entry stands.
_NAME_DEPTH: Final = 2
_ENTRY_DEPTH: Final = 4
_LONGEST_NAME: Final = 64


class HarError(ValueError):
    """The file is no HAR file, or not a whole one; the message says which."""


@dataclass(slots=True)
class _Scanner:
    """Follows strings and brackets over chunks; keeps the bytes of the entry it is in."""

    depth: int = 0
    in_string: bool = False
    escaped: bool = False
    array: bool = False
    expecting: bool = False
    done: bool = False
    name: bytearray = field(default_factory=bytearray)
    entry: bytearray | None = None

    def feed(self, chunk: bytes) -> Iterator[bytes | None]:
        """Yield the entries that end in this chunk; None for one that is too large to be kept."""
        position = 0
        begin = 0  # of the part of the entry that stands in this chunk
        while position < len(chunk):
            if self.in_string:
                position = self._string(chunk, position)
                continue
            found = _STRUCTURE.search(chunk, position)
            if found is None:
                break
            position = found.end()
            sign = found[0]
            if sign == b'"':
                self.in_string, self.name = True, bytearray()
            elif sign in b"{[":
                self.depth += 1
                if self._opens(sign):
                    self.entry, begin = bytearray(), found.start()
            else:
                if self.entry is not None and self.depth == _ENTRY_DEPTH:
                    yield from self._finished(chunk[begin:position])
                self._closes()
        if self.entry is not None:
            self._kept(chunk[begin:])

    def _string(self, chunk: bytes, position: int) -> int:
        if self.escaped:
            self.escaped = False
            return position + 1
        found = _IN_STRING.match(chunk, position)
        end = found.end() if found else position
        if self.depth == _NAME_DEPTH and len(self.name) < _LONGEST_NAME:
            self.name += chunk[position : min(end, position + _LONGEST_NAME)]
        if end == len(chunk):
            return end
        if chunk[end : end + 1] == b"\\":  # the last byte: what it escapes comes next
            self.escaped = True
            return end + 1
        self.in_string = False
        self.expecting = self.depth == _NAME_DEPTH and self.name == b"entries"
        return end + 1

    def _opens(self, sign: bytes) -> bool:
        if self.expecting and sign == b"[" and self.depth == _NAME_DEPTH + 1:
            self.array = True
        self.expecting = False
        return self.array and sign == b"{" and self.depth == _ENTRY_DEPTH

    def _closes(self) -> None:
        if self.array and self.depth == _NAME_DEPTH + 1:
            self.array, self.done = False, True
        self.depth -= 1

    def _kept(self, part: bytes) -> None:
        assert self.entry is not None
        if len(self.entry) <= LARGEST_ENTRY_BYTES:
            self.entry += part

    def _finished(self, part: bytes) -> Iterator[bytes | None]:
        self._kept(part)
        entry, self.entry = self.entry, None
        assert entry is not None
        if len(entry) > LARGEST_ENTRY_BYTES:
            yield None
        else:
            yield bytes(entry)


def entries(path: Path) -> Iterator[dict[str, Any] | None]:
    """Every entry of the file. Raises `HarError` where it is no HAR file or ends too early.

    For an entry above `LARGEST_ENTRY_BYTES` it gives None.
    """
    try:
        with path.open("rb") as file:
            yield from _entries(file)
    except OSError as error:
        raise HarError(f"it cannot be read: {error.strerror}") from None


def _entries(file: BinaryIO) -> Iterator[dict[str, Any] | None]:
    scanner = _Scanner()
    count = 0
    while chunk := file.read(_CHUNK_BYTES):
        for text in scanner.feed(chunk):
            try:
                entry = None if text is None else json.loads(text)
            except (ValueError, RecursionError) as error:
                raise HarError(f"entry {count + 1} is not JSON: {error}") from None
            count += 1
            yield entry
        if scanner.done:
            return
    if scanner.array:
        raise HarError(f"it is cut off after {count} whole entries")
    raise HarError("it has no log.entries: it is not a HAR file")
