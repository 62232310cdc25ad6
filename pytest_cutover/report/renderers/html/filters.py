"""How the page shows a value: cut texts and times."""

from __future__ import annotations

import re

from pytest_cutover.core.sanitize import one_line

_FRACTION = re.compile(r"\.\d+(?=Z$)")


def cut(text: str, limit: int) -> str:
    """Return the text in one line of at most `limit` characters."""
    return one_line(str(text), limit)


def when(text: str) -> str:
    """Return an ISO 8601 time as people read it, to the second; anything else as it is."""
    day, separator, time = _FRACTION.sub("", text).partition("T")
    return f"{day} {time.replace('Z', ' UTC')}" if separator else text
