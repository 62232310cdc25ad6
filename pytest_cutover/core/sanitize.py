r"""Text that cannot act: what a backend sent, made safe to show.

Control characters, ANSI escapes, direction marks, invisible and unassigned characters and lone
surrogates are shown as the escapes that name them (``\x1b``, ``\u202e``): a reader of evidence
wants to see them, and no terminal, comment or page may obey them. Every renderer passes every
string of the report through here, and then through the escaping of its own format.
"""

from __future__ import annotations

import re
import unicodedata

# The first sign of a command: `::error::`, `##[error]`, `##vso[…]`; not of `std::string`, `::1`.
_COMMAND = re.compile(r"(?<!\S)(?::(?=:[A-Za-z])|#(?=#(?:\[|vso)))")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

#: What an ASCII stream shows instead of our own signs.
_ASCII = str.maketrans(
    {"✗": "x", "✓": "+", "→": "->", "×": "x", "…": "...", "·": "|", "–": "-", "≤": "<=", "−": "-"}
)


def one_line(text: str, limit: int | None = None) -> str:
    """Return the text in one line, harmless; cut to `limit` characters with an ellipsis."""
    if limit is not None and len(text) > 4 * limit:
        text = text[: 4 * limit]
    shown = text if text.isprintable() else "".join(map(_visible, text))
    shown = without_commands(shown)
    return shown if limit is None or len(shown) <= limit else shown[: limit - 1] + "…"


def command_line(text: str) -> str:
    """Return a command to be copied: in one line, and to the byte but for what cannot be printed.

    For pages and comments, whose lines no log reader of CI obeys.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def without_commands(text: str) -> str:
    """Return the text with nothing in it that a log reader of CI would obey, and all else kept.

    It obeys a line that begins so, and any blank may become a line's end.
    """
    if "::" not in text and "##" not in text:
        return text
    return _COMMAND.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def block(text: str) -> str:
    """Return the text with its line ends and tabs kept, everything else harmless."""
    lines = text.replace("\r\n", "\n").split("\n")
    return "\n".join("  ".join(one_line(part) for part in line.split("\t")) for line in lines)


def encodable(text: str, encoding: str) -> str:
    """Return the text in what a stream of this encoding can print, our own signs by their ASCII
    forms.
    """
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        text = text.translate(_ASCII)
        return text.encode(encoding, "backslashreplace").decode(encoding)
    except LookupError:
        return encodable(text, "ascii")
    return text


def columns(text: str) -> int:
    """How many columns a terminal gives the text."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def fit(text: str, limit: int) -> str:
    """Return the text, cut with an ellipsis where it is wider than `limit` columns."""
    if columns(text) <= limit:
        return text
    kept, used = [], 1
    for character in text:
        used += _columns(character)
        if used > limit:
            break
        kept.append(character)
    return "".join(kept) + "…"


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _visible(character: str) -> str:
    if character.isprintable():
        return character
    if character in _SHORT:
        return _SHORT[character]
    number = ord(character)
    if number < 0x100:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
