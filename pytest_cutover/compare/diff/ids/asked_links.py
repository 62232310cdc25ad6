"""Links of an answer that lead to the address that was asked for, or below it: to the same thing.

The page of order 7 has a form that is sent to `/orders/7/pay`, or leads to the login and back:
`/login?next=%2Forders%2F7`. On the other side it is order 70, and the number in the link is held to
its form alone; but it has to be that of the address. Links that turn pages, or lead to a neighbour,
may lead anywhere. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import unquote

from pytest_cutover.compare.diff.ids.given_ids import Departure, path_of
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.compare.noise.links import is_link
from pytest_cutover.normalize.normalized import NormalizedExchange, NormalizedResponse

_ID: Final = re.compile(r"(?=.*[0-9])[\w.-]{1,64}", re.ASCII)
_ELSEWHERE: Final = re.compile(r"first|last|prev|next|newer|older|parent|up$|related", re.I)


def departures(
    base: NormalizedExchange, cand: NormalizedExchange
) -> Iterator[tuple[bool, Departure]]:
    """Yield the links to the address asked for, or below it, that lead to another thing on the
    candidate, each with whether it is in the headers.
    """
    one, other = base.response, cand.response
    if one is None or other is None:
        return
    trees = (read_whole(answer.body.tree) for answer in (one, other))
    locations = (_location(answer) for answer in (one, other))
    for in_headers, pair in ((False, trees), (True, locations)):
        asked = [_address(side.request.target, below=in_headers) for side in (base, cand)]
        if asked[0] is None or asked[1] is None or len(asked[0]) != len(asked[1]):
            continue
        for path, ours, theirs in _links(*pair):
            if _leads_elsewhere(ours, theirs, asked[0], asked[1]):
                yield in_headers, Departure(path, ours, theirs)


def _location(answer: NormalizedResponse) -> dict[str, Any]:
    headers = answer.headers if isinstance(answer.headers, dict) else {}
    return {name: one for name, one in headers.items() if name == "location"}


def _address(target: Any, *, below: bool) -> list[str] | None:
    """Return the segments of a path that ends in an id, or is one `below` such; None for others."""
    if not isinstance(target, str):
        return None
    segments = target.partition("?")[0].rstrip("/").split("/")
    while below and len(segments) > 2 and not _ID.fullmatch(segments[-1]):
        segments.pop()
    return segments if len(segments) > 2 and _ID.fullmatch(segments[-1]) else None


def _links(base: Any, cand: Any, path: Path = ROOT) -> Iterator[tuple[Path, str, str]]:
    """Yield the links that stand at one place of two trees."""
    if isinstance(base, dict) and isinstance(cand, dict):
        for key in base:
            if key in cand and not _ELSEWHERE.search(str(key)):
                yield from _links(base[key], cand[key], (path, key))
    elif isinstance(base, list) and isinstance(cand, list) and len(base) == len(cand):
        for index, (one, other) in enumerate(zip(base, cand, strict=True)):
            yield from _links(one, other, (path, index))
    elif isinstance(base, str) and isinstance(cand, str) and is_link(base) and is_link(cand):
        yield path, base, cand


def _leads_elsewhere(base: str, cand: str, ours: list[str], theirs: list[str]) -> bool:
    left, right = _paths(base), _paths(cand)
    return len(left) == len(right) and any(
        _is_to_another(one.split("/"), other.split("/"), ours, theirs)
        for one, other in zip(left, right, strict=True)
    )


def _paths(link: str) -> list[str]:
    """Return the path of a link, and those in its query: `/login?next=%2Forders%2F7`."""
    asked = link.partition("#")[0].partition("?")[2]
    values = (unquote(pair.partition("=")[2]) for pair in asked.split("&"))
    return [path_of(link), *(path_of(value) if is_link(value) else "" for value in values)]


def _is_to_another(left: list[str], right: list[str], ours: list[str], theirs: list[str]) -> bool:
    at = len(ours)
    if len(left) != len(right) or left[:at] != ours:
        return False
    return right[: at - 1] == theirs[: at - 1] and right[at - 1] != theirs[-1]
