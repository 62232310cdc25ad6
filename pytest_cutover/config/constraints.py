"""What single values of the configuration must satisfy, as types: `PositiveFloat`, `Url`, ….

A `Check` stands in the metadata of an `Annotated` type. `structure` calls it with the value, after
the plain type was checked; a `RawCheck` gets the value as TOML gave it.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pytest_cutover.core.endpoint import is_method, normalise
from pytest_cutover.core.errors import InvalidValueError, did_you_mean, kind_of

_LABEL: Final = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_PLACEHOLDER: Final = re.compile(r"(?<!\$)\{(\w+)\}")
REFERENCE: Final = re.compile(r"\{env:([^{}]*)\}")
_REFERENCE_LIKE: Final = re.compile(r"\{(\w+):(\w+)\}")
_BYTES: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([kmg]i?b|[kmg])", re.IGNORECASE)
_BYTE_UNITS: Final = {
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "k": 1024,
    "m": 1024**2,
    "g": 1024**3,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
}
_DURATION: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")
_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Check:
    """Returns the value to keep, or raises `InvalidValueError`."""

    call: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class RawCheck(Check):
    """A check that also decides about the type."""


@dataclass(frozen=True, slots=True)
class Tolerance:
    """By how much two numbers may differ: absolutely, or as a share of the baseline's."""

    absolute: float = 0.0
    relative: float = 0.0


# How a value is written in TOML, where another type was; of what type that is, where it matters.
_WRITTEN: Final = {
    ("true or false", "a string"): "write it without quotes",
    ("an integer", "a string"): "write it without quotes",
    ("a number", "a string"): "write it without quotes",
    ("an integer", "a float"): "write a whole number",
    ("a string", ""): "write it in quotes",
    ("an array", "a string"): 'write ["…"]',
    ("an array", "a table"): "write its header in double brackets, [[…]]",
    ("a table", "an array"): "write its header in single brackets, […]",
    ("a table", ""): "write its keys below a header in brackets, […], or as { key = … }",
}


def wrong_type(value: object, wanted: str) -> InvalidValueError:
    """Return the mistake of a value whose type is another."""
    if wanted == "a table" and isinstance(value, str) and "://" in value:
        return InvalidValueError(
            f"expected {wanted}, got {kind_of(value)}", value=value, advice='write { url = "…" }'
        )
    advice = _WRITTEN.get((wanted, kind_of(value)), _WRITTEN.get((wanted, ""), ""))
    return InvalidValueError(f"expected {wanted}, got {kind_of(value)}", value=value, advice=advice)


def valid_url(url: str) -> str:
    """Return an http or https URL without user, query or fragment; a closing slash is dropped.

    With `{env:NAME}` in it the check is made when the variable is known.
    """
    known_references(url)
    if REFERENCE.search(url):
        return url
    form = "http://HOST[:PORT][/BASE], https://HOST[:PORT][/BASE]"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        what = "the port is not a number from 1 to 65535" if "ort" in str(error) else "not a URL"
        raise InvalidValueError(what, value=url, valid=form) from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        guess = f"http://{url}" if re.fullmatch(r"[\w.-]+(:\d+)?(/[\w./-]*)?", url) else ""
        raise InvalidValueError("not an http or https URL", value=url, valid=form, suggestion=guess)
    if "@" in parts.netloc:
        raise InvalidValueError(
            "a URL holds no user name and no password",
            value=url,
            advice='put them into headers: headers = { Authorization = "Basic {env:NAME}" }',
        )
    if "?" in url or "#" in url:
        guess = re.split(r"[?#]", url)[0]
        raise InvalidValueError(
            "the URL of a backend has no query and no fragment",
            value=url,
            valid=form,
            suggestion=guess,
        )
    if port == 0:
        raise InvalidValueError("the port is not a number from 1 to 65535", value=url, valid=form)
    if not _is_host(parts.hostname or ""):
        raise InvalidValueError("not a host name or an address", value=url, valid=form)
    if re.search(r"[\s\\]", url):
        raise InvalidValueError("a URL has no spaces and no backslashes", value=url, valid=form)
    return url.rstrip("/")


def valid_header(name: str, value: str) -> None:
    """Refuse header names and values that cannot be sent."""
    if not _TOKEN.fullmatch(name):
        raise InvalidValueError("not a header name", valid="letters, digits and !#$%&'*+.^_`|~-")
    if re.search(r"[\r\n\0]", value) or not value.isascii():
        raise InvalidValueError("a header value is one line of ASCII characters")
    if name.lower() in ("host", "content-length", "transfer-encoding", "connection"):
        raise InvalidValueError(
            "this header belongs to the connection and cannot be configured",
            advice="remove it" if name.lower() != "host" else "put the host into the URL",
        )


def known_placeholders(text: str, *, valid: tuple[str, ...]) -> None:
    """Refuse `{…}` that is nearly one of the valid placeholders; other braces are left alone."""
    for word in _PLACEHOLDER.findall(text):
        guess = did_you_mean(word, valid)
        if word not in valid and guess:
            names = ", ".join(f"{{{name}}}" for name in valid)
            raise InvalidValueError(
                f"`{{{word}}}` is no placeholder", valid=names, suggestion=f"{{{guess}}}"
            )


def known_references(text: str) -> None:
    """Refuse what was meant as `{env:NAME}` and would be sent as it stands."""
    for word, name in _REFERENCE_LIKE.findall(text):
        if word != "env" and did_you_mean(word, ("env",)):
            raise InvalidValueError(f"`{{{word}:…}}` is no reference", suggestion=f"{{env:{name}}}")
    for name in REFERENCE.findall(text):
        if not re.fullmatch(r"[A-Za-z_]\w*", name):
            raise InvalidValueError("not the name of an environment variable", valid="{env:NAME}")
    if shell := re.search(r"\$\{(\w+)\}", text):
        raise InvalidValueError(
            f"`${{{shell[1]}}}` is not filled in, there is no shell",
            valid="{env:NAME}",
            suggestion=f"{{env:{shell[1]}}}",
        )


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return True
    if re.fullmatch(r"[\d.]*", host):  # Numbers and dots only: meant as an address, and is none.
        return False
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return len(ascii_host) <= 253 and all(
        _LABEL.fullmatch(label) for label in ascii_host.removesuffix(".").split(".")
    )


def _number(
    *, above: float = -math.inf, at_most: float = math.inf, below: float = math.inf, words: str
) -> Check:
    def check(value: float) -> float:
        if above < value <= at_most and value < below:
            return value
        raise InvalidValueError("out of range", value=value, valid=words)

    return Check(check)


def valid_duration(value: object) -> float:
    """Return the seconds of a number or of a text such as "500ms"; raises InvalidValueError."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(value)
    elif isinstance(value, str) and (found := _DURATION.fullmatch(value.strip())):
        seconds = float(found[1]) * _SECONDS[found[2]]
    else:
        raise InvalidValueError(
            "not a duration", value=value, valid='seconds, or "500ms", "30s", "2m"'
        )
    if not 0 < seconds < math.inf:
        raise InvalidValueError("a duration is above zero", value=value)
    return seconds


def _words(value: object) -> tuple[str, ...]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise wrong_type(value, "a name or an array of names")
    return tuple(words)


def _statuses(value: object) -> tuple[int, ...]:
    statuses = value if isinstance(value, list) else [value]
    for status in statuses:
        if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 599:
            raise InvalidValueError(
                "not an HTTP status", value=value, valid="100 to 599, or an array"
            )
    if not statuses:
        raise InvalidValueError(
            "no status would ever be ready", value=value, advice="remove the key"
        )
    return tuple(statuses)


def _verify(value: object) -> bool | Path:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value:
        return Path(value)
    raise wrong_type(value, "true, false or the path of a CA file")


def _path_of_url(value: str) -> str:
    if not value.startswith("/") or value.startswith("//"):
        guess = "" if "/" in value else f"/{value}"
        raise InvalidValueError("a path starts with one slash", value=value, suggestion=guess)
    if re.search(r"[\s#]", value):
        raise InvalidValueError("a path has no spaces and no fragment", value=value)
    return value


def _base_path(value: str) -> str:
    if "?" in value:
        raise InvalidValueError("a base path has no query", value=value)
    return _path_of_url(value).rstrip("/")


def _pointer(value: str) -> str:
    if value and not value.startswith("/"):
        raise InvalidValueError(
            "a JSON pointer starts with a slash; * stands for any one index or name",
            value=value,
            suggestion="/" + value.removeprefix("$.").replace(".", "/").replace("[*]", "/*"),
        )
    if re.search(r"~(?![01])", value):
        raise InvalidValueError(
            "in a JSON pointer ~ is written ~0, and / in a name ~1", value=value
        )
    return value


def _endpoint_pattern(value: str) -> str:
    """Return an endpoint, or a pattern where ``*`` is any text: ``*``, ``GET *``, ``* /api/*``."""
    if "*" not in value or value == "*":
        return value if value == "*" else normalise(value)
    method, _, path = value.partition(" ")
    if (method == "*" or is_method(method)) and path.startswith(("/", "*")):
        return value
    raise InvalidValueError(
        "not a pattern of endpoints",
        value=value,
        valid='"*", "GET *", "* /api/*", or METHOD /path/{template}',
    )


def _tolerance(value: object) -> Tolerance:
    if isinstance(value, str) and (found := re.fullmatch(r"(\d+(?:\.\d+)?) ?%", value)):
        tolerance = Tolerance(relative=float(found[1]) / 100)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        tolerance = Tolerance(absolute=float(value))
    else:
        raise InvalidValueError("not a tolerance", value=value, valid='a number, or "1 %"')
    if not 0 < tolerance.absolute + tolerance.relative < math.inf:
        raise InvalidValueError("out of range", value=value, valid="above 0")
    return tolerance


def _unordered(value: object) -> bool | str:
    if value is True:
        return True
    if isinstance(value, str):
        return _pointer(value)
    raise InvalidValueError(
        "say true, or the pointer of the key inside an item",
        value=value,
        valid='true, or a pointer such as "/id"',
        advice="remove the key where order matters",
    )


def _only_true(value: bool) -> bool:
    if value:
        return True
    raise InvalidValueError("a rule is switched off by removing it", value=value, valid="true")


def _not_empty(value: str) -> str:
    if value.strip():
        return value.strip()
    raise InvalidValueError("empty", value=value)


def _host_and_port(value: str) -> str:
    host, colon, port = value.rpartition(":")
    if not colon or not _is_host(host) or not port.isdecimal() or not 0 < int(port) < 65536:
        raise InvalidValueError("not a host and a port", value=value, valid="HOST:PORT")
    return value


def _byte_count(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        if value > 0:
            return value
        raise InvalidValueError("out of range", value=value, valid="1 or more")
    if not isinstance(value, str):
        raise wrong_type(value, "an integer")
    found = _BYTES.fullmatch(value.strip())
    number = int(float(found[1]) * _BYTE_UNITS[found[2].lower()]) if found else 0
    raise InvalidValueError(
        "a number of bytes, as an integer above 0, was expected",
        value=value,
        valid="such as 67108864 for 64 MiB",
        advice=f"write {number}" if number else "write the number of bytes without a unit",
    )


PositiveFloat = Annotated[float, _number(above=0, words="above 0")]
PositiveInt = Annotated[int, _number(above=0, words="1 or more")]
NaturalInt = Annotated[int, _number(above=-1, words="0 or more")]
Share = Annotated[float, _number(above=0, below=1, words="above 0 and below 1")]
ByteCount = Annotated[int, RawCheck(_byte_count)]
Duration = Annotated[float, RawCheck(valid_duration)]
Url = Annotated[str, Check(valid_url)]
UrlPath = Annotated[str, Check(_path_of_url)]
BasePath = Annotated[str, Check(_base_path)]
Pointer = Annotated[str, Check(_pointer)]
EndpointPattern = Annotated[str, Check(_endpoint_pattern)]
ToleranceValue = Annotated[Tolerance, RawCheck(_tolerance)]
Text = Annotated[str, Check(_not_empty)]
OnlyTrue = Annotated[bool, Check(_only_true)]
Unordered = Annotated[bool | str, RawCheck(_unordered)]
Verify = Annotated[bool | Path, RawCheck(_verify)]
Words = Annotated[tuple[str, ...], RawCheck(_words)]
Statuses = Annotated[tuple[int, ...], RawCheck(_statuses)]
HostAndPort = Annotated[str, Check(_host_and_port)]


def falling(table: Mapping[str, object], keys: Sequence[str]) -> Iterator[InvalidValueError]:
    """Yield the limits of a table that are lower than one before them in `keys`."""
    given = [
        (key, value)
        for key in keys
        if isinstance(value := table.get(key), int | float) and not isinstance(value, bool)
    ]
    for (low, lower), (high, higher) in pairwise(given):
        if lower > higher:
            yield InvalidValueError(
                f"below {low}, which it cannot be",
                value=higher,
                path=(high,),
                valid=f"{lower:g} or more",
                advice=f"raise {high}, or lower {low}",
            )
