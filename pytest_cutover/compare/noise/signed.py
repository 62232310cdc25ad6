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
from typing import Any, Final

_SIGNED: Final = re.compile(
    r"(\.?)(eyJ[\w-]*|I[i-n][\w-]*|eJ[\w-]{8,})([.:])([\w-]{5,7})\3(?:[\w-]{27}|[\w-]{38}|[\w-]{43}|[\w-]{86})",
    re.ASCII,
)
_LONGEST: Final = 16_384
_TIMES_OF_A_TOKEN: Final = frozenset({"iat", "exp", "nbf", "auth_time"})
_A_FEW_SECONDS: Final = 5
_MOST_UNPACKED_BYTES: Final = 256 * 1024


def may_be_signed(value: object) -> bool:
    """Whether a value may be one, at a glance."""
    return isinstance(value, str) and value.startswith(("eyJ", "I", ".eJ"))


def are_of_one_login(one: str, other: str) -> bool:
    """Whether two JSON web tokens say the same, given out a few seconds apart: within one second
    they would be one text.
    """
    ours, theirs = one.split("."), other.split(".")
    if len(ours) != 3 or len(theirs) != 3 or ours[0] != theirs[0]:
        return False
    left, right = (_claims(parts[1]) for parts in (ours, theirs))
    if not left or not right or left.keys() != right.keys():
        return False
    apart = {name for name in left if left[name] != right[name]}
    if not apart <= _TIMES_OF_A_TOKEN or not all(
        isinstance(one[name], int) for one in (left, right) for name in apart
    ):
        return False
    steps = {right[name] - left[name] for name in apart}
    return len(steps) == 1 and abs(steps.pop()) <= _A_FEW_SECONDS


def _claims(part: str) -> dict[str, Any]:
    try:
        said = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


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
