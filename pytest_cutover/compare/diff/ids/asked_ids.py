"""Members of an answer that name the thing that the request named, by whatever name. Pure.

A removal is sent `id` and answers with `deletedId`. Its id differs on each side's own data, and is
held to its form alone; but where the baseline's answer gives back what its request was sent, the
candidate's gives back what it was sent itself.

A number is that of a row in each table: it counts where the member is called for what was done to
the thing, and as the `id` of an XML record whose address ends in it. Rows of a list are those of
other things; the members of a record in XML are its elements, each of another name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.given_ids import Departure
from pytest_cutover.compare.diff.ids.id_forms import is_given_code
from pytest_cutover.compare.diff.ids.tables import BARE
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.normalize.body import BodyKind
from pytest_cutover.normalize.normalized import NormalizedExchange, NormalizedRequest

_DONE_TO: Final = re.compile(
    r"(?:deleted|removed|destroyed|archived|cancell?ed|restored|updated|changed|closed)(?!_?by)"
    r"(?:_?\w+)?_?id",
    re.IGNORECASE,
)
_SEGMENT: Final = re.compile(r"(?=.*[0-9])[\w.=-]{1,64}", re.ASCII)


def departures(base: NormalizedExchange, cand: NormalizedExchange) -> Iterator[Departure]:
    """Yield the members that name what was asked for on the baseline, and another thing on the
    candidate.
    """
    one, other = base.response, cand.response
    if one is None or other is None or one.status != other.status:
        return
    asked, theirs_asked = dict(_asked(base.request)), dict(_asked(cand.request))
    if not asked or asked.keys() != theirs_asked.keys():
        return
    is_xml = one.body.kind is BodyKind.XML
    given = dict(_ids(read_whole(other.body.tree)))
    for path, ours in _ids(read_whole(one.body.tree)):
        theirs = given.get(path)
        wanted = {theirs_asked[place] for place, text in asked.items() if text == ours}
        if theirs is None or not wanted or theirs in wanted:
            continue
        name = str(path[1])
        in_address = is_xml and name in BARE and _ends_in(base.request, ours)
        if _is_its_own(ours) or _DONE_TO.fullmatch(name) or in_address:
            yield Departure(path, ours, theirs)


def _is_its_own(text: str) -> bool:
    """Whether an id is that of one thing alone: it names its type, or is a code."""
    return formats.format_of(text).startswith("encoded ") or is_given_code(text)


def _ends_in(request: NormalizedRequest, text: str) -> bool:
    """Whether a request is for the thing whose id its address ends in (``/orders/7.xml``)."""
    target = request.target if isinstance(request.target, str) else ""
    last = target.partition("?")[0].rpartition("/")[2]
    return request.method != "POST" and last.removesuffix(".xml") == text


def _asked(request: NormalizedRequest) -> Iterator[tuple[Path, str]]:
    """Yield the ids that a request names its things by, with their places."""
    if isinstance(request.target, str):
        for at, segment in enumerate(request.target.partition("?")[0].split("/")):
            if _SEGMENT.fullmatch(segment):
                yield (ROOT, at), segment.removesuffix(".xml")
    yield from _ids(read_whole(request.body.tree), ("body",))


def _ids(tree: Any, path: Any = ROOT) -> Iterator[tuple[Path, str]]:
    """Yield what is called like an id in the objects of a tree, with its place."""
    if isinstance(tree, list) and _are_members(tree):
        for at, element in enumerate(tree):
            yield from _ids(element, (path, at))
    if not isinstance(tree, dict):
        return
    for key, value in tree.items():
        if isinstance(value, dict | list):
            yield from _ids(value, (path, key))
        elif names_an_id(str(key)) and (text := text_of(value)):
            yield (path, key), text


def _are_members(elements: list[Any]) -> bool:
    """Whether these are the elements of one XML record: each has another name."""
    if not all(isinstance(one, dict) for one in elements):
        return False
    names = [[key for key in one if key[:1] not in "#@"] for one in elements]
    return all(len(one) == 1 for one in names) and len({one[0] for one in names}) == len(names) > 1
