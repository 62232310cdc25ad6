"""Text with volatile pieces: found by aligning two recordings, matched against a third text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from pytest_cutover.compare.noise.constraints import conforms, formats_for
from pytest_cutover.compare.noise.formats import format_of
from pytest_cutover.compare.noise.matchers import Placeholder, Template

_TOKENS = re.compile(
    r"\ufdd0[^\ufdd1]*\ufdd1"
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|eyJ[\w-]+\.eyJ[\w-]+\.[\w-]*"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
    r"|\d{4}-\d\d-\d\d(?![\w-])"
    # A random token, hyphens and all: letters of both cases and digits follow each other.
    r"|(?<![\w-])(?=(?:[\w-]*?(?:[a-z][A-Z0-9]|[0-9][a-z])){2})[\w-]{16,}"
    r"|\d\d:\d\d:\d\d(?:\.\d+)?"
    r"|\d+(?:\.\d+)?(?=(?:ns|us|µs|ms|s|m|h|%)(?!\w))"
    r"|\d+\.\d+"
    r"|[A-Za-z0-9_]+"
    r"|\s+|.",
    re.ASCII | re.DOTALL,
)
_INSIDE = re.compile(
    r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-fA-F-])"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?",
    re.ASCII,
)
LONGEST_MIDDLE = 2000
WIDE_HOLES = 4

MakeSymbol = Callable[[str, str], "Placeholder | str"]


def tokens(text: str) -> list[str]:
    """The pieces of a text: ids, timestamps, numbers, words, spaces, signs."""
    return _TOKENS.findall(text)


def align(first: str, again: str, symbol: MakeSymbol) -> Template | Placeholder | str:
    """The template that both texts follow; `symbol` says what each pair of pieces is.

    Common pieces at both ends are literals. The middle is aligned piece by piece where both have
    as many, else it is one symbol.
    """
    left, right = tokens(first), tokens(again)
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    middle_left = left[start : len(left) - end]
    middle_right = right[start : len(right) - end]
    parts: list[str | Placeholder] = [symbol(piece, piece) for piece in left[:start]]
    if len(middle_left) == len(middle_right) <= LONGEST_MIDDLE:
        parts += [symbol(a, b) for a, b in zip(middle_left, middle_right, strict=True)]
    else:
        parts.append(Placeholder(("string",)))
    parts += [symbol(piece, piece) for piece in left[len(left) - end :]]
    return joined(parts)


def has_stem(first: str, again: str) -> bool:
    """Whether two codes begin with the same word and go on with a counter: ``LOT-0017``."""
    left, right = tokens(first), tokens(again)
    return (
        len(left) == len(right) > 1
        and left[0] == right[0]
        and left[0].isalpha()
        and formats_for((left[-1], right[-1])) == ("digits",)
    )


def split(text: str, symbol: Callable[[str], Placeholder | str]) -> Template | Placeholder | str:
    """The text with each UUID and timestamp inside it put through `symbol`."""
    if len(text) < 16 or "-" not in text:
        return text
    parts: list[str | Placeholder] = []
    position = 0
    for match in _INSIDE.finditer(text):
        parts += [text[position : match.start()], symbol(match[0])]
        position = match.end()
    return joined([*parts, text[position:]])


def joined(parts: list[str | Placeholder]) -> Template | Placeholder | str:
    """A template in its normal form: neighbouring literals are one, and no literal is empty."""
    normal: list[str | Placeholder] = []
    for part in parts:
        if isinstance(part, str) and normal and isinstance(normal[-1], str):
            normal[-1] += part
        elif part != "":
            normal.append(part)
    if not normal:
        return ""
    return normal[0] if len(normal) == 1 else Template(tuple(normal))


def match(template: Template, text: str) -> list[tuple[Placeholder, str]] | None:
    """What stands in the place of each symbol, or None where the text does not follow."""
    found = _compiled(template).fullmatch(text)
    if found is None:
        return None
    holes = [part for part in template.parts if isinstance(part, Placeholder)]
    return list(zip(holes, found.groups(), strict=True))


@lru_cache(maxsize=1024)
def _compiled(template: Template) -> re.Pattern[str]:
    pieces = []
    holes = sum(1 for part in template.parts if isinstance(part, Placeholder))
    for index, part in enumerate(template.parts):
        if isinstance(part, str):
            pieces.append(re.escape(part))
        else:
            last = index == len(template.parts) - 1
            pieces.append(f"({_piece(part, last=last, wide=holes <= WIDE_HOLES)})")
    return re.compile("".join(pieces), re.DOTALL)


def _piece(symbol: Placeholder, *, last: bool, wide: bool) -> str:
    """What may stand in a hole. In a text of many holes each is one word: no backtracking."""
    if "string" in symbol.formats or (wide and {"text", "empty"} & set(symbol.formats)):
        return ".*" if last else ".*?"
    if all(name.startswith("uuid") for name in symbol.formats):
        return r"[0-9a-fA-F-]{36}"
    if set(symbol.formats) <= {"digits"}:
        return r"\d+"
    return r"\S+" if last else r"\S+?"


def wrong_piece(pieces: list[tuple[Placeholder, str]]) -> tuple[Placeholder, str] | None:
    """The first piece that lacks the format of its symbol."""
    return next((pair for pair in pieces if not conforms(pair[1], pair[0].formats)), None)


def piece_formats(first: str, again: str) -> tuple[str, ...]:
    """The formats of a volatile piece of text; words that differ are just text."""
    names = formats_for((first, again))
    if format_of(first) == "decimal string" or format_of(again) == "decimal string":
        return ("decimal string", "digits")
    return names
