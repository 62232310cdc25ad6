"""A golden as text that a reviewer reads in a pull request, and back.

Pretty JSON, one line per leaf, everything in the order of the wire, numbers spelled as they came.
Symbols are written by `notation`; ``"<unordered>"`` and ``"<each>"`` head an array,
``"<optional>name"`` is a member that may be absent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pytest_cutover.compare.noise.notation import printable, read_text, write_text
from pytest_cutover.normalize.body import Body, BodyKind
from pytest_cutover.normalize.matchers import (
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Pattern,
    Placeholder,
    Template,
)
from pytest_cutover.normalize.normalized import (
    HTTP_1_1,
    Golden,
    NormalizedExchange,
    NormalizedRequest,
    NormalizedResponse,
)
from pytest_cutover.normalize.strict_json import WireProblem

VERSION = 1
_OPTIONAL, _UNORDERED, _EACH = "<optional>", "<unordered>", "<each>"
UNUSABLE = "cannot be used"
RECORD = "record it again: pytest --snapshot-update"


class GoldenError(ValueError):
    """A golden that cannot be read. The message says what, on which line, and what to do next."""


class _Raw:
    """JSON text that is written as it is, so that a number keeps its spelling."""

    def __init__(self, text: str) -> None:
        self.text = text


# -- writing


def dump(golden: Golden) -> str:
    """Return the text of a golden, ending in a newline. `load` gives the golden back."""
    document = {
        "version": _Raw(str(VERSION)),
        "test": golden.test,
        "exchanges": [_exchange(seen) for seen in golden.exchanges],
    }
    return "".join(_lines(document, "")) + "\n"


def shown(seen: NormalizedExchange) -> str:
    """Return one exchange as `dump` writes it, for a reader: its headers in the order of names."""
    return "".join(_lines(_readable(seen), ""))


def shown_apart(seen: NormalizedExchange) -> tuple[str, str]:
    """Return the request and the answer of one exchange as `dump` writes them, for a reader."""
    document = _readable(seen)
    request, response = (
        "".join(_lines(document.get(part, ""), "")) for part in ("request", "response")
    )
    return request, response


def _readable(seen: NormalizedExchange) -> dict[str, Any]:
    document = _exchange(seen)
    for part in ("request", "response"):
        if headers := document.get(part, {}).get("headers"):
            document[part]["headers"] = dict(sorted(headers.items()))
    return document


def _exchange(seen: NormalizedExchange) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": seen.request.method,
        "target": _tree(seen.request.target),
    }
    headers = _tree(seen.request.headers)
    if headers:
        request["headers"] = headers
    request |= _body(seen.request.body)
    document: dict[str, Any] = {"endpoint": write_text(seen.endpoint), "request": request}
    if seen.response is not None:
        version = seen.response.http_version
        document["response"] = {
            **({} if version == HTTP_1_1 else {"http": version}),
            "status": _Raw(str(seen.response.status)),
            "headers": _tree(seen.response.headers),
            **_body(seen.response.body),
        }
    return document


def _body(body: Body) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if body.problems:
        found["wire"] = [{"what": p.what, "at": p.pointer} for p in body.problems]
    if body.kind is not BodyKind.EMPTY:
        found[body.kind.value] = _tree(body.tree)
    return found


def _tree(value: Pattern) -> Any:
    if isinstance(value, str | Placeholder | Template):
        return write_text(value)
    if isinstance(value, bytes):
        return _Raw(value.decode())
    if isinstance(value, ObjectPattern):
        return {
            (_OPTIONAL if key in value.optional else "") + write_text(key): _tree(item)
            for key, item in value.members.items()
        }
    if isinstance(value, dict):
        return {write_text(key): _tree(item) for key, item in value.items()}
    if isinstance(value, ArrayPattern):
        return ([_UNORDERED] if value.unordered else []) + [_tree(i) for i in value.items]
    if isinstance(value, ArrayOf) and value.keyed:
        return {_EACH: None if value.item is None else _tree(value.item)}
    if isinstance(value, ArrayOf):
        return [_EACH] if value.item is None else [_EACH, _tree(value.item)]
    return [_tree(item) for item in value] if isinstance(value, list) else value


def _lines(value: Any, indent: str) -> Iterator[str]:
    inner = indent + "  "
    if isinstance(value, dict) and value:
        yield "{\n"
        for index, (key, item) in enumerate(value.items()):
            yield f"{inner}{_quoted(key)}: "
            yield from _lines(item, inner)
            yield ",\n" if index < len(value) - 1 else "\n"
        yield indent + "}"
    elif isinstance(value, list) and value:
        yield "[\n"
        for index, item in enumerate(value):
            yield inner
            yield from _lines(item, inner)
            yield ",\n" if index < len(value) - 1 else "\n"
        yield indent + "]"
    elif isinstance(value, _Raw):
        yield value.text
    else:
        yield _quoted(value) if isinstance(value, str) else json.dumps(value)


def _quoted(text: str) -> str:
    return printable(json.dumps(text, ensure_ascii=False))


# -- reading

_CONFLICT = re.compile(r"^(<{7}|={7}|>{7}|\|{7})( |$)", re.MULTILINE)


def load(text: str) -> Golden:
    """Return the golden that a text holds.

    Raises:
        GoldenError: it is cut off, half merged, of another version, or not a golden.
    """
    conflict = _CONFLICT.search(text)
    if conflict:
        line = text.count("\n", 0, conflict.start()) + 1
        raise GoldenError(f"line {line}: merge conflict markers; resolve the merge, or {RECORD}")
    try:
        document = json.loads(
            text,
            parse_int=str.encode,
            parse_float=str.encode,
            parse_constant=str.encode,
            object_pairs_hook=_pairs,
        )
    except json.JSONDecodeError as error:
        what = "the file is empty" if not text.strip() else f"not JSON: {error.msg}"
        raise GoldenError(f"line {error.lineno}: {what}; {RECORD}") from None
    except RecursionError:
        raise GoldenError(f"nested too deep to be a golden; {RECORD}") from None
    version = document.get("version") if isinstance(document, dict) else None
    if version != str(VERSION).encode():
        shown = version.decode() if isinstance(version, bytes) else "missing"
        raise GoldenError(
            f"line 2: golden version is {shown}, this pytest-cutover reads {VERSION};"
            f" upgrade pytest-cutover, or {RECORD}"
        )
    try:
        exchanges = tuple(_read_exchange(one) for one in document["exchanges"])
        return Golden(_text(document["test"]), exchanges)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise GoldenError(f"not a golden ({_complaint(error)}); {RECORD}") from None


def _complaint(error: Exception) -> str:
    return f"no {error}" if isinstance(error, KeyError) else str(error)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, _ in pairs if sum(1 for other, _ in pairs if other == key) > 1)
        raise GoldenError(f"key {twice!r} stands twice in one object; {RECORD}")
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"a text was expected, not {type(value).__name__}")
    return value


def _read_exchange(document: dict[str, Any]) -> NormalizedExchange:
    request = document["request"]
    response = document.get("response")
    return NormalizedExchange(
        endpoint=_label(document["endpoint"]),
        request=NormalizedRequest(
            _text(request["method"]),
            _read_tree(request["target"]),
            _read_tree(request.get("headers", {})),
            _read_body(request),
        ),
        response=None
        if response is None
        else NormalizedResponse(
            int(response["status"]),
            _read_tree(response["headers"]),
            _read_body(response),
            _text(response.get("http", HTTP_1_1)),
        ),
    )


def _label(text: str) -> str:
    label = read_text(_text(text))
    if not isinstance(label, str):
        raise ValueError(f"{text!r} is no literal text")
    return label


def _read_body(document: dict[str, Any]) -> Body:
    problems = tuple(
        WireProblem(_text(p["what"]), _text(p["at"])) for p in document.get("wire", ())
    )
    for kind in BodyKind:
        if kind.value in document:
            return Body(kind, _read_tree(document[kind.value]), problems)
    return Body(problems=problems)


def _read_tree(value: Any) -> Pattern:
    if isinstance(value, str):
        return read_text(value)
    if isinstance(value, dict):
        return _read_object(value)
    if isinstance(value, list):
        return _read_array(value)
    known: Pattern = value
    return known


def _read_object(document: dict[str, Any]) -> Pattern:
    if document.keys() == {_EACH}:
        shape = document[_EACH]
        return ArrayOf(None if shape is None else _read_tree(shape), keyed=True)
    members: dict[str, Pattern] = {}
    optional: set[str] = set()
    noisy = False
    for written, item in document.items():
        key = _label(written.removeprefix(_OPTIONAL))
        if written.startswith(_OPTIONAL):
            optional.add(key)
        members[key] = _read_tree(item)
        noisy = noisy or _is_noisy(members[key])
    return ObjectPattern(members, frozenset(optional)) if noisy or optional else members


def _read_array(document: list[Any]) -> Pattern:
    if document[:1] == [_EACH]:
        return ArrayOf(_read_tree(document[1]) if len(document) > 1 else None)
    unordered = document[:1] == [_UNORDERED]
    items = [_read_tree(item) for item in document[1 if unordered else 0 :]]
    if unordered or any(_is_noisy(item) for item in items):
        return ArrayPattern(tuple(items), unordered)
    return items


def _is_noisy(value: Pattern) -> bool:
    return isinstance(value, Placeholder | Template | ObjectPattern | ArrayPattern | ArrayOf)
