"""Recorded traffic as steps to replay: which requests count, and what flows from answer to request.

A request counts when it is one of the own API: of the target's origin, of one that `[replay]
origins` names, or else of the site of the page that was recorded; and no picture, style or script.
A value of an answer that a later request repeats is given out by the backend: on replay it is what
the replaying backend gives out in that place. Pure.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final
from urllib.parse import parse_qsl, unquote

from pytest_cutover.backends.http.encoding import is_below, relative_target
from pytest_cutover.core.error_bodies import tells_errors
from pytest_cutover.core.exchange import Exchange, Request
from pytest_cutover.replay.given_out import values, without_ending
from pytest_cutover.replay.importers.entry import RecordedEntry, origin_of
from pytest_cutover.replay.importers.har import NO_ANSWER
from pytest_cutover.replay.substituting import is_credential

MOST_STEPS: Final = 2_000
_MOST_VALUES: Final = 5_000
# Wrong credentials more often may lock somebody out.
_MOST_BAD: Final = 3
_LARGEST_FORM: Final = 100_000
_IDENTIFIER: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]+")
# Below these each name is somebody else's: registries of a country, and hosts for everybody.
_SHARED_LABELS: Final = re.compile(
    r"(?:ac|com?|edu|go[bv]?|gouv|ltd|me|net?|nic|org?|sch)\.[a-z]{2}"
    r"|(?:github|gitlab|ngrok)\.io|(?:ngrok|netlify|vercel|web|railway|run)\.app|fly\.dev"
    r"|(?:pages|workers)\.dev|(?:herokuapp|amazonaws|appspot|firebaseapp|onrender)\.com"
    r"|(?:azurewebsites|cloudfront)\.net"
)


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """One request of the recording, and where its answer held values that are needed later.

    `status` is 0 where no answer was recorded; `json` and `html` say what that was, and `failed`
    that it told of errors in spite of its status. `login` is ``none`` or ``bad`` where the request
    was not logged in. `gives` maps a recorded value to its pointer in the answer, as `given_out`
    has it; `sets` does so for values of which only a stand-in is in the recording.
    """

    request: Request
    status: int
    endpoint: str = ""
    json: bool = False
    html: bool = False
    failed: bool = False
    login: str = ""
    gives: Mapping[str, str] = field(default_factory=dict)
    sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recording:
    """The steps of a file, how many requests were left out for which reason, and which are missed.

    `missed` are reasons for which a request of the own API could not be replayed.
    """

    steps: tuple[RecordedStep, ...]
    left_out: Mapping[str, int]
    missed: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A step with what its answer could give to later ones; the answer itself is not kept."""

    origin: str
    step: RecordedStep
    values: tuple[tuple[str, str, bool], ...]
    answer: int
    page: str
    why: str
    started_s: float | None


def recording(
    entries: Iterable[RecordedEntry],
    *,
    origins: Collection[str] = (),
    bases: Collection[str] = (),
    observe: Callable[[Exchange], None] = lambda _one: None,
) -> Recording:
    """Return the steps among the entries. `origins` are the target's own, and the named ones.

    `bases` are the base paths of the target's URLs: where the recording has requests below one of
    them, that is its own base too, and requests beside it are left out.

    `observe` sees every exchange whole, left out or not; its answer is forgotten afterwards, so
    that a recording of any size takes the memory of its requests. Raises ValueError for more
    requests than can be replayed.
    """
    left_out: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    kept: list[_Kept] = []
    for entry in entries:
        if entry.exchange is not None:
            observe(entry.exchange)
        if entry.open:
            missed[entry.left_out] += 1
        elif entry.exchange is None or (entry.left_out and entry.left_out != NO_ANSWER):
            left_out[entry.left_out] += 1
        else:
            kept.append(_kept(entry, entry.exchange))
        if len(kept) > MOST_STEPS:
            raise ValueError(f"it has more than {MOST_STEPS:,} requests: split it")
    # Some tools write an entry when it has ended: the request for an id before what gave it out.
    if all(one.started_s is not None for one in kept):
        kept.sort(key=lambda one: one.started_s or 0.0)
    own = _own_origins(kept, origins)
    base = _base(kept, bases)
    steps = []
    # Where no request has an answer, none was recorded; else those without one were given up.
    answered = any(not one.why for one in kept)
    for one in kept:
        if one.origin and one.origin not in own:
            left_out[f"of another origin, {one.origin}"] += 1
        elif one.why and answered:
            left_out[one.why] += 1
        elif one.origin and not is_below(one.step.request.target, base):
            left_out[f"not below the base path of the target, {base}"] += 1
        else:
            steps.append(_without_base(one, base))
    return Recording(tuple(_with_flow(_with_logins(steps))), dict(left_out), dict(missed))


def _kept(entry: RecordedEntry, exchange: Exchange) -> _Kept:
    response = exchange.response
    given = tuple(islice(values(response), _MOST_VALUES)) if response else ()
    kind = (response.header("content-type") or "").lower() if response else ""
    step = RecordedStep(
        exchange.request,
        response.status if response else 0,
        json="json" in kind,
        html="html" in kind,
        failed=response is not None and tells_errors(response),
        login=entry.login,
        sets=entry.sets,
    )
    return _Kept(
        origin=entry.origin.lower(),
        step=step,
        values=given,
        answer=hash(response.body) if response else 0,
        page=entry.page,
        why=entry.left_out,
        started_s=entry.started_s,
    )


def _base(kept: Iterable[_Kept], bases: Collection[str]) -> str:
    """Return the base path of the target that the recording has too; empty for none."""
    longest_first = sorted((one for one in bases if one.strip("/")), key=len, reverse=True)
    targets = [one.step.request.target for one in kept]
    return next((one for one in longest_first if any(is_below(at, one) for at in targets)), "")


def _without_base(one: _Kept, base: str) -> _Kept:
    request = one.step.request
    request = replace(request, target=relative_target(request.target, base))
    return replace(one, step=replace(one.step, request=request))


def _with_logins(steps: list[_Kept]) -> list[_Kept]:
    """Return the steps, told apart by whether they were logged in when they were recorded.

    Exports of browsers have no credentials at all: only what was refused for want of them tells.
    """
    credentials = [_has_credentials(one.step.request) for one in steps]
    some, bad = any(credentials), 0
    found = []
    for one, has in zip(steps, credentials, strict=True):
        refused = one.step.status == 401 or (one.step.status == 403 and some and not has)
        bad += refused and has
        login = one.step.login or (("bad" if has and bad <= _MOST_BAD else "none") * refused)
        found.append(replace(one, step=replace(one.step, login=login)))
    return found


def _has_credentials(request: Request) -> bool:
    names = [name.lower() for name, _ in request.headers]
    return any(one == "cookie" or is_credential(one) for one in names)


# -- whose requests -------------------------------------------------------------------------------


def _own_origins(kept: list[_Kept], known: Collection[str]) -> set[str]:
    """Return the known origins that the recording has; else the one origin that is likeliest
    the own.

    An own API says different things at different places; what counts clicks says one thing, often.
    """
    found = {one.origin for one in kept}
    named = found & {origin_of(origin) for origin in known}
    if named:
        return named
    pages = {_site(page) for page in (one.page for one in kept) if page}
    said: dict[str, set[object]] = defaultdict(set)
    often: Counter[str] = Counter()
    for one in kept:
        often[one.origin] += 1
        if one.step.json:
            said[one.origin].add((one.step.request.method, one.step.request.path, one.answer))
    if not often:
        return set()
    return {
        max(
            often,
            key=lambda one: (bool(said[one]) and _site(one) in pages, len(said[one]), often[one]),
        )
    }


def _site(origin: str) -> str:
    """Return what the hosts of one owner have in common: ``shop.example`` of
    ``api.shop.example``, ``shop.co.uk`` of ``api.shop.co.uk``.
    """
    host = origin.rpartition("/")[2].partition(":")[0]
    labels = host.split(".")
    shared = _SHARED_LABELS.fullmatch(".".join(labels[-2:])) is not None
    return host if host.replace(".", "").isdigit() else ".".join(labels[-3 if shared else -2 :])


# -- what flows -----------------------------------------------------------------------------------


def _with_flow(kept: list[_Kept]) -> Iterator[RecordedStep]:
    """Yield the steps with what each gives to later ones, and the endpoint of each."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    last_named: dict[str, int] = {}
    for index, one in enumerate(kept):
        for piece in _pieces(one.step.request):
            first.setdefault(piece, index)
            last[piece] = index
        for piece in _named_pieces(one.step.request):
            last_named[piece] = index
    given: set[str] = {one for step in kept for one in step.step.sets}
    for index, one in enumerate(kept):
        step = one.step
        endpoint = _endpoint(step.request, given)
        # What a request held before any answer did is the client's own.
        gives = {
            value: pointer
            for value, pointer, telling in one.values
            if value not in given
            and first.get(value, -1) > index
            and (last if telling else last_named).get(value, -1) > index
        }
        given |= gives.keys()
        yield replace(step, endpoint=endpoint, gives={**gives, **step.sets})


def _named_pieces(request: Request) -> set[str]:
    """Return the texts that name a thing: segments of the path, and values of the query."""
    path, _, query = request.target.partition("?")
    segments = [unquote(segment) for segment in path.split("/")]
    stems = [stem for stem, ending in map(without_ending, segments) if ending]
    return {*segments, *stems, *(value for _, value in parse_qsl(query))}


def _pieces(request: Request) -> set[str]:
    """Every text of a request that could be a value of its own."""
    pieces = _named_pieces(request)
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


def _endpoint(request: Request, given: set[str]) -> str:
    return f"{request.method} {'/'.join(_named(one, given) for one in request.path.split('/'))}"


def _named(segment: str, given: set[str]) -> str:
    plain = unquote(segment)
    if _IDENTIFIER.fullmatch(segment) or plain in given:
        return "{}"
    stem, ending = without_ending(plain)
    return f"{{}}{ending}" if ending and stem in given else segment
