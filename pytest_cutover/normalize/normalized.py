"""A transcript as trees: bodies read strictly, headers parsed, generated values made the same.

`see` is where bytes end; learning and comparing work on what it gives. A value that
`backend.unique` made becomes the same marker on every side before anything is parsed, so that
equal things are equal strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from pytest_cutover.core.exchange import Exchange, Failure, FailureKind, Response, Side, Transcript
from pytest_cutover.normalize.bodies.reading import without_boundary
from pytest_cutover.normalize.body import NO_BODY, Body, BodyKind, Parser, body_of
from pytest_cutover.normalize.headers import request_tree, response_tree
from pytest_cutover.normalize.matchers import Json, Pattern
from pytest_cutover.normalize.strict_json import WireProblem, read_json
from pytest_cutover.normalize.substitution import Substitution

_LONGEST_ALONE: Final = 100_000  # bytes

HTTP_1_1 = "HTTP/1.1"
# What can be wrong with an answer that arrived whole, as a problem of its body.
_PROBLEMS = {FailureKind.UNASKED: "unasked body", FailureKind.PADDED: "surplus"}


@dataclass(frozen=True, slots=True)
class NormalizedRequest:
    """A request as the test meant it."""

    method: str
    target: Pattern
    headers: Pattern = field(default_factory=dict)
    body: Body = NO_BODY


@dataclass(frozen=True, slots=True)
class NormalizedResponse:
    """A response as a client sees it."""

    status: int
    headers: Pattern = field(default_factory=dict)
    body: Body = NO_BODY
    http_version: str = HTTP_1_1
    raw: bytes = field(default=b"", compare=False, repr=False)  # the body as it came


@dataclass(frozen=True, slots=True)
class NormalizedExchange:
    """An exchange in comparable form; in a golden its trees hold symbols."""

    endpoint: str
    request: NormalizedRequest
    response: NormalizedResponse | None = None
    failure: Failure | None = None
    started_s: float = 0.0
    ended_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Golden:
    """The memory of a test: its baseline transcript with symbols for what is volatile."""

    test: str
    exchanges: tuple[NormalizedExchange, ...] = ()


def normalize(
    transcript: Transcript,
    *,
    unread: frozenset[int] = frozenset(),
    parsers: Mapping[int, Parser] | None = None,
    substitution: Substitution | None = None,
    recorded: Sequence[NormalizedExchange] = (),
) -> tuple[NormalizedExchange, ...]:
    """Return the comparable form of a transcript; bodies of exchanges in `unread` are left out.

    `substitution` is that of the transcript, where a caller has it already; `parsers` read
    the JSON of some exchanges in the place of `strict_json.read_json`. `recorded` are the exchanges
    of a golden, which say what bodies were held for when it was made.
    """
    substitution = substitution or Substitution.of(transcript)
    return tuple(
        _see(
            exchange,
            substitution,
            read=index not in unread,
            parse=read_json if parsers is None else parsers.get(index, read_json),
            recorded=_recorded_at(index, exchange.endpoint, recorded),
        )
        for index, exchange in enumerate(transcript.exchanges)
    )


@lru_cache(maxsize=32)
def tree_of(exchange: Exchange) -> Any:
    """Return what an answer of up to 100 kB says by itself, with nothing put in the place of what
    its test made up; None where there is none.
    """
    answer = exchange.response
    if answer is None or len(answer.body) > _LONGEST_ALONE:
        return None
    seen = _see(exchange, Substitution.of(Transcript("", Side.BASELINE, (exchange,)))).response
    return None if seen is None else seen.body.tree


def _recorded_at(
    index: int, endpoint: str, recorded: Sequence[NormalizedExchange]
) -> NormalizedExchange | None:
    """Return the recorded exchange of this place, else of this endpoint where others came in
    between.
    """
    if index < len(recorded) and recorded[index].endpoint == endpoint:
        return recorded[index]
    return next((one for one in recorded if one.endpoint == endpoint), None)


def _see(
    exchange: Exchange,
    substitution: Substitution,
    *,
    read: bool = True,
    parse: Parser = read_json,
    recorded: NormalizedExchange | None = None,
) -> NormalizedExchange:
    sent = exchange.request
    headers = substitution.headers(sent.headers)
    body = body_of(
        sent.body,
        _content_type(sent.headers),
        substitution,
        recorded=recorded.request.body if recorded is not None else None,
    )
    request = NormalizedRequest(
        method=sent.method,
        target=substitution.target(sent.target),
        headers=_without_boundary(request_tree(headers), body),
        body=body,
    )
    response, failure = exchange.response, exchange.failure
    seen = None
    if response is not None:
        bare = response if read else replace(response, body=b"")
        known = recorded.response if recorded is not None else None
        seen = _see_response(bare, sent.method, substitution, parse, known)
        seen = seen if read else replace(seen, raw=response.body)
        if failure is not None and failure.kind in _PROBLEMS:
            # There is a whole answer to compare, and something wrong with it that both may have.
            problem = WireProblem(_PROBLEMS[failure.kind], detail=failure.message)
            faulty = replace(seen.body, problems=(*seen.body.problems, problem))
            seen, failure = replace(seen, body=faulty), None
    return NormalizedExchange(
        endpoint=exchange.endpoint,
        request=request,
        response=seen,
        failure=failure,
        started_s=exchange.started_s,
        ended_s=exchange.ended_s,
    )


def _see_response(
    response: Response,
    method: str,
    substitution: Substitution,
    parse: Parser,
    recorded: NormalizedResponse | None,
) -> NormalizedResponse:
    headers = substitution.headers(response.headers)
    body = body_of(
        response.body,
        _content_type(response.headers),
        substitution,
        parse=parse,
        recorded=recorded.body if recorded is not None else None,
    )
    return NormalizedResponse(
        status=response.status,
        headers=_without_boundary(response_tree(headers, head=method == "HEAD"), body),
        body=body,
        http_version=response.http_version,
        raw=response.body,
    )


def _content_type(headers: Iterable[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _without_boundary(headers: dict[str, Json], body: Body) -> dict[str, Json]:
    """Return the headers with nobody's value for the boundary, where the parts were told apart
    by it.
    """
    told = headers.get("content-type")
    if body.kind is BodyKind.MULTIPART and isinstance(told, str):
        headers["content-type"] = without_boundary(told)
    return headers
