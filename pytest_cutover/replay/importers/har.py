"""Recorded traffic as steps to replay: which entries count, and what flows from answer to request.

An entry counts when it is a call of the recorded API: of the origin with most JSON answers, and no
picture, style or script. A value of an answer that a later request repeats is given out by the
backend: on replay it is what the replaying backend gives out in that place. Pure.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote

from pytest_cutover.core.exchange import Exchange, Request, Response
from pytest_cutover.core.json_pointer import escape
from pytest_cutover.replay.importers.har_entry import exchange_of, why_left_out, without_body

MOST_STEPS: Final = 2_000
_SHORTEST_VALUE: Final = 6
_LONGEST_VALUE: Final = 8_192
_MOST_VALUES: Final = 5_000
_LARGEST_FORM: Final = 100_000
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
class RecordedStep:
    """One request of the recording, and where its answer held values that are needed later.

    `gives` maps a recorded value to its pointer in the answer (``/headers/…`` for a header).
    """

    request: Request
    status: int
    endpoint: str = ""
    gives: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A step with what its answer could give to later ones; the answer itself is not kept."""

    origin: str
    step: RecordedStep
    values: tuple[tuple[str, str], ...]
    json: bool


@dataclass(frozen=True, slots=True)
class Recording:
    """The steps of a file, and how many entries were left out for which reason."""

    steps: tuple[RecordedStep, ...]
    left_out: Mapping[str, int]


def recording(
    entries: Iterable[Mapping[str, Any]], observe: Callable[[Exchange], None] = lambda _one: None
) -> Recording:
    """The steps among the entries. Raises ValueError for an entry without request or URL.

    `observe` sees every exchange whole, left out or not; its answer is forgotten afterwards, so
    that a recording of any size takes the memory of its requests.
    """
    left_out: Counter[str] = Counter()
    kept: list[_Kept] = []
    bodiless = 0
    for number, entry in enumerate(entries, start=1):
        try:
            origin, exchange = exchange_of(entry)
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            raise ValueError(f"entry {number} is not a HAR entry: {_said(error)}") from None
        observe(exchange)
        why = why_left_out(exchange, entry)
        if why:
            left_out[why] += 1
        else:
            kept.append(_kept(origin, exchange))
            bodiless += without_body(entry)
        if len(kept) > MOST_STEPS:
            raise ValueError(f"it has more than {MOST_STEPS:,} requests: split it")
    if kept and bodiless == len(kept):
        raise ValueError(
            "it holds no body of an answer, so that what a backend gives out cannot be told. "
            'Record it with its contents (Playwright: content="embed"; browsers: HAR with content)'
        )
    wanted = _origin(kept)
    left_out["of another origin"] = sum(one.origin != wanted for one in kept)
    steps = _with_flow([one for one in kept if one.origin == wanted])
    return Recording(tuple(steps), {why: count for why, count in left_out.items() if count})


def _said(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else str(error)


def _kept(origin: str, exchange: Exchange) -> _Kept:
    response = exchange.response
    assert response is not None
    values = tuple(islice(_values(response), _MOST_VALUES))
    json_answer = "json" in (response.header("content-type") or "")
    return _Kept(origin, RecordedStep(exchange.request, response.status), values, json_answer)


def _origin(kept: list[_Kept]) -> str:
    """The origin with most JSON answers; the first of equals."""
    counts: Counter[str] = Counter()
    for one in kept:
        counts[one.origin] += 1_000 if one.json else 1
    return counts.most_common(1)[0][0] if counts else ""


def _with_flow(kept: list[_Kept]) -> Iterator[RecordedStep]:
    """The steps with what each gives to later ones, and the endpoint of each."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for index, one in enumerate(kept):
        for piece in _pieces(one.step.request):
            first.setdefault(piece, index)
            last[piece] = index
    given: set[str] = set()
    for index, one in enumerate(kept):
        step = one.step
        endpoint = _endpoint(step.request, given)
        # What a request held before any answer did is the client's own.
        gives = {
            value: pointer
            for value, pointer in one.values
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


def _values(response: Response) -> Iterator[tuple[str, str]]:
    """Every value of an answer that could be meant when a later request holds it."""
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
                pending.append((f"{pointer}/{escape(str(key))}", str(key), value))
        elif isinstance(node, list):
            pending += [(f"{pointer}/{n}", name, value) for n, value in enumerate(node[:200])]
        elif isinstance(node, str) and _SHORTEST_VALUE <= len(node) <= _LONGEST_VALUE:
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
