"""ZIP, and what is one: xlsx, docx, odt, epub, jar. Its members by name, in order, with content.

``{"members": [{"xl/workbook.xml": {"xml": {...}}}, {"media/": {}}]}``: a member holds its content
under its kind, so that a place is ``/members/0/xl~1workbook.xml/xml/workbook/…``. A comment of the
archive is `comment`; one of a member stands beside its content, under ``#comment``.

| held equal | why |
|---|---|
| dates of members | they tell when it was packed |
| how a member is compressed; sizes told before or behind it | its content is compared |
| permissions, extra fields, system and version of the packer | they tell where it was packed |
| whether a name of plain letters is marked as UTF-8 | the name is the same |

Within the bytes that the caller allows for all members together, and two levels deep: archives that
claim more are refused before they are unpacked. Members that overlap, bytes that belong to none of
them, and encrypted ones make it unreadable; a member whose checksum is wrong does too.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from pytest_cutover.normalize.bodies.reading import (
    BodySource,
    TooLarge,
    Tree,
    Unreadable,
)

_END_RECORD_BYTES = 22
_DIRECTORY_ENTRY_BYTES = 46
_ENTRY_LENGTHS = struct.Struct("<3H")  # of its name, its extra field and its comment
_COUNTS = struct.Struct("<4H")  # two numbers of disks, members on this one, members
_COUNT_IS_ELSEWHERE = 0xFFFF
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
# Sizes and checksum behind a member's bytes: with and without a signature, of 32 or 64 bits.
_LONGEST_DESCRIPTOR_BYTES = 24
_ENCRYPTED, _HAS_DESCRIPTOR = 0x1, 0x8
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def read(source: BodySource) -> Tree:
    """Return the members. Raises Unreadable, TooLarge where there is more than the caller
    allows.
    """
    if source.archives <= 0:
        raise TooLarge("nested too deep to read")
    try:
        with zipfile.ZipFile(io.BytesIO(source.body)) as archive:
            _require_sound(source.body, archive)
            members: list[Tree] = [
                {info.filename: _member(source, archive, info)} for info in archive.infolist()
            ]
            comment = archive.comment
    except zipfile.BadZipFile as error:
        wrong = "checksum" in str(error) or "CRC" in str(error)
        raise Unreadable("wrong checksum" if wrong else "not a ZIP archive", str(error)) from None
    except (zlib.error, EOFError, struct.error, NotImplementedError, RuntimeError, ValueError) as e:
        if isinstance(e, Unreadable):
            raise
        raise Unreadable("not a ZIP archive", str(e)) from None
    return {"members": members, **({"comment": comment.decode("latin-1")} if comment else {})}


def _member(source: BodySource, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> dict[str, Tree]:
    source.budget.take(info.file_size, info.filename)
    content = archive.read(info)
    if len(content) != info.file_size:
        raise Unreadable("member cut off", info.filename)
    found = source.part(content, name=info.filename, archive=True)
    comment: dict[str, Tree] = {"#comment": info.comment.decode("latin-1")} if info.comment else {}
    return {**comment, **found}


def _require_sound(body: bytes, archive: zipfile.ZipFile) -> None:
    """Raise Unreadable for what a client would not see, or sees more than once."""
    end = body.rfind(b"PK\x05\x06")
    told = int.from_bytes(body[end + 20 : end + _END_RECORD_BYTES], "little")
    if end + _END_RECORD_BYTES + told != len(body):
        raise Unreadable("data after the end")
    disk, first_disk, here, count = _COUNTS.unpack_from(body, end + 4)
    if disk or first_disk or not {here, count} <= {len(archive.infolist()), _COUNT_IS_ELSEWHERE}:
        raise Unreadable("directory that has another length than it says")
    at = 0
    for info in sorted(archive.infolist(), key=lambda one: one.header_offset):
        where = info.filename
        if info.flag_bits & _ENCRYPTED:
            raise Unreadable("encrypted member", where)
        if info.compress_type not in _METHODS:
            raise Unreadable("member packed by a method that is not read", where)
        free = info.header_offset - at
        if free < 0:
            raise Unreadable("members that overlap", where)
        if free:
            raise Unreadable("data that belongs to no member", where)
        header = _LOCAL_HEADER.unpack_from(body, info.header_offset)
        at = info.header_offset + _LOCAL_HEADER.size + header[-2] + header[-1] + info.compress_size
        if info.flag_bits & _HAS_DESCRIPTOR:
            at = _behind_descriptor(body, at)
    if at != archive.start_dir:
        raise Unreadable("data that belongs to no member")
    for _ in archive.infolist():
        at += _DIRECTORY_ENTRY_BYTES + sum(_ENTRY_LENGTHS.unpack_from(body, at + 28))
    if at != end and not body.startswith(b"PK\x06\x06", at):
        raise Unreadable("directory that has another length than it says")


def _behind_descriptor(body: bytes, at: int) -> int:
    """Where what follows a member begins: the next header, or the directory."""
    for size in (16, 12, _LONGEST_DESCRIPTOR_BYTES, 20):
        if body[at + size : at + size + 4] in (b"PK\x03\x04", b"PK\x01\x02", b"PK\x06\x06"):
            return at + size
    raise Unreadable("data that belongs to no member")
