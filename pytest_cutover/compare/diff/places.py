"""A place in a document: the tokens that lead to it, and its JSON pointer. Pure."""

from __future__ import annotations

from typing import Any

from pytest_cutover.core import json_pointer
from pytest_cutover.normalize.own_address import OPEN
from pytest_cutover.normalize.substitution import readable

Path = tuple[Any, ...]  # ((), parent-first): (parent path, token), shared between siblings
ROOT: Path = ()


class Implied(str):
    """A name that a place has and no document: of an id that stands alone. No pointer has it."""

    __slots__ = ()


def tokens_of(path: Path) -> list[str]:
    """Return the tokens of a path, outermost first."""
    tokens: list[str] = []
    while path:
        path, token = path
        if type(token) is not Implied:
            tokens.append(str(token))
    return tokens[::-1]


def name_of(path: Path) -> str:
    """Return the name of the member that a place belongs to: the last token that is no index."""
    while path:
        path, token = path
        if isinstance(token, str):
            return token
    return ""


def is_in_row(path: Path) -> bool:
    """Whether a place is in an item of a list."""
    while path:
        path, token = path
        if isinstance(token, int):
            return True
    return False


def is_attribute(path: Path) -> bool:
    """Whether a path leads to an attribute of a cookie (its value has the empty key)."""
    tokens = tokens_of(path)
    return len(tokens) == 3 and tokens[0] == "set-cookie" and tokens[2] != ""


def pointer(path: Path, *, in_headers: bool = False) -> str:
    """Return the JSON pointer of a path; a key that holds a value of the run's making is
    readable.
    """
    tokens = tokens_of(path)
    if in_headers:
        if len(tokens) == 3 and tokens[2] == "":
            tokens.pop()  # the value of a cookie is the cookie
        tokens.insert(0, "headers")
    found = json_pointer.join(tokens)
    return json_pointer.join(map(readable, tokens)) if OPEN in found else found
