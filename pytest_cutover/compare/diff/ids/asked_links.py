"""Links of an answer that lead below the address that was asked for: to the same thing. Pure.

The page of order 7 has a form that is sent to `/orders/7/pay`. On the other side it is order 70,
and the number in the link is held to its form alone; but it has to be that of the address. Links
that turn pages, or lead to a neighbour, may lead anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pytest_cutover.compare.diff.ids.given_ids import Departure, path_of
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.compare.noise.links import is_link
from pytest_cutover.normalize.normalized import NormalizedExchange

_ID: Final = re.compile(r"(?=.*[0-9])[\w.-]{1,64}", re.ASCII)
_ELSEWHERE: Final = re.compile(r"first|last|prev|next|newer|older|parent|up$|related", re.I)


def departures(base: NormalizedExchange, cand: NormalizedExchange) -> Iterator[Departure]:
    """Yield the links below the address asked for that lead to another thing on the candidate."""
    if base.response is None or cand.response is None:
        return
    asked = [_address(one.request.target) for one in (base, cand)]
    if asked[0] is None or asked[1] is None or len(asked[0]) != len(asked[1]):
        return
    trees = (read_whole(one.body.tree) for one in (base.response, cand.response))
    for path, ours, theirs in _links(*trees):
        if _leads_elsewhere(ours, theirs, asked[0], asked[1]):
            yield Departure(path, ours, theirs)


def _address(target: Any) -> list[str] | None:
    """Return the segments of a path that ends in an id; None for any other."""
    if not isinstance(target, str):
        return None
    segments = target.partition("?")[0].rstrip("/").split("/")
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
    left, right = path_of(base).split("/"), path_of(cand).split("/")
    at = len(ours)
    if len(left) != len(right) or left[:at] != ours:
        return False
    return right[: at - 1] == theirs[: at - 1] and right[at - 1] != theirs[-1]
