"""Documents that stand inside of a text: a PDF or an archive in base64, a report in hex, a cursor,
the JSON of a cookie with percent signs.

To a client such a text is what it decodes to: another date in an invoice is another text from end
to end, and so is another total. Opened, it is a tree with places like any body: JSON and what else
has a reader by that, text as text, other bytes as bytes (`byte_holes`). A random value of as many
characters decodes to nothing of the kind, and is no document. Pure.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Callable
from typing import Any, Final, NamedTuple
from urllib.parse import unquote_to_bytes

from pytest_cutover.normalize.bodies.message_pack import read as read_message_pack
from pytest_cutover.normalize.bodies.reading import BodySource, UnpackingBudget, Unreadable
from pytest_cutover.normalize.bodies.registry import TABLE, kind_of, read_body
from pytest_cutover.normalize.bodies.text_or_bytes import is_text
from pytest_cutover.normalize.matchers import Json, ObjectPattern, Pattern, members_of
from pytest_cutover.normalize.strict_json import read_json

_BINARY: Final = "bytes"
_IN: Final = " in "
_SHORTEST: Final = 12  # characters; fewer are an id or a word
_SHORTEST_TEXT_BYTES: Final = 24  # that many random bytes are no text by chance
_SHORTEST_RUN: Final = re.compile(rb"[\x20-\x7e]{12,}")  # nor are so many among others
_SHORTEST_PACKED: Final = 48  # bytes; a message has a name and an address in it
_LONGEST_CHARACTERS: Final = 64 * 1024 * 1024
_MOST_UNPACKED_BYTES: Final = 16 * 1024 * 1024
_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{12,}={0,2}|[A-Za-z0-9_-]{12,}={0,2}")
# Words and numbers with a separator between them: a path, or a name in snake or kebab case.
_WORD: Final = r"(?:[A-Za-z][a-z]*\d*|[A-Z]+|\d+)"
_WORDS: Final = re.compile(rf"[/_-]?(?:{_WORD}[/_-])+{_WORD}?")
# A path, with an id in it; base64 that begins with a slash goes on with a digit or another one.
_PATH: Final = re.compile(r"/[a-z][a-z\d]*/")
_LINES: Final = re.compile(r"(?:[A-Za-z0-9+/]{60,76}\r?\n)*[A-Za-z0-9+/]{1,76}={0,2}\r?\n?")
_HEX: Final = re.compile(r"(?:\\x|0x)?((?:[0-9a-f]{2}){12,}|(?:[0-9A-F]{2}){12,})")
_PERCENT: Final = re.compile(r"%(?:7[Bb]|5[Bb])(?:[\w.~!*'()+-]|%[0-9A-Fa-f]{2})+", re.ASCII)
_DATA: Final = re.compile(r"data:[\w.+/-]*(?:;[\w.+=-]+)*;base64,")
_UUID_HYPHEN: Final = 8
# What files that have no reader begin with.
_FILES: Final = (
    *(b"%PDF-", b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf"),
    *(b"\xd0\xcf\x11\xe0", b"RIFF", b"%!PS", b"SQLite format 3", b"\x7fELF", b"\x28\xb5\x2f\xfd"),
    *(b"OggS", b"ID3", b"fLaC", b"PAR1", b"\0asm", b"\xd9\xd9\xf7", b"II*\0", b"MM\0*"),
)
_STARTS: Final = tuple(start for entry in TABLE for start in entry.starts)
_MESSAGE_PACK: Final = frozenset((*range(0x80, 0xA0), 0xDC, 0xDD, 0xDE, 0xDF))

Marked = Callable[[bytes], bytes]
"""Puts markers in the place of what the test made."""


class Document(NamedTuple):
    """A document, in what it is written, and what it is: a tree, or bytes in base64."""

    way: str
    kind: str
    tree: Json

    @property
    def key(self) -> str:
        """The name of its place below that of the text."""
        return f"{self.kind}{_IN}{self.way}"

    @property
    def is_bytes(self) -> bool:
        """Whether it has no tree: there is no reader for it."""
        return self.kind.partition(_IN)[0] == _BINARY


def as_it_is(content: bytes) -> bytes:
    """Return the bytes."""
    return content


def is_percent_encoded(text: str) -> bool:
    """Whether a text is an object or a list with percent signs, as cookies have it."""
    return text[:1] == "%" and _PERCENT.fullmatch(text) is not None


def opened(text: str, marked: Marked = as_it_is) -> Document | None:
    """Return the document that a text is, None where it is an ordinary text, a token or an id."""
    found = _decoded(text)
    return None if found is None else _document(found, marked)


def _document(found: tuple[str, bytes], marked: Marked) -> Document | None:
    """Return what bytes are that a text was decoded to, which is written in one way."""
    way, content = found
    read = _read(content, marked)
    return None if read is None else Document(way, *read)


def opened_as(text: str, key: str, marked: Marked = as_it_is) -> Document | None:
    """Return the same where it is of one kind, and bytes of any content are such where asked
    for.
    """
    found = opened(text, marked)
    if found is not None:
        return found if found.key == key else None
    plain = _decoded(text)
    if plain is None or key != f"{_BINARY}{_IN}{plain[0]}":
        return None
    return Document(plain[0], _BINARY, _base64(marked(plain[1])))


def both_opened(
    first: str, again: str, marked: tuple[Marked, Marked] = (as_it_is, as_it_is)
) -> tuple[Document, Document] | None:
    """Return the documents that two texts are, of one kind, or bytes that are mostly the same."""
    left, right = _decoded(first), _decoded(again)
    if left is None or right is None:
        return None
    one, other = _document(left, marked[0]), _document(right, marked[1])
    if one is not None and other is not None:
        return (one, other) if one.key == other.key else None
    if one is not None or other is not None or left[0] != right[0]:
        return None
    contents = marked[0](left[1]), marked[1](right[1])
    if not _are_mostly_one(*contents):
        return None
    found = [Document(left[0], _BINARY, _base64(content)) for content in contents]
    return found[0], found[1]


def key_of_pattern(pattern: Any) -> str:
    """Return the name below which the pattern of a document stands in that of a text; empty for
    any other pattern.
    """
    members = members_of(pattern)
    if len(members) != 1:
        return ""
    (key,) = members
    return key if _IN in key else ""


def pattern_of(document: Document, inner: Pattern) -> ObjectPattern:
    """Return the pattern of a text that is a document."""
    return ObjectPattern({document.key: inner})


def spelled_apart(one: str, other: str) -> str:
    """Return how two texts spell bytes otherwise: by other signs, or without what pads them."""
    left, right = _spelling(one), _spelling(other)
    told = [pair for pair in zip(left, right, strict=True) if "" not in pair and len({*pair}) > 1]
    return " → ".join(told[0]) if told else ""


def _spelling(text: str) -> tuple[str, str]:
    text = text.rpartition(",")[2]
    plain, url_safe = any(c in text for c in "+/"), any(c in text for c in "-_")
    alphabet = "base64" if plain else "base64url" if url_safe else ""
    padding = "padded" if text.endswith("=") else "not padded" if len(text) % 4 else ""
    return alphabet, padding


# -- what it is written in


def _decoded(text: str) -> tuple[str, bytes] | None:
    size = len(text)
    if size < _SHORTEST or size > _LONGEST_CHARACTERS:
        return None
    if size == 36 and text[_UUID_HYPHEN] == "-":
        return None
    is_data = text.startswith("data:")
    if ":" in text and not is_data:
        return None
    if is_percent_encoded(text):
        way = "form encoding" if "+" in text else "percent-encoding"
        return way, unquote_to_bytes(text.replace("+", " "))
    if is_data and (data := _DATA.match(text)):
        content = _of_base64(text[data.end() :])
        return None if content is None else (data[0].rstrip(","), content)
    if _BASE64.fullmatch(text) and not (_WORDS.fullmatch(text) or _PATH.match(text)):
        if (hexadecimal := _HEX.fullmatch(text)) is not None:
            return "hex", bytes.fromhex(hexadecimal[1])
        content = _of_base64(text)
        return None if content is None else ("base64", content)
    if text.startswith("\\x") and (hexadecimal := _HEX.fullmatch(text)) is not None:
        return "hex", bytes.fromhex(hexadecimal[1])
    if "\n" in text and _LINES.fullmatch(text):
        content = _of_base64("".join(text.split()))
        return None if content is None else ("lines of base64", content)
    return None


def _of_base64(text: str) -> bytes | None:
    bare = text.rstrip("=")
    if len(bare) % 4 == 1:
        return None
    try:
        plain = bare.translate(_URL_SAFE) + "=" * (-len(bare) % 4)
        return base64.b64decode(plain, validate=True)
    except (ValueError, binascii.Error):
        return None


_URL_SAFE: Final = str.maketrans("-_", "+/")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


# -- what it is


def _read(content: bytes, marked: Marked) -> tuple[str, Json] | None:
    if content[:1] in (b"{", b"["):
        parsed = read_json(marked(content))
        if parsed.whole and not parsed.problems and isinstance(parsed.tree, dict | list):
            return "json", parsed.tree
    if content.startswith(_FILES) or content[4:8] == b"ftyp":
        return _BINARY, _base64(marked(content))
    # Most are random and begin like nothing: asked first, for it is asked of each token of a row.
    is_known = content[:64].lstrip().startswith(_STARTS)
    if is_known and (kind := kind_of(None, content)) is not None:
        return _of_reader(kind, content, marked)
    if content[:1] == b"\x78" and (unpacked := _inflated(content)):
        found = _read(unpacked, marked) or (_BINARY, _base64(unpacked))
        return f"{found[0]}{_IN}zlib", found[1]
    if content[:1] and content[0] in _MESSAGE_PACK and (tree := _message_pack(content)) is not None:
        return "msgpack", _with_markers(tree, marked)
    is_plain = len(content) >= _SHORTEST_TEXT_BYTES or _SHORTEST_RUN.fullmatch(content)
    if is_plain and is_text(content):
        return "text", marked(content).decode()
    if _SHORTEST_RUN.search(content):
        return _BINARY, _base64(marked(content))
    # Single sign-on packs a message without a word on how; of random bytes one block in few ends.
    unpacked = _inflated(content, -zlib.MAX_WBITS) if len(content) >= _SHORTEST_PACKED else b""
    if unpacked[:1] in (b"<", b"{") and (told := _read(unpacked, marked)) is not None:
        return f"{told[0]}{_IN}deflate", told[1]
    return None


def _of_reader(kind: str, content: bytes, marked: Marked) -> tuple[str, Json]:
    archive = kind in ("zip", "gzip")
    try:
        read = read_body(None, content if archive else marked(content), _MOST_UNPACKED_BYTES)
    except Unreadable:
        return _BINARY, _base64(content)
    assert read is not None
    return read.kind, _with_markers(read.tree, marked) if archive else read.tree


def _with_markers(tree: Json, marked: Marked) -> Json:
    if isinstance(tree, str):
        return marked(tree.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
    if isinstance(tree, list):
        return [_with_markers(item, marked) for item in tree]
    if isinstance(tree, dict):
        return {key: _with_markers(item, marked) for key, item in tree.items()}
    return tree


def _inflated(content: bytes, window: int = zlib.MAX_WBITS) -> bytes:
    """Return what zlib unpacks; nothing where that is not what the bytes are, to the last of
    them. A negative `window` is of bytes without a head.
    """
    unpacker = zlib.decompressobj(window)
    try:
        unpacked = unpacker.decompress(content, _MOST_UNPACKED_BYTES)
    except zlib.error:
        return b""
    return unpacked if unpacker.eof and not unpacker.unused_data else b""


def _message_pack(content: bytes) -> Json | None:
    """Return what bytes are as MessagePack, where it has members with names: nobody draws those."""
    try:
        tree = read_message_pack(
            BodySource(content, UnpackingBudget(_MOST_UNPACKED_BYTES), _no_parts)
        )
    except (Unreadable, RecursionError):
        return None
    rows = tree if isinstance(tree, list) else [tree]
    named = [row for row in rows if isinstance(row, dict) and row]
    is_told = bool(named) and all(key.isprintable() and key for row in named for key in row)
    return tree if is_told else None


def _no_parts(_name: str, _source: BodySource) -> dict[str, Json]:
    return {}


def _are_mostly_one(one: bytes, other: bytes) -> bool:
    """Return whether bytes of one length are equal in so many places that no chance made them."""
    if len(one) != len(other):
        return False
    apart = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    same = sum(len(run) for run in re.findall(rb"\0{4,}", apart.to_bytes(len(one), "big")))
    return same >= 16 and 4 * same >= len(one)
