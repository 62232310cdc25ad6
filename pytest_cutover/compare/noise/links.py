"""A link or a mail address cut into its parts: what varied between recordings, and what held.

A signed link carries a signature and an expiry that are new each time, and a path that must not
change. Scheme, host, port, segments of the path and parameters stand by themselves, so that only
those parts are held to form that varied. Pure.
"""

from __future__ import annotations

import re

from pytest_cutover.compare.noise import constraints
from pytest_cutover.compare.noise.texts import text_template
from pytest_cutover.compare.noise.texts.text_template import MakePart
from pytest_cutover.compare.noise.texts.text_tokens import is_random
from pytest_cutover.normalize.matchers import Placeholder, Template

_LINK = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*://|//?|\ufdd0(?:origin|host|outside)\ufdd1)[^\s<>\"]*"
)
_FIELD = re.compile(rf"<({_LINK.pattern})>(.*)")  # a member of a `Link` field
_MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"/?]+\.[^\s@<>\"/?]+")
_AUTHORITY = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*")
_OF_HOST = re.compile(r"([/.:@])")
_ESCAPES = re.compile(r"%[0-9A-Fa-f]{2}|[~.!*'()=,:]")


def is_link(text: str) -> bool:
    """Whether a text is one link, of any scheme or to oneself, and nothing beside it."""
    if len(text) < 2 or ("/" not in text and "\ufdd0" not in text):
        return False
    if _LINK.fullmatch(text) is None:
        return False
    return not is_random(text)  # base64 may begin with a slash


def align(
    first: str, again: str, part: MakePart, atoms: re.Pattern[str] | None = None
) -> Template | Placeholder | str:
    """Return the template that two texts follow, links and mail addresses in them part by part.

    `part` and `atoms` are those of `text_template.align`.
    """

    def within(left: str, right: str) -> Template | Placeholder | str:
        """Return what a part of a link is: one value, or words around it."""
        one_value = left == right or is_one_value(left) or is_one_value(right)
        if one_value or "text" not in constraints.formats_for((left, right)):
            return part(left, right)
        inner = text_template.align(left, right, part, atoms)
        return part(left, right) if text_template.open_holes(inner) else inner

    def piece(left: str, right: str) -> Template | Placeholder | str:
        found = _align_links(left, right, within) if left != right else None
        return part(left, right) if found is None else found

    whole = _align_links(first, again, within)
    return text_template.align(first, again, piece, atoms) if whole is None else whole


def _align_links(first: str, again: str, part: MakePart) -> Template | Placeholder | str | None:
    """Return what two links have in common; None where they are none, or are built differently."""
    if is_link(first) and is_link(again):
        left, right = _parts(first), _parts(again)
    elif (one := _FIELD.fullmatch(first)) and (other := _FIELD.fullmatch(again)):
        left, right = (
            ["", "<", *_parts(link), ">", words]
            for link, words in map(re.Match.groups, (one, other))
        )
    elif "@" in first and _MAIL.fullmatch(first) and _MAIL.fullmatch(again):
        left, right = list(first.partition("@")), list(again.partition("@"))
    else:
        return None
    if len(left) != len(right) or left[1::2] != right[1::2]:
        return None
    return text_template.joined(
        [
            each
            for one, other in zip(left, right, strict=True)
            for each in text_template.pieces(part(one, other) if one or other else "")
        ]
    )


def _parts(link: str) -> list[str]:
    """Return the parts of a link: values at even places, at odd ones the signs and names
    between them.
    """
    before, mark, fragment = link.partition("#")
    path, asked, query = before.partition("?")
    authority = _AUTHORITY.match(path)
    end = authority.end() if authority else 0
    found = _OF_HOST.split(path[:end])
    segments = path[end:].split("/")
    found[-1] += segments[0]
    for segment in segments[1:]:
        found += ["/", segment]
    for sign, text in ((asked, query), (mark, fragment)):
        if sign:
            found += _parameters(sign, text)
    return found


def _parameters(sign: str, text: str) -> list[str]:
    """Return the sign that begins a query or fragment, with names and values; the values as
    they are.
    """
    found: list[str] = []
    name_of = sign
    for at, piece in enumerate(re.split("([&;])" if sign == "?" else "(&)", text)):
        if at % 2:
            name_of = piece
            continue
        name, equals, value = piece.partition("=")
        if equals:
            found += [f"{name_of}{name}=", value]
        else:
            found += [name_of, piece]
    return found


def is_one_value(text: str) -> bool:
    """Whether a part of a link is one random value, however its signs are escaped."""
    return is_random(_ESCAPES.sub("", text))
