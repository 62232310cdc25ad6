"""What a refusal names of its request, and what of a request can be named. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.fuzz.generate.case import Absent, Call, Case

LEAST_REFUSAL: Final = 400
REFUSALS: Final = frozenset({400, 422})
_PART: Final = re.compile(r"[./\[\]]")
_PART_OF_A_FORM: Final = re.compile(
    rb'content-disposition:[^\r\n]*?\bname="([^"\r\n]+)"[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--',
    re.IGNORECASE | re.DOTALL,
)


def refused_member(
    case: Case, found: Difference, ours: Transcript, theirs: Transcript
) -> tuple[str, str]:
    """Return ``refused`` or ``let in`` by the candidate, and the member for which one side alone
    refuses a request; empty texts where it is none or more than one.
    """
    index = found.exchange
    if index >= min(len(case.calls), len(ours.exchanges), len(theirs.exchanges)):
        return "", ""
    values = dict(members_of(case.calls[index]))
    left, right = (_named(side.exchanges[index], values) for side in (ours, theirs))
    if len(right - left) == 1 and not left - right:
        return "refused", next(iter(right - left))
    if len(left - right) == 1 and not right - left:
        return "let in", next(iter(left - right))
    return "", ""


def refused_alike(one: Round) -> Iterator[str]:
    """Yield the methods and paths to which both sides gave the same refusal, with its status.

    Of a path with an encoded slash a router says it, and no operation.
    """
    for ours, theirs in zip(one.baseline.exchanges, one.candidate.exchanges, strict=False):
        if "%2f" in ours.request.path.lower():
            continue
        left, right = ours.response, theirs.response
        alike = left is not None and right is not None and left.status == right.status
        if left is not None and alike and left.status >= LEAST_REFUSAL:
            yield f"{ours.request.method} {left.status}"
            yield f"{ours.endpoint.partition(' ')[2]} {left.status}"


def members_of(call: Call) -> Iterator[tuple[str, Any]]:
    """Yield what a request says by name: in its path, its query and the top of its body."""
    yield from call.path.items()
    yield from call.query
    if isinstance(call.body, bytes) and call.content_type.startswith("multipart/"):
        for name, value in _PART_OF_A_FORM.findall(call.body):
            yield name.decode("utf-8", "replace"), value.decode("utf-8", "replace")
    if not isinstance(call.body, Absent) and isinstance(call.body, dict):
        yield from call.body.items()


def _named(exchange: Exchange, values: Mapping[str, Any]) -> set[str]:
    """Return which members a refusal names; none where it is no refusal."""
    response = exchange.response
    if response is None or response.status not in REFUSALS:
        return set()
    said = {part for text in _texts(body_of(exchange)) for part in _PART.split(text)[-1:]}
    return {name for name in values if name in said}


def _texts(node: Any) -> Iterator[str]:
    rest = [node]
    while rest:
        node = rest.pop()
        if isinstance(node, dict):
            rest += node.values()
        elif isinstance(node, list):
            rest += node
        elif isinstance(node, str):
            yield node


def is_taken(exchange: Exchange) -> bool:
    """Return whether a request was answered with success."""
    return exchange.response is not None and 200 <= exchange.response.status < 300


def body_of(exchange: Exchange) -> Any:
    """Return the JSON value of an answer; None where it is none."""
    return _parsed(exchange.response.body) if exchange.response else None


@lru_cache(maxsize=8)
def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
