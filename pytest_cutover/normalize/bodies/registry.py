"""The one table of readers: which media types each reads, and the module that does it.

Rows are asked in order. A row's module is imported when a body of its kind is first met, so that
a suite of JSON never loads a parser of XML. JSON itself is read by `strict_json` for whole bodies,
with names for what is wrong in it; here it stands for the parts of others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pytest_cutover.normalize.bodies.reading import (
    BodySource,
    Reader,
    TooLarge,
    Tree,
    UnpackingBudget,
    Unreadable,
    media_type,
)
from pytest_cutover.normalize.bodies.text_or_bytes import text_or_bytes

_MARKUP_START = 512  # bytes of a body that decide what it is where nothing is declared


class ReadBody(NamedTuple):
    """What a body is, in a word that a golden keeps, and its tree."""

    kind: str
    tree: Tree


@dataclass(frozen=True, slots=True)
class ReaderEntry:
    """One reader: its kind, what it reads, and how to get at it.

    `types` are whole media types, `families` what a type may end in (`+xml`) or begin with
    (`application/vnd.oasis.`), `starts` the first bytes of a body whose type says nothing.
    """

    kind: str
    load: Callable[[], Reader]
    types: frozenset[str] = frozenset()
    families: tuple[str, ...] = ()
    starts: tuple[bytes, ...] = ()

    def reads(self, kind: str, start: bytes) -> bool:
        """Whether a body of this media type, or of none that says anything, is read by this."""
        if kind in self.types:
            return True
        if any(kind.endswith(f) if f[0] == "+" else kind.startswith(f) for f in self.families):
            return True
        return kind in _SAYS_NOTHING and start.startswith(self.starts) if self.starts else False


_SAYS_NOTHING = frozenset(("", "application/octet-stream", "binary/octet-stream"))


def _json() -> Reader:
    from pytest_cutover.normalize.bodies.ndjson import read_one

    return read_one


def _ndjson() -> Reader:
    from pytest_cutover.normalize.bodies.ndjson import read

    return read


def _events() -> Reader:
    from pytest_cutover.normalize.bodies.event_stream import read

    return read


def _form() -> Reader:
    from pytest_cutover.normalize.bodies.form import read

    return read


def _multipart() -> Reader:
    from pytest_cutover.normalize.bodies.multipart import read

    return read


def _html() -> Reader:
    from pytest_cutover.normalize.bodies.html_page import read

    return read


def _xml() -> Reader:
    from pytest_cutover.normalize.bodies.xml_document import read

    return read


def _csv() -> Reader:
    from pytest_cutover.normalize.bodies.csv_table import read

    return read


def _calendar() -> Reader:
    from pytest_cutover.normalize.bodies.calendar_text import read

    return read


def _yaml() -> Reader:
    from pytest_cutover.normalize.bodies.yaml_documents import read

    return read


def _msgpack() -> Reader:
    from pytest_cutover.normalize.bodies.message_pack import read

    return read


def _zip() -> Reader:
    from pytest_cutover.normalize.bodies.zip_archive import read

    return read


def _gzip() -> Reader:
    from pytest_cutover.normalize.bodies.gzip_file import read

    return read


TABLE: tuple[ReaderEntry, ...] = (
    ReaderEntry(
        "ndjson",
        _ndjson,
        frozenset(
            f"{tree}/{name}"
            for tree in ("application", "text")
            for name in (
                *("ndjson", "x-ndjson", "jsonl", "x-jsonl", "jsonlines", "x-jsonlines"),
                *("json-lines", "x-json-stream", "stream+json"),
            )
        ),
    ),
    ReaderEntry("json", _json, frozenset(("application/json", "text/json")), ("+json",)),
    ReaderEntry("event-stream", _events, frozenset(("text/event-stream",))),
    ReaderEntry("form", _form, frozenset(("application/x-www-form-urlencoded",))),
    ReaderEntry("multipart", _multipart, families=("multipart/",)),
    ReaderEntry(
        "html",
        _html,
        frozenset(("text/html", "application/xhtml+xml")),
        starts=(b"<!doctype html", b"<!DOCTYPE html", b"<!DOCTYPE HTML", b"<html", b"<HTML"),
    ),
    ReaderEntry(
        "xml",
        _xml,
        frozenset(("application/xml", "text/xml")),
        ("+xml",),
        (b"<?xml", b"\xef\xbb\xbf<?xml"),
    ),
    ReaderEntry(
        "csv",
        _csv,
        frozenset(
            (
                *("text/csv", "application/csv", "text/x-csv", "application/x-csv"),
                *("text/comma-separated-values", "text/tab-separated-values"),
                *("text/tsv", "text/x-tsv", "application/tab-separated-values"),
            )
        ),
    ),
    ReaderEntry(
        "calendar",
        _calendar,
        frozenset(("text/calendar", "text/vcard", "text/x-vcard", "text/directory")),
        starts=(b"BEGIN:VCALENDAR", b"BEGIN:VCARD"),
    ),
    ReaderEntry(
        "yaml",
        _yaml,
        frozenset(("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")),
        ("+yaml",),
    ),
    ReaderEntry(
        "msgpack",
        _msgpack,
        frozenset(
            (
                *("application/msgpack", "application/x-msgpack", "application/vnd.msgpack"),
                *("application/messagepack", "application/x-messagepack"),
            )
        ),
        ("+msgpack",),
    ),
    ReaderEntry(
        "zip",
        _zip,
        frozenset(
            (
                *("application/zip", "application/x-zip-compressed", "application/x-zip"),
                *("application/java-archive", "application/x-java-archive"),
                *(
                    "application/vnd.ms-excel.sheet.macroenabled.12",
                    "application/vnd.android.package-archive",
                ),
            )
        ),
        ("+zip", "application/vnd.openxmlformats-", "application/vnd.oasis.opendocument."),
        (b"PK\x03\x04", b"PK\x05\x06"),
    ),
    ReaderEntry(
        "gzip",
        _gzip,
        frozenset(
            (
                *("application/gzip", "application/x-gzip", "application/x-tgz"),
                *("application/tar", "application/x-tar", "application/x-gtar"),
                "application/x-compressed-tar",
            )
        ),
        ("+gzip", "+tar"),
        (b"\x1f\x8b\x08",),
    ),
)

# What a file in an archive, or a part that is a file, most likely is.
_BY_ENDING = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "jsonl": "application/x-ndjson",
    "html": "text/html",
    "htm": "text/html",
    "xhtml": "text/html",
    **dict.fromkeys(("xml", "rels", "svg", "rdf", "opf", "ncx", "xsd", "rss"), "application/xml"),
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "yaml": "application/yaml",
    "yml": "application/yaml",
    "ics": "text/calendar",
    "vcf": "text/vcard",
    **dict.fromkeys(
        ("zip", "jar", "xlsx", "docx", "pptx", "odt", "ods", "epub"), "application/zip"
    ),
    "gz": "application/gzip",
    "tgz": "application/gzip",
    "tar": "application/x-tar",
}


@lru_cache(maxsize=256)
def _entry(kind: str, start: bytes) -> ReaderEntry | None:
    return next((entry for entry in TABLE if entry.reads(kind, start)), None)


def _entry_of(kind: str, body: bytes) -> ReaderEntry | None:
    if kind not in _SAYS_NOTHING:
        return _entry(kind, b"")
    start = body[:_MARKUP_START].lstrip()[:16]
    return next((entry for entry in TABLE if entry.reads(kind, start)), None)


def kind_of(content_type: str | None, body: bytes) -> str | None:
    """Return the kind of the reader that a body would be given to; None where there is none for
    it.
    """
    entry = _entry_of(media_type(content_type or "")[0], body)
    return None if entry is None else entry.kind


def read_body(content_type: str | None, body: bytes, max_bytes: int) -> ReadBody | None:
    """Return the kind and tree of a body, or None where no reader is for it: text or bytes.

    At most `max_bytes` are unpacked from it, over all members of an archive.

    Raises:
        Unreadable: it is not what its type says; TooLarge where it is, and too much of it.
    """
    kind, parameters = media_type(content_type or "")
    entry = _entry_of(kind, body)
    if entry is None:
        return None
    source = BodySource(body, UnpackingBudget(max_bytes), _read_part, kind, parameters)
    return ReadBody(entry.kind, entry.load()(source))


def _read_part(name: str, source: BodySource) -> dict[str, Tree]:
    """Return a part as one member; see `Source.part`."""
    body = source.body
    if not body:
        return {}
    entry = _entry_of(source.media_type, body)
    if entry is None and source.media_type in _SAYS_NOTHING:
        entry = _entry(_BY_ENDING.get(name.rpartition(".")[2].lower(), ""), b"")
    if entry is not None:
        try:
            return {entry.kind: entry.load()(source)}
        except TooLarge as error:
            raise TooLarge(error.what, f"{name}: {error.where}" if error.where else name) from None
        except Unreadable:
            pass
    return text_or_bytes(body, source.parameters.get("charset", "utf-8"))
