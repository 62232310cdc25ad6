"""A form of several parts as bytes, where a recording holds only the list of its fields. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_BOUNDARY: Final = re.compile(r'boundary="?([^";,\s]+)"?', re.IGNORECASE)
DEFAULT_BOUNDARY: Final = "cutover-recorded-form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field; `filename` is None for a field that is no file."""

    name: str
    value: bytes
    filename: str | None = None
    content_type: str = ""


def boundary_of(content_types: Iterable[str]) -> str:
    """Return the boundary that the first of these content types names, or one of our own."""
    for text in content_types:
        found = _BOUNDARY.search(text)
        if found:
            return found[1]
    return DEFAULT_BOUNDARY


def multipart(fields: Iterable[Field], boundary: str) -> bytes:
    """Return the body, in the form of RFC 7578."""
    parts = []
    for field in fields:
        disposition = f'form-data; name="{_quoted(field.name)}"'
        if field.filename is not None:
            disposition += f'; filename="{_quoted(field.filename)}"'
        head = f"--{boundary}\r\nContent-Disposition: {disposition}\r\n"
        kind = field.content_type or (
            "application/octet-stream" if field.filename is not None else ""
        )
        head += f"Content-Type: {kind}\r\n" if kind else ""
        parts.append(head.encode("utf-8") + b"\r\n" + field.value + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
