"""Form fields (`application/x-www-form-urlencoded`): a list of them, in order.

``[{"name": "Gate"}, {"tag": "a"}, {"tag": "b"}]``: a place is ``/1/tag``. A name without ``=`` has
the value null, an empty piece between two ``&`` is an empty object.

| held equal | why |
|---|---|
| a blank as `+` or `%20` | every form parser reads both |
| a character as itself or as its escape, in either letter case | every form parser reads both |
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from pytest_cutover.normalize.bodies.reading import BodySource, Tree, Unreadable, decoded

_BROKEN = re.compile(r"%(?![0-9A-Fa-f]{2})")


def read(source: BodySource) -> Tree:
    """Return the fields. Raises Unreadable for a broken escape, and for escapes of no valid
    text.
    """
    charset = source.parameters.get("charset", "utf-8")
    text = source.text()
    broken = _BROKEN.search(text)
    if broken:
        raise Unreadable("broken percent escape", f"character {broken.start()}")
    return [_field(piece, charset) for piece in text.split("&")]


def _field(piece: str, charset: str) -> Tree:
    if not piece:
        return {}
    name, equals, value = piece.partition("=")
    return {_plain(name, charset): _plain(value, charset) if equals else None}


def _plain(text: str, charset: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    if "%" not in text:
        return text
    return decoded(unquote_to_bytes(text.encode(charset)), charset)
