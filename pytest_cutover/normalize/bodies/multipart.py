"""Multipart bodies, of requests and answers: their parts in order, each with headers and content.

``{"parts": [{"headers": {"content-disposition": "form-data; name=\\"f\\""}, "csv": {...}}]}``:
header fields by their lower-case names, the content under its kind: a place is
``/parts/0/csv/rows/3/1``. What stands before the first delimiter is `preamble`; what follows the
last one, where it is not just a line end, is `epilogue`.

| held equal | why |
|---|---|
| the boundary | nobody's value: senders draw it by chance |
| letter case of the names of header fields | RFC 9110, 5.1 |
| the order of the header fields of a part, other than of one name | RFC 9110, 5.3 |
| white space around the value of a header field | RFC 9110, 5.5 |

Source: RFC 2046, 5.1.
"""

from __future__ import annotations

from pytest_cutover.normalize.bodies.reading import (
    BodySource,
    TooLarge,
    Tree,
    Unreadable,
    decoded,
    media_type,
    without_boundary,
)
from pytest_cutover.normalize.bodies.text_or_bytes import text_or_bytes


def read(source: BodySource) -> Tree:
    """Return the parts. Raises Unreadable without a boundary, and where the last delimiter is
    missing.
    """
    boundary = source.parameters.get("boundary", "")
    if not boundary:
        raise Unreadable("multipart without a boundary")
    if source.multiparts <= 0:
        raise TooLarge("nested too deep to read")
    delimiter = b"\r\n--" + boundary.encode("utf-8", "surrogateescape")
    # Behind each delimiter stands a line end, or "--" behind the last.
    preamble, *pieces = (b"\r\n" + source.body).split(delimiter)
    parts: list[Tree] = []
    for number, piece in enumerate(pieces, 1):
        if piece.startswith(b"--"):
            epilogue = b"".join([piece[2:], *(delimiter + later for later in pieces[number:])])
            return {
                **({"preamble": _outside(preamble[2:])} if preamble else {}),
                "parts": parts,
                **({} if epilogue == b"\r\n" else {"epilogue": _outside(epilogue)}),
            }
        if not piece.startswith(b"\r\n"):
            raise Unreadable("multipart delimiter that goes on", f"part {number}")
        parts.append(_part(piece, number, source))
    raise Unreadable("multipart cut off")


def _outside(text: bytes) -> Tree:
    return text_or_bytes(text) if text else ""


def _part(piece: bytes, number: int, source: BodySource) -> Tree:
    head, blank, content = piece.partition(b"\r\n\r\n")
    if not blank:
        raise Unreadable("part without an empty line behind its header", f"part {number}")
    headers: dict[str, Tree] = {}
    for line in decoded(head, where=f"part {number}").split("\r\n")[1:]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise Unreadable("part with a broken header field", f"part {number}")
        name, value = name.lower(), value.strip(" \t")
        before = headers.get(name)
        if isinstance(before, list):
            before.append(value)
        else:
            headers[name] = value if before is None else [before, value]
    told = headers.get("content-type")
    kind = told if isinstance(told, str) else ""
    disposition = headers.get("content-disposition")
    _, parameters = media_type(
        f"x/x; {disposition.partition(';')[2]}" if isinstance(disposition, str) else ""
    )
    found = source.part(content, content_type=kind, name=parameters.get("filename", ""))
    if "multipart" in found:
        headers["content-type"] = without_boundary(kind)
    return {"headers": headers, **found}
