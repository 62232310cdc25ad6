"""What every reader is given, what it may raise, and the few rules that all of them share.

A tree is made of `dict`, `list`, `str`, `bool`, `None`, and `bytes` for the spelling of a number
that JSON allows. A reader is strict: what is cut off, goes on behind its end, or is not in its
charset raises `Unreadable`, and the caller then holds the body as text or bytes beside that fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from functools import lru_cache
from typing import Protocol

from pytest_cutover.normalize.matchers import Json

Tree = Json

# Elements of a document below each other. Each is two levels of a tree, and the walks recurse a
# few frames for a level.
DEEPEST_ELEMENT = 64
DEEPEST_LEVEL = 128
# An archive in an archive is opened, one inside that is not.
MOST_ARCHIVES = 2
MOST_MULTIPARTS = 4
BYTE_ORDER_MARK = "\ufeff"

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class Unreadable(ValueError):  # noqa: N818 - what it is: bytes that are not what they claim to be
    """A body that is not what it says it is.

    `what` is the same for every body that is wrong in the same way; `where` names a place in this
    one (a line, an offset, a member) and is empty for the body as a whole.
    """

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(f"{what} ({where})" if where else what)
        self.what = what
        self.where = where


class TooLarge(Unreadable):
    """A body that unpacks to more, or more deeply, than is read."""


@dataclass(slots=True)
class UnpackingBudget:
    """How many bytes may still be unpacked from one body, over all of its members.

    Not frozen: each member that is unpacked takes its share.
    """

    left_bytes: int

    def take(self, size_bytes: int, where: str = "") -> None:
        """Count bytes that are about to be unpacked. Raises TooLarge before they are."""
        if size_bytes > self.left_bytes:
            raise TooLarge("too large to read", where)
        self.left_bytes -= size_bytes


@dataclass(frozen=True, slots=True)
class BodySource:
    """A body to be read, or a part of one.

    `archives` and `multiparts` say how many more of them may be opened, this one included;
    `read_part` reads what stands inside and is not for readers to call: `part` is.
    """

    body: bytes
    budget: UnpackingBudget
    read_part: Callable[[str, BodySource], dict[str, Tree]]
    media_type: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    archives: int = MOST_ARCHIVES
    multiparts: int = MOST_MULTIPARTS

    def text(self) -> str:
        """Return the body in its charset (UTF-8 where none is named). Raises Unreadable."""
        return decoded(self.body, self.parameters.get("charset", "utf-8"))

    def part(
        self, body: bytes, *, content_type: str = "", name: str = "", archive: bool = False
    ) -> dict[str, Tree]:
        """Return a part as one member, its kind and its tree (nothing for an empty one).

        `content_type` and the file `name` say what it is, as far as known; `archive`: this body
        is an archive, else a multipart. A part that cannot be read is text or bytes.

        Raises:
            TooLarge: for the whole body.
        """
        kind, parameters = media_type(content_type)
        archives, multiparts = self.archives - archive, self.multiparts - (not archive)
        inner = BodySource(
            body, self.budget, self.read_part, kind, parameters, archives, multiparts
        )
        return self.read_part(name, inner)


class Reader(Protocol):
    """Gives the tree of a body. Raises Unreadable."""

    def __call__(self, source: BodySource, /) -> Tree:
        """Return the tree."""
        ...


def decoded(body: bytes, charset: str = "utf-8", where: str = "") -> str:
    """Return the text of bytes in their charset. Raises Unreadable."""
    try:
        return body.decode(charset)
    except LookupError:
        raise Unreadable("unknown charset", where) from None
    except UnicodeError:
        raise Unreadable(f"invalid {charset.upper()}", where) from None


@lru_cache(maxsize=256)
def media_type(content_type: str) -> tuple[str, Mapping[str, str]]:
    """Return the type, in lower case (empty where it is none), and the parameters of a
    Content-Type.
    """
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    kind = message.get_content_type() if "/" in content_type else ""
    parameters = message.get_params(failobj=[])[1:]
    return kind, {name.lower(): str(value) for name, value in parameters}


def without_boundary(content_type: str) -> str:
    """Return a Content-Type with nobody's value in the place of its boundary."""
    kind, parameters = media_type(content_type)
    if not kind.startswith("multipart/") or "boundary" not in parameters:
        return content_type
    return content_type.replace(parameters["boundary"], "boundary")


def number_or_text(lexeme: str) -> Tree:
    """Return a lexeme as the number that JSON would read it as, else as the text that it is."""
    return lexeme.encode() if _NUMBER.fullmatch(lexeme) else lexeme


def line_ends(ends: list[str]) -> dict[str, Tree]:
    """How lines end, as members: `newline`, once where all are alike, and `end` of an odd last.

    Several lines of which each ends as the others give one member; nothing is lost otherwise.
    """
    if not ends:
        return {}
    *between, last = ends
    if not between:
        return {"end": last}
    if between.count(between[0]) < len(between):
        return {"newline": list(between), "end": last}
    return {"newline": between[0], **({} if last == between[0] else {"end": last})}


def is_blank(text: str) -> bool:
    """Whether a text between tags is white space alone (what markup calls so: not `\\xa0`)."""
    return not text.strip(" \t\r\n\f")


def close_element(name: str, node: dict[str, Tree], children: list[Tree], text: str) -> None:
    """Give an element of a document its content; `text` stands before its end tag."""
    if text:
        if children and is_blank(text):
            node["#close"] = text
        else:
            children.append(text)
    if children:
        only = children[0]
        node[name] = only if len(children) == 1 and isinstance(only, str) else children
