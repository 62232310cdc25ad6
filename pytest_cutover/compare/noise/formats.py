"""Names for the formats of values.

A name is what a reader sees in a golden (``uuid4``, ``timestamp ms Z``, ``jwt HS256 {exp,sub}``).
`format_of` names one value as narrowly as it can; `constraints` says what may follow from it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

from pytest_cutover.compare.noise import signed
from pytest_cutover.normalize.matchers import (
    ArrayOf,
    ArrayPattern,
    Json,
    Placeholder,
    Template,
)

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# Most of all volatile values: known at once, and not worth a place in the cache.
_USUAL_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-([1-8])[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
UUIDS = frozenset(f"uuid{version}" for version in range(1, 9))
# The format of most ids, and a column of them: as RFC 9562 has random ones, worked out from nothing
# that was sent.
RANDOM_UUID = "uuid4"
_HEX_AS_X = bytes.maketrans(b"0123456789abcdefx", b"x" * 16 + b"?")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
HEX = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
# A random number: it has no zeros in front, and is a digit shorter once in sixteen times.
_HEX_NUMBER = re.compile(r"0x[1-9a-f][0-9a-f]{13,}|0[xX][1-9A-F][0-9A-F]{13,}")
_JWT = re.compile(r"(eyJ[\w-]+)\.(eyJ[\w-]+)\.([\w-]*)", re.ASCII)
TOKEN = re.compile(r"[A-Za-z0-9_+/-]{8,}={0,2}")
_ENCODED = re.compile(r"[A-Za-z0-9_+/-]{6,120}(?:={0,2}|(?:%3[Dd]){1,2})")
_TYPED_NUMBER = re.compile(rb"([A-Za-z][A-Za-z0-9_.:/|-]{1,60}?)[:/|_#-][0-9]{1,19}")
_OF_URLS = str.maketrans("-_", "+/")
TIMESTAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)([Tt ])(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,9}))?(Z|z|[+-]\d\d:?\d\d)?", re.ASCII
)
# Most of all times: known by their length and signs.
_USUAL_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d", re.ASCII)
_USUAL_TIMES = {20: "timestamp s Z", 24: "timestamp ms Z", 27: "timestamp us Z"}
# The same without signs, as calendars and signatures write it.
_BASIC = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(Z?)", re.ASCII)
# As it stands in the name of a file.
_OF_FILES = re.compile(
    r"(20\d\d)(?:(\d\d)(\d\d)[_-](\d\d)(\d\d)(\d\d)|-(\d\d)-(\d\d)[T_](\d\d)-(\d\d)-(\d\d))(Z?)",
    re.ASCII,
)
_OF_FILES_CHARACTERS = frozenset((15, 16, 19, 20))
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?", re.ASCII)
_HTTP_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" \d{4} \d\d:\d\d:\d\d GMT",
    re.ASCII,
)
_DAY, _MONTH = r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun)", r"[A-Z][a-z]{2}"
# Of RSS and mail, of access logs, and of C's `asctime`.
_MAIL_DATE = re.compile(rf"{_DAY}, \d\d {_MONTH} \d{{4}} \d\d:\d\d:\d\d [+-]\d{{4}}", re.ASCII)
_LOG_DATE = re.compile(rf"\d\d/{_MONTH}/\d{{4}}:\d\d:\d\d:\d\d [+-]\d{{4}}", re.ASCII)
_C_DATE = re.compile(rf"{_DAY} {_MONTH} [ \d]\d \d\d:\d\d:\d\d \d{{4}}", re.ASCII)
# How long something took or has been up, as ISO 8601, Go, humans and `uptime` write it.
_UNIT = r"(?:d(?:ays?)?|h(?:ours?|rs?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?|ms|us|µs|ns)"
_DURATION = re.compile(
    r"P(?=\d|T\d)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
    rf"|\d+(?:\.\d+)? ?{_UNIT}(?:,? ?(?:and )?\d+(?:\.\d+)? ?{_UNIT})*"
    r"|(?:\d+ ?d(?:ays?)?,? )?\d{1,3}:\d\d:\d\d(?:\.\d+)?|\d+ ?d(?:ays?)?,? \d{1,3}:\d\d",
    re.ASCII,
)
# The same inside a text, with the unit that it ends in.
DURATION_IN_TEXT = re.compile(
    r"(?<![\w.:-])(?:(?:\d+ ?d(?:ays?)?,? )?\d{1,3}:\d\d:\d\d(?:\.\d+)?"
    rf"|(?:\d+(?:\.\d+)? ?{_UNIT}(?:,? (?:and )?|(?=\d)))*\d+(?:\.\d+)?(?P<unit> ?{_UNIT}))"
    r"(?![\w:])",
    re.ASCII,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
_URL = re.compile(r"[a-z][a-z0-9+.-]*://[^\s]+")
_IPV4 = re.compile(r"(\d{1,3}\.){3}\d{1,3}", re.ASCII)
_IPV6 = re.compile(r"(?=.*:.*:)[0-9a-f:]{3,39}", re.IGNORECASE)
_DIGITS = re.compile(r"\d+", re.ASCII)
_DECIMAL = re.compile(r"-?\d+\.\d+", re.ASCII)

# What looks generated, or tells an instant, has as many characters; a date alone has fewer.
SHORTEST_GENERATED = 16

_UNSAFE = re.compile(r"[^\w.:/,-]", re.ASCII)

_FRACTIONS = {0: "s", 3: "ms", 6: "us", 9: "ns"}


def type_of(value: object) -> str:
    """Return the JSON type: null, boolean, number, string, array or object."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, bytes):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def format_of(value: Json) -> str:
    """Return the narrowest format that a value has by itself."""
    if isinstance(value, bytes):
        return _number_format(value)
    if isinstance(value, str):
        size = len(value)
        if size == 36:
            usual = _USUAL_UUID.fullmatch(value)
            if usual is not None:
                return "uuid" + usual[1]
        elif size in _USUAL_TIMES and value[10] == "T" and _usual_time_s(value) is not None:
            return _USUAL_TIMES[size]
        return _string_format(value) if len(value) <= 4096 else _long_format(value)
    return type_of(value)


def named(value: Json) -> tuple[str, float | None]:
    """Return the format of a value, and its instant where that is read by the way."""
    if isinstance(value, str) and len(value) in _USUAL_TIMES and value[10] == "T":
        moment = _usual_time_s(value)
        if moment is not None:
            return _USUAL_TIMES[len(value)], moment
    return format_of(value), None


def usual_times(one: str, other: str) -> tuple[str, tuple[float, float]] | None:
    """Return the format and the instants of two times of one format, as most backends write them;
    None for any others.
    """
    size = len(one)
    if size not in _USUAL_TIMES or len(other) != size or one[10] != "T" or other[10] != "T":
        return None
    left, right = _usual_time_s(one), _usual_time_s(other)
    return None if left is None or right is None else (_USUAL_TIMES[size], (left, right))


def are_random_uuids(values: Sequence[Any]) -> bool:
    """Whether each of many values is a random UUID as most backends write it."""
    if set(map(type, values)) - {str}:
        return False
    lines, number = "\n".join([*values, ""]), len(values)
    if len(lines) != 37 * number or not lines.isascii():
        return False
    signs = lines.encode()
    are_of_form = signs.translate(_HEX_AS_X) == b"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx\n" * number
    return are_of_form and signs[14::37] == b"4" * number and not signs[19::37].strip(b"89ab")


def _number_format(lexeme: bytes) -> str:
    if lexeme.lstrip(b"-").isdigit():
        return "integer"
    whole, point, fraction = lexeme.partition(b".")
    if point and fraction.isdigit() and whole.lstrip(b"-").isdigit():
        return f"decimal {len(fraction)}"
    return "exponent" if b"e" in lexeme.lower() else "not a number"


def _long_format(value: str) -> str:
    return "jwt" if _JWT.fullmatch(value) else "text"


@lru_cache(maxsize=4096)
def _string_format(value: str) -> str:
    if not value:
        return "empty"
    if "%" in value and (plain := unquote(value)) != value:
        return _string_format(plain)  # as a link or a cookie has it
    for recognise in _WITH_BLANKS if " " in value else _RECOGNISERS:
        name = recognise(value)
        if name is not None:
            return name
    return "text"


def _uuid(value: str) -> str | None:
    if len(value) != 36 or not _UUID.fullmatch(value):
        return None
    if value.count("0") == 32:
        return "uuid nil"
    version = f"uuid{value[14]}" if value[14] in "12345678" else "uuid other"
    return f"{version} upper" if value != value.lower() else version


def _jwt(value: str) -> str | None:
    match = _JWT.fullmatch(value)
    if not match:
        return None
    header, claims = _segment(match[1]), _segment(match[2])
    if header is None or claims is None:
        return None
    alg, names = str(header.get("alg", "unknown")), ",".join(sorted(claims))
    return "jwt {} {{{}}}".format(_UNSAFE.sub("_", alg), _UNSAFE.sub("_", names))


def _signed(value: str) -> str | None:
    said = signed.said_in(value)
    if said is None:
        return None
    return "signed {{{}}}".format(_UNSAFE.sub("_", ",".join(sorted(said))))


def claims_of(value: str) -> dict[str, object] | None:
    """Return what a JWT, or a signed session, says; None for another text."""
    match = _JWT.fullmatch(value) if len(value) <= 16_384 else None
    if match is None:
        return signed.said_in(value)
    return _segment(match[2]) if _segment(match[1]) is not None else None


def _segment(text: str) -> dict[str, object] | None:
    try:
        value = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _timestamp(value: str) -> str | None:
    if len(value) <= 16 and _BASIC.fullmatch(value):
        zone = "Z" if value.endswith("Z") else "no-zone"
        return None if instant_s(value) is None else f"timestamp basic {zone}"
    if len(value) in _OF_FILES_CHARACTERS and _OF_FILES.fullmatch(value):
        signs = re.sub(r"\d+", lambda run: "#" * len(run[0]), value)
        return None if instant_s(value) is None else f"timestamp {signs}"
    match = TIMESTAMP.fullmatch(value) if 16 <= len(value) <= 40 else None
    if match is None or instant_s(value) is None:
        return None
    digits = len(match[4] or "")
    fraction = _FRACTIONS.get(digits, f"{digits} digits")
    if len(match[3]) == 5:
        fraction = "minutes"
    offset = match[5] or "no-zone"
    if offset not in ("Z", "z", "+00:00", "+0000", "no-zone"):
        offset = "±hh:mm" if ":" in offset else "±hhmm"
    separator = {"T": "", "t": " t", " ": " space"}[match[2]]
    return f"timestamp {fraction} {offset}{separator}"


def _date(value: str) -> str | None:
    if len(value) != 10 or not _DATE.fullmatch(value):
        return None
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return None
    return "date"


def _encoded(value: str) -> str | None:
    """Name the id of a row in base64 with its type, as GraphQL's Relay writes `Item:3`.

    It grows with the number, and is the same thing in another database by chance alone.
    """
    if not _ENCODED.fullmatch(value):
        return None
    plain = unquote(value).rstrip("=").translate(_OF_URLS)
    try:
        text = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None
    found = _TYPED_NUMBER.fullmatch(text)
    return None if found is None else f"encoded {_UNSAFE.sub('_', found[1].decode())}"


def _token(value: str) -> str | None:
    if not TOKEN.fullmatch(value):
        return None
    letters = any(c.isalpha() for c in value)
    digits = any(c.isdigit() for c in value)
    if not (letters and digits) or "//" in value or value.startswith("/"):
        return None
    return f"token {len(value)}"


def _matching(
    pattern: re.Pattern[str], name: str, sized: bool = False
) -> Callable[..., str | None]:
    def recognise(value: str) -> str | None:
        if not pattern.fullmatch(value):
            return None
        return f"{name} {len(value)}" if sized else name

    return recognise


_RECOGNISERS: tuple[Callable[[str], str | None], ...] = (
    _uuid,
    _timestamp,
    _date,
    _matching(_TIME, "time"),
    _matching(_HTTP_DATE, "http-date"),
    _matching(_MAIL_DATE, "mail-date"),
    _matching(_LOG_DATE, "log-date"),
    _matching(_C_DATE, "c-date"),
    _matching(_DURATION, "duration"),
    _matching(_DIGITS, "digits"),
    _matching(_DECIMAL, "decimal string"),
    _matching(_ULID, "ulid"),
    _matching(HEX, "hex", sized=True),
    _matching(_HEX_NUMBER, "hex-number", sized=True),
    _jwt,
    _signed,
    _matching(_EMAIL, "email"),
    _matching(_IPV4, "ipv4"),
    _matching(_URL, "url"),
    _matching(_IPV6, "ipv6"),
    _encoded,
    _token,
)
# A text with a blank in it is a date in words, or a time, or none of these.
_WITH_BLANKS: tuple[Callable[[str], str | None], ...] = (
    _timestamp,
    _matching(_HTTP_DATE, "http-date"),
    _matching(_MAIL_DATE, "mail-date"),
    _matching(_LOG_DATE, "log-date"),
    _matching(_C_DATE, "c-date"),
    _matching(_DURATION, "duration"),
)


def instant_s(value: Json) -> float | None:
    """Return seconds since the epoch of a timestamp or HTTP date; no zone is read as UTC."""
    if not isinstance(value, str):
        return None
    if "%" in value:
        value = unquote(value)
    if ":" not in value and len(value) in _OF_FILES_CHARACTERS:
        named = _OF_FILES.fullmatch(value)
        if named is not None:
            year, *rest = filter(None, named.groups()[:-1])
            value = "{}-{}-{}T{}:{}:{}".format(year, *rest)
    if ":" not in value and len(value) > SHORTEST_GENERATED:
        return None
    if len(value) in _USUAL_TIMES:
        usual = _usual_time_s(value)
        if usual is not None:
            return usual
    basic = _BASIC.fullmatch(value) if len(value) <= SHORTEST_GENERATED else None
    if basic is not None:
        value = "{}-{}-{}T{}:{}:{}{}".format(*basic.groups())
    match = TIMESTAMP.fullmatch(value)
    try:
        if match is None:
            return _written_out_s(value)
        moment = datetime.fromisoformat(f"{match[1]}T{match[3]}")
        fraction = float(f"0.{match[4]}") if match[4] else 0.0
        return moment.replace(tzinfo=_zone(match[5])).timestamp() + fraction
    except (ValueError, OverflowError):
        return None


def _usual_time_s(value: str) -> float | None:
    """Return the instant of a time as most backends write it; None for another text as long."""
    if value[-1] != "Z":
        return None
    second = _second_s(value[:19])
    if second is None or len(value) == 20:
        return second
    part = _thousandth_s(value[19:23]) if len(value) == 24 else _part_s(value[19:-1])
    return None if part is None else second + part


def _part_s(text: str) -> float | None:
    digits = text[1:]
    if text[0] != "." or not (digits.isdigit() and digits.isascii()):
        return None
    return int(digits) / (1e3 if len(digits) == 3 else 1e6)


@lru_cache(maxsize=1024)
def _thousandth_s(text: str) -> float | None:
    """Return the part of a second: there are a thousand of them."""
    return _part_s(text)


@lru_cache(maxsize=4096)
def _second_s(text: str) -> float | None:
    """Return the instant of a second: the times in the rows of a table share them."""
    minute = None if _USUAL_SECOND.fullmatch(text) is None else _minute_s(text[:16])
    return None if minute is None else minute + int(text[17:])


@lru_cache(maxsize=1024)
def _minute_s(text: str) -> float | None:
    """Return the instant of a minute: times far apart share no second, and few of these."""
    try:
        return datetime.fromisoformat(f"{text}:00+00:00").timestamp()
    except ValueError:
        return None


def precision_s(value: str) -> float:
    """Return the seconds to which a timestamp tells its instant."""
    match = TIMESTAMP.fullmatch(value)
    if match is None:
        return 1.0
    if match[4]:
        return float(10.0 ** -len(match[4]))
    return 60.0 if len(match[3]) == 5 else 1.0


def _written_out_s(value: str) -> float | None:
    """Return seconds since the epoch of a date in words, as mail, access logs and C write it."""
    if _LOG_DATE.fullmatch(value):
        day, month, rest = value.split("/")
        year, _, clock = rest.partition(":")
        value = f"{day} {month} {year} {clock}"
    elif _C_DATE.fullmatch(value):
        _, month, day, clock, year = value.split()
        value = f"{day} {month} {year} {clock} +0000"
    elif not (_HTTP_DATE.fullmatch(value) or _MAIL_DATE.fullmatch(value)):
        return None
    return parsedate_to_datetime(value).timestamp()


def _zone(offset: str | None) -> timezone:
    if offset is None or offset in "Zz":
        return UTC
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


@lru_cache(maxsize=1024)
def has_identity(name: str) -> bool:
    """Whether two equal values of this format are the same thing: 64 bits or more by chance."""
    family, _, size = name.partition(" ")
    if family.startswith("uuid"):
        return size != "nil"
    if family in ("hex", "hex-number"):
        return not size or int(size) >= 16
    if family == "token":
        return not size or int(size) >= 11
    return family in ("ulid", "jwt", "signed")


def looks_generated(value: str, name: str = "") -> bool:
    """Whether a value that did not vary is nevertheless one that a backend made up by chance.

    Stricter than `has_identity`: a long product code is no token. `name` is its format, if known.
    """
    if len(value) < SHORTEST_GENERATED or " " in value:
        return False
    name = name or format_of(value)
    family = name.partition(" ")[0]
    if family == "token":
        kinds = (str.islower, str.isupper, str.isdigit)
        return len(value) >= 20 and all(any(kind(c) for c in value) for kind in kinds)
    if family == "hex-number":
        return False  # an address or a code that stands still
    if family == "hex":
        return any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    return has_identity(name)


def was_another(text: str, earlier: object) -> bool:
    """Whether an earlier recording had another value of the same, recognisable format."""
    if not isinstance(earlier, str) or earlier == text:
        return False
    name = format_of(text)
    structured = name.startswith(STRUCTURED) or looks_generated(text)
    return structured and format_of(earlier) == name


STRUCTURED = (
    "uuid",
    "ulid",
    "hex",
    "jwt",
    "timestamp",
    "date",
    "time",
    "http-date",
    "ipv4",
    "ipv6",
)


def family_of(value: Json) -> str:
    """Return the format of a literal value as a finding names it: without lengths, words as
    ``text``.
    """
    name = format_of(value)
    if isinstance(value, str):
        family = name.partition(" ")[0]
        if family.startswith(STRUCTURED):
            return name
        return "empty" if name == "empty" else "text"
    return "decimal" if name.startswith("decimal") else name


def type_of_pattern(value: object) -> str:
    """`type_of` for a value that may be a pattern: a template is text."""
    if isinstance(value, Template):
        return "string"
    if isinstance(value, Placeholder):
        return " or ".join(value.formats)
    if isinstance(value, ArrayOf) and value.keyed:
        return "object"
    return "array" if isinstance(value, ArrayPattern | ArrayOf) else type_of(value)
