"""Recorded traffic as steps to replay: which entries count, and what flows from answer to request.

An entry counts when it is a call of the recorded API: of the origin with most JSON answers, and no
picture, style or script. A value of an answer that a later request repeats is given out by the
backend: on replay it is what the replaying backend gives out in that place. Pure.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from pytest_cutover.backends.exchange import Exchange, Request, Response

MOST_STEPS: Final = 2_000
_LARGEST_ANSWER: Final = 2 << 20
_SHORTEST_VALUE: Final = 6
_LARGEST_FORM: Final = 100_000
_STATIC: Final = re.compile(r"^(image|font|audio|video)/|css|javascript|wasm|html", re.IGNORECASE)
_SKIPPED_METHODS: Final = frozenset({"TRACE", "CONNECT"})
_IDENTIFIER: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]+")
# Of one connection or one browser: they say nothing about what is asked.
_OWN_HEADERS: Final = frozenset(
    {
        "host", "connection", "content-length", "accept-encoding", "user-agent", "cookie", "origin",
        "referer", "dnt", "te", "keep-alive", "transfer-encoding", "upgrade-insecure-requests",
        "if-none-match", "if-modified-since", "pragma", "cache-control", "priority",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One request of the recording, and where its answer held values that are needed later.

    `gives` maps a recorded value to its pointer in the answer (``/headers/…`` for a header).
    """

    request: Request
    status: int
    endpoint: str = ""
    gives: Mapping[str, str] = field(default_factory=dict)
    recorded: Exchange | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Recording:
    """The steps of a file, and how many entries were left out for which reason."""

    steps: tuple[Step, ...]
    left_out: Mapping[str, int]


def recording(entries: Iterable[Mapping[str, Any]]) -> Recording:
    """The steps among the entries. Raises ValueError for an entry without request or URL."""
    left_out: Counter[str] = Counter()
    kept: list[tuple[str, Step]] = []
    for number, entry in enumerate(entries, start=1):
        try:
            origin, step = _step(entry)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"entry {number} has no {error}: it is not a HAR entry") from None
        why = _why_left_out(step, entry)
        if why:
            left_out[why] += 1
        else:
            kept.append((origin, step))
        if len(kept) > MOST_STEPS:
            raise ValueError(f"it has more than {MOST_STEPS:,} requests: split it")
    wanted = _origin(kept)
    left_out["of another origin"] = sum(origin != wanted for origin, _ in kept)
    steps = _with_flow([step for origin, step in kept if origin == wanted])
    return Recording(tuple(steps), {why: count for why, count in left_out.items() if count})


def _step(entry: Mapping[str, Any]) -> tuple[str, Step]:
    asked, answered = entry["request"], entry.get("response") or {}
    url = urlsplit(str(asked["url"]))
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    headers = tuple(
        (str(one["name"]), str(one.get("value", "")))
        for one in asked.get("headers") or ()
        if not str(one["name"]).startswith(":")
    )
    request = Request(str(asked["method"]).upper(), target, headers, _sent(asked))
    status = int(answered.get("status") or 0)
    response = Response(status, _pairs(answered.get("headers")), _received(answered))
    exchange = Exchange(request, response, f"{request.method} {request.path}")
    return f"{url.scheme}://{url.netloc}", Step(request, status, recorded=exchange)


def _pairs(headers: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(one["name"]), str(one.get("value", ""))) for one in headers or ())


def _sent(asked: Mapping[str, Any]) -> bytes:
    data = asked.get("postData") or {}
    text = data.get("text")
    if text is None:
        pairs = [(str(one["name"]), str(one.get("value", ""))) for one in data.get("params") or ()]
        return urlencode(pairs).encode()
    return _bytes(str(text), str(data.get("encoding", "")))


def _received(answered: Mapping[str, Any]) -> bytes:
    content = answered.get("content") or {}
    body = _bytes(str(content.get("text") or ""), str(content.get("encoding", "")))
    return body if len(body) <= _LARGEST_ANSWER else b""


def _bytes(text: str, encoding: str) -> bytes:
    if encoding == "base64":
        try:
            return base64.b64decode(text)
        except (binascii.Error, ValueError):
            return b""
    return text.encode("utf-8", "surrogatepass")


def _why_left_out(step: Step, entry: Mapping[str, Any]) -> str:
    content = (entry.get("response") or {}).get("content") or {}
    if step.request.method in _SKIPPED_METHODS:
        return f"{step.request.method}, never replayed"
    if step.request.method == "OPTIONS":
        return "preflight"
    if not step.status:
        return "without an answer"
    if entry.get("_webSocketMessages") or step.status == 101:
        return "a web socket"
    kind = str(content.get("mimeType") or "")
    # An error page may be HTML: what was asked for was something else.
    static = _STATIC.search(kind) and step.status < 400 and step.request.method == "GET"
    return "static content" if static else ""


def _origin(kept: list[tuple[str, Step]]) -> str:
    """The origin with most JSON answers; the first of equals."""
    counts: Counter[str] = Counter()
    for origin, step in kept:
        assert step.recorded is not None
        response = step.recorded.response
        kind = response.header("content-type") if response else ""
        counts[origin] += 1_000 if "json" in (kind or "") else 1
    return counts.most_common(1)[0][0] if counts else ""


def _with_flow(steps: list[Step]) -> Iterator[Step]:
    """The steps with what each gives to later ones, and the endpoint of each."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for index, step in enumerate(steps):
        for piece in _pieces(step.request):
            first.setdefault(piece, index)
            last[piece] = index
    given: set[str] = set()
    for index, step in enumerate(steps):
        endpoint = _endpoint(step.request, given)
        # What a request held before any answer did is the client's own.
        gives = {
            value: pointer
            for value, pointer in _values(step)
            if value not in given and first.get(value, -1) > index and last[value] > index
        }
        given |= gives.keys()
        yield replace(step, endpoint=endpoint, gives=gives)


def _pieces(request: Request) -> set[str]:
    """Every text of a request that could be a value of its own."""
    path, _, query = request.target.partition("?")
    pieces = {unquote(segment) for segment in path.split("/")} | {request.target}
    pieces |= {value for _, value in parse_qsl(query)}
    for name, value in request.headers:
        if name.lower() != "cookie":
            pieces |= {value, *value.split()}
    text = request.body.decode("utf-8", "replace")
    pieces |= {value for _, value in parse_qsl(text)} if len(text) < _LARGEST_FORM else set()
    try:
        pending = [json.loads(text)]
    except (ValueError, RecursionError):
        return pieces
    while pending:
        node = pending.pop()
        if isinstance(node, dict | list):
            pending += node.values() if isinstance(node, dict) else node
        elif isinstance(node, str | int) and not isinstance(node, bool):
            pieces.add(str(node))
    return pieces


def _values(step: Step) -> Iterator[tuple[str, str]]:
    """Every value of an answer that could be meant when a later request holds it."""
    response = step.recorded.response if step.recorded else None
    if response is None:
        return
    for name, value in response.headers:
        if name.lower() in ("location", "etag", "x-csrf-token", "x-auth-token"):
            yield value, f"/headers/{name.lower()}"
    try:
        tree = json.loads(response.body)
    except (ValueError, RecursionError):
        return
    pending = [("", "", tree)]
    while pending:
        pointer, name, node = pending.pop()
        if isinstance(node, dict):
            for key, value in node.items():
                escaped = str(key).replace("~", "~0").replace("/", "~1")
                pending.append((f"{pointer}/{escaped}", str(key), value))
        elif isinstance(node, list):
            pending += [(f"{pointer}/{n}", name, value) for n, value in enumerate(node[:200])]
        elif isinstance(node, str) and len(node) >= _SHORTEST_VALUE:
            yield node, pointer
        elif isinstance(node, int) and not isinstance(node, bool) and _names_an_id(name):
            yield str(node), pointer


def _names_an_id(name: str) -> bool:
    return name.lower() == "id" or name.lower().endswith(("_id", "id", "number"))


def _endpoint(request: Request, given: set[str]) -> str:
    segments = [
        "{}" if _IDENTIFIER.fullmatch(segment) or segment in given else segment
        for segment in request.path.split("/")
    ]
    return f"{request.method} {'/'.join(segments)}"


def sent_headers(request: Request, known: Iterable[str]) -> list[tuple[str, str]]:
    """The recorded headers that are sent again.

    Credentials only where they hold a value that this replay was given: those of the recording
    are somebody's, and old.
    """
    values = list(known)
    kept = []
    for name, value in request.headers:
        lowered = name.lower()
        if lowered in _OWN_HEADERS or lowered.startswith(("sec-", "x-forwarded")):
            continue
        secret = lowered in ("authorization", "proxy-authorization")
        if secret and not any(one in value for one in values):
            continue
        kept.append((name, value))
    return kept


def substituted(text: str, live: Mapping[str, str], *, encoded: bool = False) -> str:
    """The text with the live values for the recorded ones, the longest first.

    A number is replaced only as a whole: ``7`` is not in ``17``.
    """
    for recorded in sorted(live, key=len, reverse=True):
        old, new = recorded, live[recorded]
        if encoded and quote(old, safe="") in text:
            text = text.replace(quote(old, safe=""), quote(new, safe=""))
        elif old.isdigit():
            text = re.sub(rf"(?<![\w.]){old}(?![\w.])", new.replace("\\", r"\\"), text)
        else:
            text = text.replace(old, new)
    return text
