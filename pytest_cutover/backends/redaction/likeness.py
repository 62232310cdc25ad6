"""Whether a value looks made by a machine, or is a word that anybody may write. Pure."""

from __future__ import annotations

import re

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_PART = re.compile(r"[A-Za-z0-9+/]+")
_HEX = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_RUN = re.compile(r"[A-Z]+|[a-z]+|[0-9]+")
_SHORTEST_PART = 12
_FEWEST_CHANGES = 4
_PASSWORD_NAME = re.compile(r"passw|passphrase|pwd$", re.IGNORECASE)
# What a member or variable with a telling name may hold without being a secret.
_COMMON = re.compile(r"[A-Za-z]{1,11}|\d{1,7}|[./~].*|\w+://[^@]*|\w+:path=.*|.*\s.*", re.DOTALL)


def looks_generated(value: str) -> bool:
    """Return whether a value has the randomness of a token: nobody would write it.

    Long hexadecimal with both kinds of signs, uuids, and what changes between digits and the two
    cases again and again. Dates, versions, locales, slugs and numbers do not.
    """
    if _UUID.search(value):
        return True
    return any(_is_random(part) for part in _PART.findall(value))


def is_passphrase(name: str, value: str) -> bool:
    """Return whether words stand where a password belongs: nobody else reads prose there."""
    return len(value) >= 12 and _PASSWORD_NAME.search(name) is not None


def is_common(value: str) -> bool:
    """Return whether a value is a word, a small number, a path or prose: no secret by itself."""
    return _COMMON.fullmatch(value) is not None and not looks_generated(value)


def _is_random(part: str) -> bool:
    if len(part) < _SHORTEST_PART or part.isdigit() or (part.isalpha() and len(part) < 20):
        return False
    if _HEX.fullmatch(part):
        return not part.isalpha()
    return len(_RUN.findall(part)) > max(_FEWEST_CHANGES, len(part) // 6)
