"""Short ids that a write gave out on each side, and the later answers that show the same thing.

Two databases count by themselves: what is 12 on the baseline is 17 on the candidate, or 12 as well;
on one each side makes a thing of its own. An id that differs is therefore no difference by itself.
But where this very test made the thing, the answer to its write says which id it has on each side,
and every later answer that shows the thing has to show that one. Pure.

Small numbers are also the ids of other things. One object is the other where both have the
baseline's id in a member of one name, have the same members (or stand below the address that was
written to), and hold the same code of the test, or most of the same values. Elsewhere, as in a
search, they have to share the code and at least two members, all of them alike. Nothing is said
where the candidate's id stands anywhere else in the answer, since then it may be another row,
unless that holds none of the codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from msgspec import Raw

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.crossed_ids import crossed, is_token
from pytest_cutover.compare.diff.ids.id_forms import is_given_code
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path, tokens_of
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.links import is_link
from pytest_cutover.compare.noise.lists.rows import leaves, names_an_id
from pytest_cutover.core.exchange import READS
from pytest_cutover.normalize.body import BodyKind
from pytest_cutover.normalize.normalized import NormalizedExchange, NormalizedResponse
from pytest_cutover.normalize.substitution import CODE

_ORIGIN: Final = re.compile(r"[a-z]+://[^/]*|\ufdd0[^/\ufdd1]*\ufdd1")
_MOST_THINGS: Final = 1_000
_LONGEST_ABOUT_ONE: Final = 16_000  # bytes of an answer: what is longer is a list
_OF_ITSELF: Final = frozenset({"id", "_id", "pk"})

Row = dict[str, Any]
IsExcused = Callable[[str, str, str], bool]


class Departure(NamedTuple):
    """A place where the candidate shows another id than it gave the thing."""

    path: Path
    base: Any
    cand: Any


@dataclass(frozen=True, slots=True)
class _Thing:
    """An object as the baseline answered it, with what it was sent; the candidate's id for it."""

    row: Row
    members: frozenset[str]
    address: str
    partner: str
    codes: frozenset[str]


@dataclass(slots=True)
class GivenIds:
    """What the writes of one test gave out, by the name and the baseline's value of each id."""

    _things: dict[tuple[str, str], list[_Thing]] = field(default_factory=dict)
    _names: dict[str, None] = field(default_factory=dict)
    _addresses: dict[str, set[str]] = field(default_factory=dict)  # with the candidate's ids

    def learn(self, base: NormalizedExchange, cand: NormalizedExchange) -> None:
        """Take down the ids in the answers to a write that both sides took."""
        trees = _answers(base, cand)
        if trees is None or not writes(base.request.method):
            return
        sent = base.request.body.tree
        target = base.request.target if isinstance(base.request.target, str) else ""
        left, right = map(read_whole, trees)
        for index, (_, ours, theirs) in enumerate(beside(left, right)):
            row = {**sent, **ours} if index == 0 and isinstance(sent, dict) else ours
            for name, value in ours.items():
                partner = theirs.get(name)
                if not (_is_given(name, value) and type(partner) is type(value)):
                    continue
                text, other = text_of(value), text_of(partner)
                if text is None or other is None or len(self._things) >= _MOST_THINGS:
                    continue
                address = target.partition("?")[0].rstrip("/")
                thing = _Thing(row, frozenset(ours), address, other, _codes(row))
                self._things.setdefault((name, text), []).append(thing)
                self._names[name] = None
                if index == 0 and name in _OF_ITSELF:
                    self._addresses.setdefault(f"{address}/{text}", set()).add(other)

    def crossed(
        self, base: NormalizedExchange, cand: NormalizedExchange, is_excused: IsExcused
    ) -> Iterator[Departure]:
        """Yield the places where the candidate refers to another thing that this test made."""
        trees = _answers(base, cand) if len(self._things) > 1 else None
        answers = [one.response.raw for one in (base, cand) if one.response is not None]
        if trees is None or answers[0] == answers[1] or len(answers[0]) > _LONGEST_ABOUT_ONE:
            return
        given = {
            key: [(one.address, one.partner) for one in things]
            for key, things in self._things.items()
            if key[0] in _OF_ITSELF
        }
        for path, ours, theirs in beside(*map(read_whole, trees)):
            if (codes := _codes(ours)) == _codes(theirs):
                for name in crossed(given, ours, theirs, is_excused):
                    if codes or is_token(ours[name]):  # else it may be any of them
                        yield Departure((path, name), ours[name], theirs[name])

    def departures(
        self, base: NormalizedExchange, cand: NormalizedExchange, *, is_shared: bool = False
    ) -> list[Departure]:
        """Return the places where the candidate shows a thing under another id than it gave it.

        On shared data a list has other rows at the same places: only a code of the test tells one.
        """
        trees = _answers(base, cand) if self._things else None
        if trees is None or (base.response is not None and base.response.status == 201):
            return []  # a new thing may have the id of one that was deleted
        target = base.request.target if isinstance(base.request.target, str) else ""
        left, right = trees
        found = []
        for path, row in _objects(left):
            for name in self._names:
                text = text_of(row.get(name))
                known = self._things.get((name, text)) if text is not None else None
                if known is None or (is_shared and not _codes(row)):
                    continue
                partners = {one.partner for one in known if _is_one(one, row, target)}
                if not partners:
                    continue
                twin = _twin(path, row, right)
                shown = None if twin is None else twin[1].get(name)
                if twin is None or type(shown) is not type(row[name]):
                    continue
                if text_of(shown) not in partners and not _shows(
                    right, name, partners, _codes(row)
                ):
                    found.append(Departure((twin[0], name), row[name], shown))
            if not is_shared:
                found += self._addressed(path, row, right)
        return found

    def _addressed(self, path: Path, row: Row, right: Any) -> Iterator[Departure]:
        """Yield the links of an object that lead to another thing than the one they lead to.

        Where the right one stands elsewhere the rows came in another order.
        """
        for key, link in row.items():
            if not (isinstance(link, str) and is_link(link)):
                continue
            whole = path_of(link)
            partners = self._addresses.get(whole)
            twin = _twin(path, row, right) if partners else None
            shown = twin[1].get(key) if twin is not None else None
            if twin is None or partners is None or not isinstance(shown, str):
                continue
            before, _, given = path_of(shown).rpartition("/")
            if before != whole.rpartition("/")[0] or given in partners:
                continue
            right_ones = {f"{before}/{partner}" for partner in partners}
            if not any(isinstance(text, str) and path_of(text) in right_ones
                       for name, text in leaves(right) if name == key):  # fmt: skip
                yield Departure((twin[0], key), link, shown)


def path_of(link: str) -> str:
    """Return the path of a link to oneself, with its origin or without."""
    path = link.partition("?")[0].partition("#")[0].rstrip("/")
    return _ORIGIN.sub("", path)


def writes(method: str) -> bool:
    """Return whether a request may make a thing."""
    return method not in READS


def beside(left: Any, right: Any, path: Path = ROOT) -> Iterator[tuple[Path, Row, Row]]:
    """Yield the objects of two answers that are one: of several rows nothing says which."""
    if isinstance(left, dict) and isinstance(right, dict):
        yield path, left, right
        for key in left:
            if key in right:
                yield from beside(left[key], right[key], (path, key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right) == 1:
        yield from beside(left[0], right[0], (path, 0))


def _answers(base: NormalizedExchange, cand: NormalizedExchange) -> tuple[Any, Any] | None:
    """Return the documents of two answers that are a success."""
    one, other = base.response, cand.response
    if one is None or other is None or not (_is_document(one) and _is_document(other)):
        return None
    return one.body.tree, other.body.tree


def _is_document(answer: NormalizedResponse) -> bool:
    return 200 <= answer.status < 300 and answer.body.kind is BodyKind.JSON


def _objects(tree: Any, path: Path = ROOT) -> Iterator[tuple[Path, Row]]:
    if isinstance(tree, dict):
        yield path, tree
        for key, item in tree.items():
            yield from _objects(item, (path, key))
    elif isinstance(tree, list):
        for index, item in enumerate(tree):
            yield from _objects(item, (path, index))


def _is_given(name: str, value: Any) -> bool:
    """Return whether a member is an id that corresponds by where it came from alone, or a code of
    any length, whatever it is called (``SO-000013``, an account's number).
    """
    text = text_of(value)
    if text is None or not any(c.isdigit() for c in text):
        return False
    if not names_an_id(name):
        return isinstance(value, str) and is_given_code(text)
    return not formats.has_identity(formats.format_of(value))


def _is_one(thing: _Thing, row: Row, target: str) -> bool:
    """Return whether an object of the baseline, with the id of a thing, is that thing."""
    shared = [
        (value, thing.row[name])
        for name, value in row.items()
        if name in thing.row and not names_an_id(name) and not isinstance(value, dict | list)
    ]
    alike = [value for value, other in shared if value == other]
    if thing.codes and thing.codes.isdisjoint(_codes(row)):
        return False
    if row.keys() != thing.members and not _is_below(target, thing.address):
        # A search shows what was made elsewhere; what refers to it, as an invoice does, is another.
        is_alone = sum(map(names_an_id, row)) == 1
        return bool(thing.codes) and is_alone and len(alike) == len(shared) > 1
    return bool(thing.codes) or (any(map(_tells, alike)) and 2 * len(alike) > len(shared))


def _is_below(target: str, address: str) -> bool:
    path = target.partition("?")[0]
    return path == address or path.startswith(f"{address}/")


def _tells(value: Any) -> bool:
    """Return whether many things do not have the same: flags, small numbers and empty texts."""
    if isinstance(value, bytes):
        return len(value.replace(b".", b"").strip(b"-0")) > 2
    return isinstance(value, str) and len(value) > 2


def _codes(row: Row) -> frozenset[str]:
    """Return the codes of the test in an object, as they stand in both sides' answers."""
    return frozenset(
        found[1]
        for _, text in leaves(row)
        if isinstance(text, str)
        for found in CODE.finditer(text)
    )


def _twin(path: Path, row: Row, cand: Any) -> tuple[Path, Row] | None:
    """Return the candidate's object for one of the baseline's, by its codes or its place."""
    codes = _codes(row)
    beside = _at(cand, path)
    if isinstance(beside, dict) and _codes(beside) == codes:
        return path, beside
    if not codes:
        return None
    return next(
        (
            (place, other)
            for place, other in _objects(cand)
            if other.keys() == row.keys() and _codes(other) == codes
        ),
        None,
    )


def _at(tree: Any, path: Path) -> Any:
    for token in tokens_of(path):
        if isinstance(tree, dict):
            tree = tree.get(token)
        elif isinstance(tree, list) and token.isdigit() and int(token) < len(tree):
            tree = tree[int(token)]
        else:
            return None
    return tree


def _shows(tree: Any, name: str, partners: set[str], codes: frozenset[str]) -> bool:
    """Return whether an answer shows one of the ids by a name, or may: not all is read.

    `codes` are those of the thing: what holds none of them is another.
    """
    for key, value in leaves(tree):
        if isinstance(value, Raw):
            if any(
                partner.encode("utf-8", "surrogatepass") in bytes(value) for partner in partners
            ):
                return True
        elif not codes and key == name and text_of(value) in partners:
            return True
    return bool(codes) and any(
        not codes.isdisjoint(_codes(row))
        and any(text_of(value) in partners for _, value in leaves(row.get(name)))
        for _, row in _objects(tree)
    )
