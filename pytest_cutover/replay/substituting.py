"""What is sent in a replay: a recorded request with what this replay was given out in its place.

A long value stands for itself wherever it is. A number or a short word does not: it is replaced
where it names a thing, by its place in a path or by the name beside it, so that with a product 7
the quantity 7 stays what it was. All values are put in at once: with 7 that is 8 now and 8 that is
9, no 7 becomes 9. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from pytest_cutover.backends.redaction.secrets import is_secret_name
from pytest_cutover.core.exchange import Request
from pytest_cutover.replay.given_out import SHORT, without_ending

# Of one connection or one browser: they say nothing about what is asked.
_OWN_HEADERS: Final = frozenset(
    {
        "host", "connection", "content-length", "accept-encoding", "user-agent", "cookie", "origin",
        "referer", "dnt", "te", "keep-alive", "transfer-encoding", "upgrade-insecure-requests",
        "if-none-match", "if-modified-since", "pragma", "cache-control", "priority",
    }
)  # fmt: skip
# What a visitor chose, or which of several shops is meant: it lets nobody in.
_CHOICE: Final = re.compile(
    r"lang|locale|lng|culture|currency|country|region|time_?zone|theme|tenant|market",
    re.IGNORECASE,
)
_CHOSEN: Final = re.compile(r"[\w.:/,|=%+-]{1,40}")
_ENDS_WITH_A_WORD: Final = re.compile(
    r"paid|valid|void|grid|hybrid|solid|fluid|rapid|liquid|kid|mid|bid|aid"
)
_NAMES_A_THING: Final = re.compile(r"(?:^|.)(?:ids?|uu?ids?|guids?|pk|ref|slug|number|code)$")
_MEASURES: Final = frozenset(
    {
        "amount", "count", "qty", "quantity", "price", "total", "sum", "limit", "offset", "page",
        "pages", "size", "per", "pagesize", "perpage", "skip", "take", "top", "first", "last",
        "year", "month", "week", "day", "hour", "minute", "second", "seconds", "age", "weight",
        "height", "width", "length", "depth", "rate", "rating", "score", "stars", "rank", "level",
        "position", "by", "sort", "version", "seats", "min", "max", "from", "to", "start", "end",
        "percent", "tax", "discount", "duration", "timeout", "capacity", "stock", "q", "value",
        "title", "name", "text", "note", "points",
    }
)  # fmt: skip
_TOKEN: Final = re.compile(
    r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?', re.DOTALL
)
# A name before a value: of an argument, a member, an attribute or an element.
_NAME_BEFORE: Final = re.compile(r"([\w.-]+)[\"']?\s*(?:[:=]\s*[\"']?|(?:\s[^<>]*)?>\s*)$")
_PART_BEFORE: Final = re.compile(r'name="([^"]*)"[^\r\n]*(?:\r?\n[^\r\n]+)*\r?\n\r?\n$')
_LOOKED_BACK: Final = 200


@dataclass(frozen=True, slots=True)
class Given:
    """What stands for a recorded value now; `words` are what else calls the thing by a name.

    With `everywhere` also a short one is replaced wherever it stands as a word of its own.
    """

    value: str
    words: frozenset[str] = frozenset()
    everywhere: bool = False


Live = Mapping[str, Given]


def words_of(pointer: str, path: str) -> frozenset[str]:
    """Return what a value may be called that an answer of this path has at this place.

    The ``id`` of ``/products`` is the ``product`` of an order.
    """
    names = [part for part in pointer.split("/") if part and not part.isdigit()]
    segments = [part for part in path.split("/") if part.isidentifier()]
    found = {_bare(one) for one in (*names[1:], *segments[-2:])}
    return frozenset(one for one in found if not _is_measure(one))


# -- targets and headers --------------------------------------------------------------------------


def sent_target(target: str, live: Live) -> str:
    """Return the target as it is sent, without the credentials of the recording in its query."""
    path, mark, query = target.partition("?")
    path = "/".join(_segment(one, live) for one in path.split("/"))
    kept = [
        part
        for part in query.split("&")
        if not is_credential(unquote(part.partition("=")[0]))
        or any(quote(one, safe="") in part or one in part for one in live)
    ]
    return f"{path}?{_pairs('&'.join(kept), live, loose=True)}" if mark and any(kept) else path


def _segment(segment: str, live: Live) -> str:
    plain = unquote(segment)
    if plain in live:
        return quote(live[plain].value, safe="")
    stem, ending = without_ending(plain)
    if ending and stem in live:
        return f"{quote(live[stem].value, safe='')}{ending}"
    return _in_text(segment, live, _Short.ALONE, encoded=True)


def sent_headers(request: Request, live: Live) -> list[tuple[str, str]]:
    """Return the recorded headers that are sent again.

    Credentials only where they hold a value that this replay was given: those of the recording
    are somebody's, and old. Of its cookies those that say what a visitor chose.
    """
    kept = []
    for name, value in request.headers:
        lowered = name.lower()
        if lowered == "cookie" and (chosen := chosen_cookies(value)):
            kept.append((name, chosen))
        if lowered in _OWN_HEADERS or lowered.startswith(("sec-", "x-forwarded")):
            continue
        if is_credential(lowered) and not any(one in value for one in live):
            continue
        if value in live and (_is_long(value, live) or _fits(lowered, live[value], loose=True)):
            kept.append((name, live[value].value))
        else:
            short = _Short.ALONE if is_credential(lowered) else _Short.NAMED
            kept.append((name, _in_text(value, live, short) if value not in live else value))
    return kept


def chosen_cookies(header: str) -> str:
    """Return the cookies of a header that say what was chosen, as a header."""
    pairs = [one.strip() for one in header.split(";")]
    return "; ".join(one for one in pairs if _is_choice(*one.partition("=")[::2]))


def _is_choice(name: str, value: str) -> bool:
    return (
        _CHOICE.search(name) is not None
        and not is_secret_name(name)
        and _CHOSEN.fullmatch(value) is not None
    )


def is_credential(name: str) -> bool:
    """Return whether a header or a member of a query lets somebody in."""
    return name.lower() in ("authorization", "proxy-authorization") or is_secret_name(name)


# -- bodies ---------------------------------------------------------------------------------------


def sent_body(request: Request, live: Live, *, loose: bool = False) -> bytes:
    """Return the body as it is sent; the rest of it stays as it was written.

    With `loose` a short value is replaced also beside a name that says nothing.
    """
    text = request.body.decode("utf-8", "surrogateescape")
    if not text or not live:
        return request.body
    if is_form(request):
        text = _pairs(text, live, loose=loose)
    elif text.lstrip()[:1] in ("{", "["):
        text = _json(text, live, loose=loose)
    else:
        text = _in_text(text, live, _Short.NAMED, loose=loose)
    return text.encode("utf-8", "surrogateescape")


def is_form(request: Request) -> bool:
    """Return whether a body is a form as a query is written."""
    return any(
        "urlencoded" in value.lower()
        for name, value in request.headers
        if name.lower() == "content-type"
    )


def could_be_looser(request: Request, live: Live) -> bool:
    """Return whether a body holds values that are left as they were for want of a name."""
    return sent_body(request, live) != sent_body(request, live, loose=True)


def _pairs(text: str, live: Live, *, loose: bool) -> str:
    """Return a query or a form."""
    parts = []
    for part in text.split("&"):
        name, equals, value = part.partition("=")
        plain = unquote_plus(value)
        if plain in live and (_is_long(plain, live) or _fits(name, live[plain], loose=loose)):
            value = quote_plus(live[plain].value)
        elif "," in plain and all(one in live for one in plain.split(",")) and _named(name):
            value = quote(",".join(live[one].value for one in plain.split(",")), safe=",")
        elif plain not in live:
            value = _in_text(value, live, _Short.NAMED, encoded=True)
        parts.append(f"{name}{equals}{value}")
    return "&".join(parts)


def _json(text: str, live: Live, *, loose: bool) -> str:
    """Return a JSON text, its spelling kept."""
    names: list[str] = [""]  # of the member that is being written, for each open bracket
    objects: list[bool] = [False]
    pieces, end, is_name = [], 0, False
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign in "{[":
            names.append(names[-1] if sign == "[" else "")
            objects.append(sign == "{")
            is_name = sign == "{"
        elif sign in "}]":
            if len(names) > 1:
                names.pop()
                objects.pop()
            is_name = False
        elif sign == ",":
            is_name = objects[-1]
        elif sign == ":":
            is_name = False
        elif is_name:
            names[-1] = sign[1:-1]
        else:
            pieces += [text[end : found.start()], _leaf(sign, names, live, loose=loose)]
            end = found.end()
    return "".join(pieces) + text[end:]


def _leaf(sign: str, names: list[str], live: Live, *, loose: bool) -> str:
    quoted = sign.startswith('"')
    try:
        plain = json.loads(sign) if quoted else sign
    except ValueError:
        return sign
    given = live.get(plain)
    name = names[-1] or (names[-2] if len(names) > 1 else "")
    # {"product": {"id": 7}}: the id of a product.
    if given is not None and (_is_long(plain, live) or _fits(name, given, loose=loose)):
        plain_number = not quoted and re.fullmatch(r"-?[0-9]+", given.value) is not None
        return given.value if plain_number else json.dumps(given.value)
    if not quoted or given is not None:
        return sign
    if (plain.startswith("/") or "://" in plain) and " " not in plain:
        path, mark, query = plain.partition("?")
        path = "/".join(_segment(one, live) for one in path.split("/"))
        address = f"{path}{mark}{_pairs(query, live, loose=True) if mark else ''}"
        return sign if address == plain else json.dumps(address)
    short = _Short.NAMED if name == "query" else _Short.NEVER
    return _in_text(sign, live, short, in_json=True)


# -- texts ----------------------------------------------------------------------------------------


class _Short(Enum):
    """Where a short value in a longer text is replaced: nowhere, beside a name that fits, as a
    word.
    """

    NEVER = auto()
    NAMED = auto()
    ALONE = auto()


def _in_text(
    text: str,
    live: Live,
    short: _Short,
    *,
    loose: bool = False,
    encoded: bool = False,
    in_json: bool = False,
) -> str:
    """Return a text with every long value replaced, and the short ones of which `short` says so."""
    spelled = dict(_spellings(text, live, encoded=encoded))
    if short is _Short.NEVER:
        spelled = {one: value for one, value in spelled.items() if _is_long(value, live)}
    if not spelled:
        return text
    longest_first = sorted(spelled, key=len, reverse=True)
    parts = [_pattern(one, long=_is_long(spelled[one], live)) for one in longest_first]

    def put(found: re.Match[str]) -> str:
        recorded = spelled[found[0]]
        given = live[recorded]
        if short is _Short.NAMED and not _is_long(recorded, live) and text.strip() != found[0]:
            before = text[max(0, found.start() - _LOOKED_BACK) : found.start()]
            name = _NAME_BEFORE.search(before) or _PART_BEFORE.search(before)
            if name is None or not _fits(name[1], given, loose=loose):
                return found[0]
        if in_json:
            return json.dumps(given.value)[1:-1]
        return quote(given.value, safe="") if encoded else given.value

    return re.sub("|".join(parts), put, text)


def _pattern(text: str, *, long: bool) -> str:
    return re.escape(text) if long else rf"(?<![\w.-]){re.escape(text)}(?![\w.-])"


def _spellings(text: str, live: Live, *, encoded: bool) -> Iterator[tuple[str, str]]:
    """Yield how a value is written in a text, and the value, for those that are in it."""
    for recorded in live:
        if recorded in text:
            yield recorded, recorded
        elif encoded and (other := quote(recorded, safe="")) in text:
            yield other, recorded


def _is_long(recorded: str, live: Live) -> bool:
    return live[recorded].everywhere or not (recorded.isdigit() or len(recorded) < SHORT)


# -- names ----------------------------------------------------------------------------------------


def _fits(name: str, given: Given, *, loose: bool) -> bool:
    """Return whether a value beside this name is the thing that was given out."""
    if given.everywhere or _named(name) or _bare(name) in given.words:
        return True
    return loose and not _is_measure(_snake(name))


def _is_measure(snake: str) -> bool:
    return any(one in _MEASURES or one.removesuffix("s") in _MEASURES for one in snake.split("_"))


def _named(name: str) -> bool:
    snake = _snake(name)
    return (
        _NAMES_A_THING.search(snake) is not None
        and _ENDS_WITH_A_WORD.search(snake.rpartition("_")[2]) is None
    )


def _snake(name: str) -> str:
    plain = unquote(name).rstrip("[]").rpartition("[")[2].lstrip("@_$")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-. ]", "_", plain).lower()


def _bare(name: str) -> str:
    """Return a name without what says that it is an id, in the singular."""
    bare = re.sub(r"_?(?:ids?|uu?ids?|pk|ref)$", "", _snake(name).removeprefix("x_")) or "id"
    if bare.endswith("ies"):
        return f"{bare[:-3]}y"
    return bare[:-1] if bare.endswith("s") and not bare.endswith("ss") else bare
