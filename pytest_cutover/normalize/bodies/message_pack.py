"""MessagePack to the tree of the JSON document that it could have been, and what JSON has not.

A map is an object: a key that is no text is ``#`` and its spelling (``#7``, ``#true``), a text that
begins with ``#`` gets another. Bytes are ``{"#bin": base64}``, an extension is ``{"#ext 5":
base64}``, the timestamp that the format defines is ``{"#timestamp":
"2026-11-25T22:00:01.000000000Z"}``. A number with a point is a float, one without is an integer.

| held equal | why |
|---|---|
| in how many bytes a number or a length is told | the value is the same |
| a float of 32 bits or of 64, where the value is the same | the value is the same |
| which of the many NaN it is | no client sees which |
| the order of a map's keys | maps have none, as in JSON |
| a whole second of a timestamp in 8 or in 12 bytes | the instant is the same |

`msgspec` reads MessagePack too, but a key that came twice and a text that is no UTF-8 are lost in
it. Source: github.com/msgpack/msgpack/blob/master/spec.md.
"""

from __future__ import annotations

import base64
import math
import struct
from datetime import UTC, datetime, timedelta

from pytest_cutover.normalize.bodies.reading import (
    DEEPEST_LEVEL,
    BodySource,
    Tree,
    Unreadable,
    decoded,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORMATS = {
    0xCA: struct.Struct(">f"),
    0xCB: struct.Struct(">d"),
    0xCC: struct.Struct(">B"),
    0xCD: struct.Struct(">H"),
    0xCE: struct.Struct(">I"),
    0xCF: struct.Struct(">Q"),
    0xD0: struct.Struct(">b"),
    0xD1: struct.Struct(">h"),
    0xD2: struct.Struct(">i"),
    0xD3: struct.Struct(">q"),
}
_SIZES = (1, 2, 4)
_CONSTANTS: dict[int, Tree] = {0xC0: None, 0xC2: False, 0xC3: True}


def read(source: BodySource) -> Tree:
    """Return the value. Raises Unreadable where it is cut off, goes on, or has a key twice."""
    decoder = _Decoder(source.body)
    tree = decoder.value(0)
    if decoder.at != len(source.body):
        raise Unreadable("data after the end", f"byte {decoder.at}")
    return tree


class _Decoder:
    """Goes through the bytes once."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.at = 0

    def value(self, depth: int) -> Tree:
        """Return the value that begins here. Raises Unreadable."""
        if depth > DEEPEST_LEVEL:
            raise Unreadable("nested too deep to compare by field")
        code = self._take(1)[0]
        if code < 0x80:
            return b"%d" % code
        if code >= 0xE0:
            return b"%d" % (code - 0x100)
        if code < 0x90:
            return self._map(code & 0x0F, depth)
        if code < 0xA0:
            return self._array(code & 0x0F, depth)
        if code < 0xC0:
            return self._text(code & 0x1F)
        if code in _CONSTANTS:
            return _CONSTANTS[code]
        if code in _FORMATS:
            form = _FORMATS[code]
            (number,) = form.unpack(self._take(form.size))
            return _number(number)
        return self._sized(code, depth)

    def _sized(self, code: int, depth: int) -> Tree:
        if 0xD9 <= code <= 0xDB:
            return self._text(self._size(_SIZES[code - 0xD9]))
        if 0xC4 <= code <= 0xC6:
            return {"#bin": _base64(self._take(self._size(_SIZES[code - 0xC4])))}
        if code in (0xDC, 0xDD):
            return self._array(self._size(_SIZES[code - 0xDC + 1]), depth)
        if code in (0xDE, 0xDF):
            return self._map(self._size(_SIZES[code - 0xDE + 1]), depth)
        if 0xD4 <= code <= 0xD8:
            return self._extension(1 << (code - 0xD4))
        if 0xC7 <= code <= 0xC9:
            return self._extension(self._size(_SIZES[code - 0xC7]))
        raise Unreadable("not MessagePack", f"byte {self.at - 1}")

    def _take(self, size: int) -> bytes:
        taken = self._body[self.at : self.at + size]
        if len(taken) < size:
            raise Unreadable("MessagePack cut off", f"byte {len(self._body)}")
        self.at += size
        return taken

    def _size(self, width: int) -> int:
        return int.from_bytes(self._take(width), "big")

    def _text(self, size: int) -> str:
        where = f"byte {self.at}"
        return decoded(self._take(size), where=where)

    def _array(self, size: int, depth: int) -> Tree:
        return [self.value(depth + 1) for _ in range(size)]

    def _map(self, size: int, depth: int) -> Tree:
        members: dict[str, Tree] = {}
        for _ in range(size):
            start = self.at
            key = _key(self.value(depth + 1), start)
            if key in members:
                raise Unreadable("duplicate key", f"byte {start}")
            members[key] = self.value(depth + 1)
        return members

    def _extension(self, size: int) -> Tree:
        kind = self._take(1)[0]
        content = self._take(size)
        if kind == 0xFF and size in (4, 8, 12):
            moment = _timestamp(content)
            if moment is not None:
                return {"#timestamp": moment}
        return {f"#ext {kind - 0x100 if kind > 0x7F else kind}": _base64(content)}


def _number(number: int | float) -> bytes:
    if isinstance(number, int):
        return b"%d" % number
    if math.isnan(number):
        return b"NaN"
    if math.isinf(number):
        return b"Infinity" if number > 0 else b"-Infinity"
    return repr(number).encode()


def _key(value: Tree, at: int) -> str:
    if isinstance(value, str):
        return "#" + value if value.startswith("#") else value
    if isinstance(value, bytes):
        return "#" + value.decode()
    if value is None or isinstance(value, bool):
        return {None: "#nil", True: "#true", False: "#false"}[value]
    if isinstance(value, dict) and len(value) == 1:
        ((name, content),) = value.items()
        if name[:1] == "#" != name[1:2] and isinstance(content, str):
            return f"{name} {content}"
    raise Unreadable("key that is a map or an array", f"byte {at}")


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _timestamp(content: bytes) -> str | None:
    if len(content) == 4:
        nanoseconds, seconds = -1, int.from_bytes(content, "big")
    elif len(content) == 8:
        whole = int.from_bytes(content, "big")
        nanoseconds, seconds = whole >> 34, whole & ((1 << 34) - 1)
    else:
        nanoseconds = int.from_bytes(content[:4], "big")
        seconds = int.from_bytes(content[4:], "big", signed=True)
    if nanoseconds > 999_999_999:
        return None
    try:
        moment = (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return None
    return f"{moment.rjust(19, '0')}Z" if nanoseconds < 0 else f"{moment}.{nanoseconds:09d}Z"
