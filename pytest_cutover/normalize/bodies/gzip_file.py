"""A gzip file (`.gz`, `.tar.gz`), and tar: what is packed in it.

``{"name": "stock.csv", "csv": {...}}``: the file name, where one is told, and the content under its
kind. Several members are one content, as `gunzip` has it. A tar archive inside is
``{"members": [{"a.txt": {"text": "…"}}]}``; members that are no file have `type` and `link`. One
that is not packed is told by `"packed": false`.

| held equal | why |
|---|---|
| time, system, level, flags and comment in a gzip header | they tell when and where it was packed |
| into how many members a content is cut | its content is the same |
| dates, owners, permissions and padding of a tar archive | they tell when and where it was packed |
"""

from __future__ import annotations

import io
import tarfile
import zlib

from pytest_cutover.normalize.bodies.reading import (
    BodySource,
    TooLarge,
    Tree,
    Unreadable,
)

_WINDOW_OF_GZIP = 16 + zlib.MAX_WBITS
_HEADER_BYTES = 10
_HAS_EXTRA, _HAS_NAME = 0x04, 0x08
_TAR_MAGIC_AT = 257


def read(source: BodySource) -> Tree:
    """Return the content. Raises Unreadable where it is cut off or goes on, TooLarge for too
    much.
    """
    if source.archives <= 0:
        raise TooLarge("nested too deep to read")
    if source.body[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return {"packed": False, "members": _tar(source, source.body)}
    name = _name(source.body)
    content = _unpacked(source)
    tree: dict[str, Tree] = {"name": name} if name else {}
    if content[_TAR_MAGIC_AT : _TAR_MAGIC_AT + 5] == b"ustar":
        return {**tree, "members": _tar(source, content)}
    return {**tree, **source.part(content, name=name, archive=True)}


def _unpacked(source: BodySource) -> bytes:
    pieces: list[bytes] = []
    rest = source.body
    while rest:
        if not rest.startswith(b"\x1f\x8b"):
            raise Unreadable("data after the end")
        unpacker = zlib.decompressobj(_WINDOW_OF_GZIP)
        try:
            piece = unpacker.decompress(rest, source.budget.left_bytes + 1)
        except zlib.error as error:
            raise Unreadable("not gzip", str(error)) from None
        source.budget.take(len(piece))
        if not unpacker.eof:
            raise Unreadable("gzip cut off")
        pieces.append(piece)
        rest = unpacker.unused_data
    return b"".join(pieces)


def _name(body: bytes) -> str:
    """Return the file name in the first header; empty where there is none."""
    flags = body[3] if len(body) >= _HEADER_BYTES else 0
    at = _HEADER_BYTES
    if flags & _HAS_EXTRA:
        at += 2 + int.from_bytes(body[at : at + 2], "little")
    end = body.find(b"\0", at)
    return body[at:end].decode("latin-1") if flags & _HAS_NAME and end > 0 else ""


def _tar(source: BodySource, content: bytes) -> list[Tree]:
    members: list[Tree] = []
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:") as archive:
            members += [{info.name: _member(source, archive, info)} for info in archive]
            end = archive.offset
    except (tarfile.TarError, EOFError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("not a tar archive", str(error)) from None
    if content[end:].strip(b"\0"):
        raise Unreadable("data after the end")
    if len(content) - end < tarfile.BLOCKSIZE:
        raise Unreadable("tar archive cut off")
    return members


def _member(source: BodySource, archive: tarfile.TarFile, info: tarfile.TarInfo) -> dict[str, Tree]:
    if not info.isfile():
        kind = "directory" if info.isdir() else "link" if info.islnk() or info.issym() else "other"
        return {"type": kind, **({"link": info.linkname} if info.linkname else {})}
    source.budget.take(info.size, info.name)
    held = archive.extractfile(info)
    found = held.read() if held is not None else b""
    if len(found) != info.size:
        raise Unreadable("tar archive cut off", info.name)
    return source.part(found, name=info.name, archive=True)
