"""Reads an OpenAPI document from a path or a URL: YAML or JSON, with the files that it refers to.

Files beside the document are read; from a URL, documents of the same origin. A mistake is a
`FileError`, which says what was read instead.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urljoin, urlsplit

from pytest_cutover.config.load import shown_path
from pytest_cutover.core.errors import FileError, Mistake, did_you_mean
from pytest_cutover.openapi.bundle import bundled
from pytest_cutover.openapi.document import ApiDocument, document_of
from pytest_cutover.openapi.versions import current, version_of

_LARGEST_BYTES: Final = 64 * 1024 * 1024
_TIMEOUT_S: Final = 30.0
_URLS: Final = ("http://", "https://")


class _UnreadableError(Exception):
    """Why a text is no document; turned into a `FileError` with its place."""


_ABSENT = "no such file"
_USUAL = (
    "openapi.yaml",
    "openapi.json",
    "contract/openapi.yaml",
    "docs/openapi.yaml",
    "api/openapi.yaml",
)


def load_document(source: str | Path, *, named_by: str, root: Path = Path()) -> ApiDocument:
    """Return the document at a path below `root`, or at a URL.

    `named_by` is the option or key that named it, for messages. Raises `FileError`.
    """
    location = str(source)
    is_url = location.startswith(_URLS)
    shown = location if is_url else shown_path(root / location)
    if not is_url:
        location = str((root / location).resolve())
    try:
        contents = _parsed(_text_at(location), location)
        if not version_of(contents):
            raise _UnreadableError(_what_it_is(contents))
        return read(_bundled(contents, location), shown, location=location if is_url else "")
    except _UnreadableError as error:
        raise _unusable(shown, str(error), named_by) from None
    except RecursionError:
        raise _unusable(shown, "it is nested too deep to be read", named_by) from None


def read(contents: Any, source: str, *, location: str = "") -> ApiDocument:
    """Return the document that loaded contents are. `source` names them in messages."""
    contents = _with_text_keys(contents)
    return document_of(current(contents, version_of(contents)), contents, source, location=location)


def _bundled(contents: Any, location: str) -> Any:
    is_url = location.startswith(_URLS)
    join: Callable[[str, str], str] = urljoin if is_url else _path_beside

    def load(other: str) -> Any:
        # What another host holds is not fetched: nobody said that it may be asked.
        if is_url != other.startswith(_URLS) or (is_url and _origin(other) != _origin(location)):
            return None
        try:
            return _with_text_keys(_parsed(_text_at(other), other))
        except _UnreadableError:
            return None  # the operation that needs it says which reference leads nowhere

    return bundled(_with_text_keys(contents), location, join=join, load=load)


def _path_beside(location: str, reference: str) -> str:
    if reference.startswith(_URLS):
        return reference
    return str((Path(location).parent / unquote(reference.removeprefix("file://"))).resolve())


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _with_text_keys(value: Any) -> Any:
    """YAML reads ``200:`` as a number and ``on:`` as a boolean; in JSON every key is a text."""
    if isinstance(value, list):
        return [_with_text_keys(item) for item in value]
    if isinstance(value, dict):
        return {_key(key): _with_text_keys(item) for key, item in value.items()}
    return value


def _key(key: Any) -> str:
    return json.dumps(key) if isinstance(key, bool) or key is None else str(key)


# -- texts ----------------------------------------------------------------------------------------


def _parsed(text: str, location: str) -> Any:
    if text.lstrip()[:1] in ("{", "[") or urlsplit(location).path.endswith(".json"):
        try:
            return json.loads(text)
        except ValueError as error:
            # YAML may begin with a brace too.
            if urlsplit(location).path.endswith(".json"):
                raise _UnreadableError(f"not JSON: {error}") from None
    import yaml  # not needed by a run without a document, and slow to import

    try:
        return yaml.load(text, Loader=_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        raise _UnreadableError(f"not YAML{line}") from None
    except (ValueError, TypeError) as error:  # a date that is none, a list as a key
        raise _UnreadableError(f"not YAML: {error}") from None


# What a plain scalar is in YAML 1.2, which OpenAPI asks for; PyYAML reads 1.1, where the country NO
# and the parameter `on` are booleans, and 12:30 is a number. A date is a text, and so is 007.
_SCALARS: Final = (
    ("null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)"
        r"|\.[0-9]+(?:[eE][-+]?[0-9]+)?|\.(?:inf|Inf|INF))|\.(?:nan|NaN|NAN)",
        "-+.0123456789",
    ),
    ("merge", "<<", "<"),
)


def _loader() -> Any:
    """YAML's safe loader, in C where there is one, with the scalars of YAML 1.2."""
    import yaml

    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]
        """The loader of a document."""

    Loader.yaml_implicit_resolvers = {}
    for name, pattern, firsts in _SCALARS:
        tag = f"tag:yaml.org,2002:{name}"
        Loader.add_implicit_resolver(tag, re.compile(f"^(?:{pattern})$"), list(firsts))
    return Loader


def _text_at(location: str) -> str:
    raw = _fetched(location) if location.startswith(_URLS) else _file(Path(location))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise _UnreadableError(f"not UTF-8, line {line}") from None


def _file(path: Path) -> bytes:
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise _UnreadableError(f"it is larger than {_LARGEST_BYTES >> 20} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise _UnreadableError(_ABSENT) from None
    except IsADirectoryError:
        raise _UnreadableError("it is a folder") from None
    except OSError as error:
        raise _UnreadableError(f"cannot be read: {error.strerror}") from None


def _fetched(url: str) -> bytes:
    # Only who has a URL pays for a client.
    from pytest_cutover.backends.http import library as http

    try:
        with (
            http.Client(trust_env=False, timeout=_TIMEOUT_S, follow_redirects=True) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != 200:
                raise _UnreadableError(f"the server answers {response.status_code}")
            parts, size = [], 0
            for part in response.iter_bytes():
                parts.append(part)
                size += len(part)
                if size > _LARGEST_BYTES:
                    raise _UnreadableError(f"it is larger than {_LARGEST_BYTES >> 20} MB")
            return b"".join(parts)
    except (http.HTTPError, http.InvalidURL) as error:
        raise _UnreadableError(f"cannot be fetched: {' '.join(str(error).split())}") from None


def _what_it_is(contents: Any) -> str:
    """Why something that could be read is no OpenAPI document, and what it may be instead."""
    meant = "not an OpenAPI document of version 2.0, 3.0 or 3.1"
    if not isinstance(contents, dict):
        return f"{meant}: it holds {type(contents).__name__}, not an object"
    for key, kind in (
        ("asyncapi", "an AsyncAPI document"),
        ("log", "a HAR recording; pytest replays it when it is given as a test path"),
        ("item", "a Postman collection; pytest replays it when it is given as a test path"),
        ("data", "an answer of GraphQL's introspection"),
        ("$schema", "a JSON Schema"),
    ):
        if key in contents:
            return f"{meant}: it looks like {kind}"
    named = contents.get("openapi") or contents.get("swagger")
    return f"{meant}: it says {named}" if named else f"{meant}: it names no version"


def _unusable(source: str, what: str, named_by: str) -> FileError:
    absent = what == _ABSENT
    advice = "validate it with openapi-spec-validator, or give another path or URL"
    if absent:
        advice = (
            "give the path from the project's root, or a URL: many backends serve theirs at "
            "/openapi.json, /v3/api-docs or /swagger.json"
        )
    mistake = Mistake(
        key=named_by,
        what=what,
        valid="an OpenAPI document, version 2.0, 3.0 or 3.1, in JSON or YAML, as a path or URL",
        suggestion=_near(source) if absent else "",
        advice=advice,
    )
    return FileError(source, [mistake])


def _near(source: str) -> str:
    """Return a document of another name beside the one that is not there, or one that is usual."""
    folder = Path(source).parent
    if folder.is_dir():
        names = [one.name for one in folder.iterdir() if one.suffix in (".yaml", ".yml", ".json")]
        guess = did_you_mean(Path(source).name, names)
        if guess:
            return (folder / guess).as_posix()
    known = [Path(name) for name in _USUAL]
    return next((one.as_posix() for one in known if one.is_file()), "")
