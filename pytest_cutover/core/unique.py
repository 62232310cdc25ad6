"""Codes that no run has used before, and how to know one again.

A code is letters and then digits, in one case, after a label: ``LOTKXWBRTPDM47``. It makes a name,
a mail address, a path, a slug and an identifier without trouble: no hyphen at which a service would
split it, and `str.title` or `str.lower` of it is one word still. The letters are consonants, so
that no word appears by chance; the digits are a check on the letters, so that a code of an earlier
run is told from other text. The letters tell the side that it was made for, by a parity: two
databases show codes of their own side alone. Pure but for `new_unique`, which draws at random.
"""

from __future__ import annotations

import re
import secrets
import zlib
from collections.abc import Iterator
from typing import Final

from pytest_cutover.core.exchange import Side

_LETTERS: Final = "bcdfghjkmnpqrstvwxz"
_DIGITS: Final = "23456789"
_CHARACTERS: Final = 11
FEWEST_CHARACTERS: Final = 7
# So many characters of a code and more have room for a second check digit.
_TWO_DIGITS_FROM: Final = 9
_PARITY: Final = 16  # the bit of the check sum that tells the side; the lowest six are digits
_CODE: Final = re.compile(  # from where its letters begin, or a long text takes for ever
    f"(?:(?<![{_LETTERS}])[{_LETTERS}]{{6,}}|(?<![{_LETTERS.upper()}])[{_LETTERS.upper()}]{{6,}})"
    f"([{_DIGITS}]{{1,2}})(?![0-9])"
)


def new_unique(label: str, *, length: int | None = None, side: Side | None = None) -> str:
    """Return the label with a new code behind it, in upper case where the label is.

    `side` is the one that it is made for, any by default. A label that begins with a digit gets a
    ``u`` before it. With `length` the whole has exactly that many characters. Raises ValueError
    when that leaves too few of them to be new.
    """
    start = f"u{label}" if label[:1].isdigit() else label
    count = _CHARACTERS if length is None else length - len(start)
    if count < FEWEST_CHARACTERS:
        raise ValueError(
            f"backend.unique({label!r}, length={length}) leaves {max(count, 0)} characters for the "
            f"code, and needs at least {FEWEST_CHARACTERS} to be new in every run. Use a shorter "
            f"label, or length >= {len(start) + FEWEST_CHARACTERS}."
        )
    letters = _drawn(count - _digits_for(count))
    while side is not None and _side_of(letters) is not side:
        letters = _drawn(count - _digits_for(count))
    code = letters + _check(letters, _digits_for(count))
    return start + (code.upper() if label.isupper() else code)


def sides_in(text: str) -> Iterator[tuple[str, Side]]:
    """Yield the codes of the usual length in a text, each with the side that it was made for; by
    chance one of them, where none was named.
    """
    for start, end in codes_in(text):
        if end - start == _CHARACTERS:
            code = text[start:end].lower()
            yield code, _side_of(code.rstrip(_DIGITS))


def label_of(text: str) -> str:
    """Return the label of a code that `backend.unique` made, in whatever run; empty for another
    text.
    """
    found = list(codes_in(text))
    return text[: found[0][0]] if len(found) == 1 and found[0][1] == len(text) else ""


def codes_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where codes stand in a text: start and end of each, its label left out."""
    for found in _CODE.finditer(text):
        letters, digits = found[0][: -len(found[1])].lower(), found[1]
        sizes = dict.fromkeys((_CHARACTERS - len(digits), *range(len(letters), 5, -1)))
        for size in sizes:
            if size > len(letters) or _digits_for(size + len(digits)) != len(digits):
                continue
            if _check(letters[len(letters) - size :], len(digits)) == digits:
                yield found.end() - size - len(digits), found.end()
                break


def _drawn(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def _side_of(letters: str) -> Side:
    is_odd = zlib.crc32(letters.encode("ascii")) >> _PARITY & 1
    return Side.CANDIDATE if is_odd else Side.BASELINE


def _digits_for(characters: int) -> int:
    return 2 if characters >= _TWO_DIGITS_FROM else 1


def _check(letters: str, digits: int) -> str:
    rest = zlib.crc32(letters.encode("ascii"))
    return "".join(_DIGITS[(rest >> (3 * place)) & 7] for place in range(digits))
