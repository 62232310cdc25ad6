"""What a part is that no reader reads: text, or bytes.

A body without a reader is text when it decodes and holds no control character, whatever type it
claims: `x-sh`, `jsonl` of somebody's own, a text without any type.
"""

from __future__ import annotations

import base64
import re

from pytest_cutover.normalize.matchers import Json

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")


def is_text(body: bytes, charset: str = "utf-8") -> bool:
    """Whether bytes are text: they decode, and hold no control character but white space.

    Escape (0x1B) counts as text: coloured logs are.
    """
    try:
        return _CONTROL.search(body.decode(charset)) is None
    except (UnicodeError, LookupError):
        return False


def text_or_bytes(body: bytes, charset: str = "utf-8") -> dict[str, Json]:
    """Return the body as one member, `text` or `binary` (base64)."""
    if is_text(body, charset):
        return {"text": body.decode(charset)}
    return {"binary": base64.b64encode(body).decode()}
