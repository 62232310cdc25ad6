r"""How symbols are written inside text, and read back.

``<uuid4 #1>``, ``<timestamp ms Z now>``, ``<integer or null>``, ``<secret jwt #2>``,
``<unique LOT #1>``, ``<origin>`` (scheme, host, port and base path of the side itself), ``<host>``
(host and port alone) and ``<outside>`` (what follows is not below the base path). A text without
``<`` is itself; in any other, a literal ``<`` is written ``\<`` and a backslash ``\\``, so that
nothing which a backend says reads as a symbol.
"""

from __future__ import annotations

import re

from pytest_cutover.compare.noise.texts.text_template import joined
from pytest_cutover.normalize.matchers import Placeholder, Template
from pytest_cutover.normalize.own_address import CLOSE, OPEN
from pytest_cutover.normalize.substitution import MARKER

_PIECES = re.compile(r"\\(.)|<([^<>\\]*)>|[^\\<]+|(.)", re.DOTALL)
_UNIQUE = re.compile(r"unique (.+ #\d+(?: lower| upper| title)?)", re.DOTALL)
_AHEAD = re.compile(r" ([+-]\d+) s$")
_OWN_ADDRESS = ("origin", "host", "outside")
_PLAIN_LABEL = re.compile(rf"{'|'.join(_OWN_ADDRESS)}|[^<>\\]+ #\d+(?: lower| upper| title)?")


def symbol_text(symbol: Placeholder) -> str:
    """Return a symbol as a reader sees it."""
    words = " or ".join(symbol.formats)
    number = "" if symbol.number is None else f" #{symbol.number}"
    secret = "secret " if symbol.secret else ""
    marks = " steady" if symbol.steady else ""
    marks += " per run" if symbol.per_run else ""
    marks += (f" {symbol.ahead_s:+d} s" * bool(symbol.ahead_s) + " now") * symbol.clock
    return f"<{secret}{words}{number}{marks}>"


def write_text(value: str | Placeholder | Template) -> str:
    """Return a text, symbol or template as one string."""
    if isinstance(value, str) and "<" not in value and not _marked(value):
        return value
    parts = value.parts if isinstance(value, Template) else (value,)
    return "".join(_escaped(part) if isinstance(part, str) else symbol_text(part) for part in parts)


def _marked(text: str) -> bool:
    return any(_PLAIN_LABEL.fullmatch(match[1]) for match in MARKER.finditer(text))


def _escaped(text: str) -> str:
    """Literal text with markers in their readable form."""
    out: list[str] = []
    position = 0
    for match in MARKER.finditer(text):
        if not _PLAIN_LABEL.fullmatch(match[1]):
            continue
        out += [_literal(text[position : match.start()]), _marker_text(match[1])]
        position = match.end()
    return "".join([*out, _literal(text[position:])])


def _marker_text(label: str) -> str:
    return f"<{label}>" if label in _OWN_ADDRESS else f"<unique {label}>"


def _literal(text: str) -> str:
    return text.replace("\\", "\\\\").replace("<", "\\<")


def read_text(text: str) -> str | Placeholder | Template:
    """Return what `write_text` wrote. Raises ValueError for a symbol that is none."""
    if "<" not in text:
        return text
    parts: list[str | Placeholder] = []
    for match in _PIECES.finditer(text):
        if match[3] is not None:
            raise ValueError(f"{match[0]!r} stands alone in {text[:60]!r}")
        if match[2] is not None:
            parts.append(read_symbol(match[2]))
        else:
            parts.append(match[1] if match[1] is not None else match[0])
    return joined(parts)


def read_symbol(words: str) -> Placeholder | str:
    """Return the symbol between angle brackets, or the marker of a generated value."""
    unique = _UNIQUE.fullmatch(words)
    if unique:
        return f"{OPEN}{unique[1]}{CLOSE}"
    if words in _OWN_ADDRESS:
        return f"{OPEN}{words}{CLOSE}"
    clock = words.endswith(" now")
    words = words.removesuffix(" now")
    ahead = _AHEAD.search(words) if clock else None
    words = words[: ahead.start()] if ahead else words
    per_run = words.endswith(" per run")
    words = words.removesuffix(" per run")
    steady = words.endswith(" steady")
    words = words.removesuffix(" steady")
    secret = words.startswith("secret ")
    words = words.removeprefix("secret ")
    found = re.fullmatch(r"(.*?)(?: #(\d+))?", words, re.DOTALL)
    if found is None or not found[1]:
        raise ValueError(f"<{words}> is no symbol")
    number = int(found[2]) if found[2] else None
    return Placeholder(
        tuple(found[1].split(" or ")),
        number,
        per_run,
        clock,
        secret,
        steady,
        ahead_s=int(ahead[1]) if ahead else 0,
    )


_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufdd0-\ufdef\ud800-\udfff]"
)


def printable(text: str) -> str:
    """Text without control, invisible or unpaired characters: they are written as escapes."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
