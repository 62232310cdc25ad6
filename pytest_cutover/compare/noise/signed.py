"""Signed values, as Flask and Django write them: what they say, when they were signed, and by whom.

A session in a cookie is JSON in base64, packed where that is shorter, then the second and the
signature: ``eyJpZCI6NH0.aWhBxg.xC5onq-F6gg5RBZErJZFfkIG7_E``. Packed or not is one form, for that
follows the length of what it says. The token of a form, or of a link in a mail, is a text instead.
Pure.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib
from typing import Final

_SIGNED: Final = re.compile(
    r"(\.?)(eyJ[\w-]*|I[i-n][\w-]*|eJ[\w-]{8,})([.:])([\w-]{5,7})\3(?:[\w-]{27}|[\w-]{38}|[\w-]{43}|[\w-]{86})",
    re.ASCII,
)
_LONGEST: Final = 16_384
_MOST_UNPACKED_BYTES: Final = 256 * 1024


def may_be_signed(value: object) -> bool:
    """Whether a value may be one, at a glance."""
    return isinstance(value, str) and value.startswith(("eyJ", "I", ".eJ"))


def said_in(text: str) -> dict[str, object] | None:
    """Return what a signed value says, a bare text as `text`; None for another text."""
    if len(text) > _LONGEST or not may_be_signed(text):
        return None
    found = _SIGNED.fullmatch(text)
    if found is None or (found[1] == ".") is not found[2].startswith("eJ"):
        return None
    try:
        content = base64.urlsafe_b64decode(found[2] + "=" * (-len(found[2]) % 4))
        if found[1]:
            content = zlib.decompressobj().decompress(content, _MOST_UNPACKED_BYTES)
        said = json.loads(content)
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        return None
    if isinstance(said, str):
        return {"text": said}
    return said if isinstance(said, dict) else None
