"""What the writes of one test made, known by the words they were sent, and the ids of it. Pure.

The n-th write of the baseline and that of the candidate make one thing, with an id on each side: in
the body, in a `Location`, in a link. Whatever answer shows that thing later, in whatever form, has
to show it with that id: rows that have changed their ids or links with each other are told by the
words in them. Small numbers are ids of other things too. A number counts where a link leads to it
below the same path, where a member has the name of the thing's own id in an answer of its own
collection, or where all numbers of a column are ids of the rows beside them, changed about.

Where no write gave an id out, the list itself does. Later answers of the test have to agree with
it, two things have two ids, and where a database counts, the candidate's ids rise in the order in
which the things were made as the baseline's do; such an order is no promise, and left open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pytest_cutover.compare.diff.ids.given_ids import Departure, writes
from pytest_cutover.compare.diff.ids.marked_rows import (
    NO_WRITE,
    Shown,
    Words,
    Writes,
    ids_beside,
    ids_in_link,
    words_in,
)
from pytest_cutover.compare.diff.paired_parse import SHORTEST, read_whole
from pytest_cutover.compare.diff.places import Path, tokens_of
from pytest_cutover.compare.noise.lists.rows import leaves, names_an_id
from pytest_cutover.normalize.body import BodyKind
from pytest_cutover.normalize.normalized import NormalizedExchange, NormalizedResponse
from pytest_cutover.normalize.own_address import CLOSE, OPEN
from pytest_cutover.normalize.substitution import codes_of

OTHER_ORDER: Final = "ids of the test's rows in another order than they were made"
_OWN: Final = frozenset({"id", "_id", "pk", "uuid", "guid", "uid", "oid", "data-id", "data-pk"})
_HEADERS: Final = ("location", "content-location")
_MAKES: Final = re.compile(r"/(?:add|new|create)$")
_MOST_WRITES: Final = 200
_MOST_SENT: Final = 200  # words of one request
_STEM: Final = 4  # of a name, in singular and plural
_DENSE: Final = 3  # ids to a row, where a database counts

Ids = dict[str, set[str]]  # the candidate's ids by the baseline's


class _Asked(NamedTuple):
    """The path that an answer is of, and whether it says by its form how deep a row stands."""

    path: str
    is_json: bool


@dataclass(slots=True)
class _Write:
    """What one write made: where it is kept, and its ids.

    `linked` are those below a path, `named` those in members of another name than `id`.
    """

    collections: set[str] = field(default_factory=set)
    ids: Ids = field(default_factory=dict)
    linked: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    named: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def keeps(self, asked: _Asked, at: Path) -> bool:
        """Return whether an answer is that of its collection, or of a thing in it, and shows such
        things at a place: what stands below one of them is another.
        """
        if asked.path not in self.collections:
            is_thing = asked.path.rpartition("/")[0] in self.collections
            return is_thing and not (asked.is_json and _rows_above(at))
        return not asked.is_json or _rows_above(at) <= 1

    def is_below(self, before: str) -> bool:
        """Return whether what comes next in a link is a thing of its collection."""
        path, _, asked = before.partition("?")
        return path.rstrip("/") in self.collections and (not asked or names_an_id(asked[:-1]))

    def is_called(self, name: str) -> bool:
        """Return whether a member is named as what refers to it: `item_id`."""
        stems = {one.rpartition("/")[2][:_STEM].lower() for one in self.collections}
        return names_an_id(name) and name not in _OWN and name[:_STEM].lower() in stems


class Found(NamedTuple):
    """The places where the candidate shows another id, and those that nothing tells of."""

    departures: list[Departure]
    open: list[Path]


_Place = tuple[Writes, tuple[str, ...]]


@dataclass(slots=True)
class NamedThings:
    """What is known of the writes so far; `made` is what the markers of both sides stand for, and
    words are those that each side was sent.
    """

    made: tuple[Mapping[str, str], Mapping[str, str]] = field(default_factory=lambda: ({}, {}))
    is_shared: bool = False  # other rows may have the same words: codes alone tell
    _writes: list[_Write] = field(default_factory=list)
    _words: tuple[dict[str, Writes], dict[str, Writes]] = field(default_factory=lambda: ({}, {}))

    def compare(self, base: NormalizedExchange, cand: NormalizedExchange) -> Found:
        """Return what the candidate shows otherwise; what both show is known from now on."""
        one, other = base.response, cand.response
        is_write = writes(base.request.method)
        if one is None or other is None or (is_write and not _took(one, other)):
            return Found([], [])
        if is_write and len(self._writes) < _MOST_WRITES:
            self._note(base, cand)
        if not self._writes or not all(map(_may_show, (one, other), self._words, self.made)):
            if is_write:
                self._hear_headers(one, other)
            return Found([], [])
        left, right = (
            ids_beside(read_whole(answer.body.tree), words)
            for answer, words in zip((one, other), self._words, strict=True)
        )
        if is_write:
            self._hear_headers(one, other)
            self._hear(left, right)
        asked = _Asked(_path(base), is_json=one.body.kind is BodyKind.JSON)
        found = self._found(asked, left, right)
        if not found.departures:
            self._learn(asked, left, right)
        return found

    # -- what was sent and given out

    def _note(self, base: NormalizedExchange, cand: NormalizedExchange) -> None:
        """Take down a write: the words that it was sent, and the address that it was sent to."""
        number = len(self._writes)
        path = _path(base)
        write = _Write({path} | ({path.rpartition("/")[0]} if _MAKES.search(path) else set()))
        self._writes.append(write)
        for side, words in zip((base, cand), self._words, strict=True):
            sent = [text for _, text in leaves(side.request.body.tree) if isinstance(text, str)]
            target = side.request.target
            if isinstance(target, str) and codes_of(target):
                sent.append(target)
            for text in sent[:_MOST_SENT]:
                for word in words_in(text) if not self.is_shared or codes_of(text) else ():
                    words[word] = words.get(word, NO_WRITE) | {number}
        self._link(write, base.request.target, cand.request.target)

    def _hear_headers(self, base: NormalizedResponse, cand: NormalizedResponse) -> None:
        """Take down the addresses that an answer to the last write gives out."""
        write = self._writes[-1]
        for name in _HEADERS:
            links = [
                one.headers.get(name) if isinstance(one.headers, dict) else None
                for one in (base, cand)
            ]
            for before, ours, theirs in self._link(write, *links):
                if before.endswith("/"):
                    write.collections.add(before.rstrip("/"))
                write.ids.setdefault(ours, set()).add(theirs)

    def _link(self, write: _Write, base: Any, cand: Any) -> list[tuple[str, str, str]]:
        """Take down two links that lead to one thing; return what is new in them."""
        new: list[tuple[str, str, str]] = []
        if not (isinstance(base, str) and isinstance(cand, str)):
            return new
        ours, theirs = list(ids_in_link(base)), list(ids_in_link(cand))
        if [before for before, _ in ours] != [before for before, _ in theirs]:
            return new
        for (before, mine), (_, yours) in zip(ours, theirs, strict=True):
            if (before, mine) not in write.linked:
                new.append((before, mine, yours))
            write.linked.setdefault((before, mine), set()).add(yours)
        return new

    def _hear(self, left: list[Shown], right: list[Shown]) -> None:
        """Take down what the answer to the last write says of the thing that it made."""
        number, write = len(self._writes) - 1, self._writes[-1]
        told = [[one for one in side if number in one.writes] for side in (left, right)]
        if not any(one.writes for side in (left, right) for one in side):
            told = [left, right]
        alone = [one for one in told[0] if one.name in _OWN and not one.before]
        for one, other in _beside(*told):
            if one.before:
                write.linked.setdefault((one.before, one.text), set()).add(other.text)
                if write.is_below(one.before):
                    write.ids.setdefault(one.text, set()).add(other.text)
                elif one.name in _OWN:  # `lot/7`, as links to it have it
                    for path in write.collections:
                        place = f"{path}/{one.before}", one.text
                        write.linked.setdefault(place, set()).add(other.text)
            elif one.name in _OWN:
                if one.is_own or len(alone) == 1:
                    write.ids.setdefault(one.text, set()).add(other.text)
            elif names_an_id(one.name):
                write.named.setdefault((one.name, one.text), set()).add(other.text)

    def _learn(self, asked: _Asked, left: list[Shown], right: list[Shown]) -> None:
        """Take down which ids the things have in an answer that shows them."""
        for one, other in _beside(left, right):
            if len(one.writes) != 1:
                continue
            write = self._writes[next(iter(one.writes))]
            if one.before and write.is_below(one.before):
                write.linked.setdefault((one.before, one.text), set()).add(other.text)
            elif (
                not one.before and one.is_own and one.name in _OWN and write.keeps(asked, one.path)
            ):
                write.ids.setdefault(one.text, set()).add(other.text)

    # -- what is shown

    def _found(self, asked: _Asked, left: list[Shown], right: list[Shown]) -> Found:
        theirs: dict[_Place, list[Shown]] = {}
        ours: dict[_Place, list[Shown]] = {}
        for side, places in ((left, ours), (right, theirs)):
            for one in side:
                if one.writes:
                    places.setdefault((one.writes, _anywhere(one)), []).append(one)
        gone: list[Departure] = []
        columns: dict[tuple[str, ...], list[tuple[Shown, Shown, set[str]]]] = {}
        unbound: dict[tuple[str, ...], list[tuple[Shown, Shown]]] = {}
        mine, exact = _exact(left), _exact(right)
        for place, shown in ours.items():
            others = theirs.get(place)
            if not others or len(others) != len(shown) or _are_of_many(shown):
                continue
            for one in shown:
                expected, is_its_own = self._expected(one, asked)
                if expected and is_its_own:
                    if expected.isdisjoint(other.text for other in others):
                        other = exact.get((one.writes, one.place), others[0])
                        gone.append(Departure(other.path, one.whole, other.whole))
                elif expected:
                    beside = exact.get((one.writes, one.place))
                    if beside and (one.writes, one.place) in mine and _may_be_its_id(one):
                        columns.setdefault(one.place, []).append((one, beside, expected))
                elif is_its_own and len(shown) == 1 and len(one.writes) == 1:
                    unbound.setdefault(_anywhere(one), []).append((one, others[0]))
        for column in columns.values():
            gone += _changed_about(column)
        left_open: list[Path] = []
        several = {
            number
            for number in {n for pairs in unbound.values() for one, _ in pairs for n in one.writes}
            if len({o.text for pairs in unbound.values() for o, _ in pairs if number in o.writes})
            > 1
        }
        for pairs in unbound.values():
            pairs = [pair for pair in pairs if several.isdisjoint(pair[0].writes)]
            _of_themselves(pairs, gone, left_open)
        return Found(gone, left_open)

    def _expected(self, one: Shown, asked: _Asked) -> tuple[set[str], bool]:
        """Return the candidate's ids for what may be one of the baseline's, and whether it can be
        no other number: it is where the thing's own id stands.
        """
        own: set[str] = set()
        others: set[str] = set()
        is_its_own = False
        for number in one.writes:
            write = self._writes[number]
            ids = write.ids.get(one.text, set())
            if one.before:
                told = write.linked.get((one.before, one.text), set())
                is_there = bool(told) or write.is_below(one.before)
            else:
                told = write.named.get((one.name, one.text), set())
                is_there = bool(told) or (
                    one.is_own
                    and (
                        (one.name in _OWN and write.keeps(asked, one.path))
                        or write.is_called(one.name)
                    )
                )
            is_its_own |= is_there
            if is_there:
                own |= told | ids
            else:
                others |= ids
        return (own | others, True) if own or (is_its_own and not others) else (others, False)


def _may_show(answer: NormalizedResponse, words: Words, made: Mapping[str, str]) -> bool:
    """Return whether an answer is a success, and small or with some word that was sent."""
    if answer.body.tree is None or not 200 <= answer.status < 400:
        return False
    if len(answer.raw) < SHORTEST:
        return True
    raw = answer.raw.lower()
    spelled = (made.get(f"{OPEN}{word}{CLOSE}", word) for word in words)
    return any(text.lower().encode("utf-8", "replace") in raw for text in spelled)


def _took(base: NormalizedResponse, cand: NormalizedResponse) -> bool:
    return all(200 <= one.status < 400 for one in (base, cand))


def _path(exchange: NormalizedExchange) -> str:
    target = exchange.request.target
    return target.partition("?")[0].rstrip("/") if isinstance(target, str) else ""


def _rows_above(at: Path) -> int:
    return sum(token.isdigit() for token in tokens_of(at))


def _anywhere(one: Shown) -> tuple[str, ...]:
    """Return the place of an id with indices left out."""
    return tuple("*" if token.isdigit() else token for token in one.place)


def _are_of_many(shown: list[Shown]) -> bool:
    """Return whether several rows have the same words, and ids that chance drew: of a page of them
    each side shows others.
    """
    return len(shown) > 1 and not all(one.text.isdigit() for one in shown)


def _may_be_its_id(one: Shown) -> bool:
    """Return whether a number has no name that says what else it is."""
    return not isinstance(one.whole, bytes) or names_an_id(one.name)


def _exact(shown: list[Shown]) -> dict[_Place, Shown]:
    """Return what stands at one place of one thing alone."""
    places = Counter((one.writes, one.place) for one in shown)
    return {(one.writes, one.place): one for one in shown if places[one.writes, one.place] == 1}


def _beside(left: list[Shown], right: list[Shown]) -> Iterator[tuple[Shown, Shown]]:
    """Yield the ids that stand at one place of one thing, where there is one on each side."""
    ours, theirs = _exact(left), _exact(right)
    return ((one, theirs[place]) for place, one in ours.items() if place in theirs)


def _changed_about(column: list[tuple[Shown, Shown, set[str]]]) -> Iterator[Departure]:
    """Yield the cells of a column in which each row of the baseline has its id, and those of the
    candidate have each other's. What is the same on both sides is a count.
    """
    every = set().union(*(expected for _, _, expected in column))
    if len({one.text for one, _, _ in column}) < 2 or len(every) < 2:
        return
    if all(one.text == other.text for one, other, _ in column):
        return
    if {other.text for _, other, _ in column} <= every:
        for one, other, expected in column:
            if other.text not in expected:
                yield Departure(other.path, one.whole, other.whole)


def _of_themselves(
    pairs: list[tuple[Shown, Shown]], gone: list[Departure], left_open: list[Path]
) -> None:
    """Hold ids that no write gave out to being different ones, and to the order of the writes."""
    pairs = sorted(pairs, key=lambda pair: min(pair[0].writes))
    ours, theirs = [one.text for one, _ in pairs], [other.text for _, other in pairs]
    if len(pairs) < 2 or len(set(ours)) < len(ours):
        return
    if len(set(theirs)) < len(theirs):
        for at, (one, other) in enumerate(pairs):
            if other.text in theirs[:at]:
                gone.append(Departure(other.path, one.whole, other.whole))
        return
    if not all(text.isdigit() for text in (*ours, *theirs)):
        return
    numbers, others = [int(text) for text in ours], [int(text) for text in theirs]
    is_counted = numbers == sorted(numbers) and numbers[-1] - numbers[0] <= _DENSE * len(numbers)
    if is_counted and others != sorted(others):
        left_open += [other.path for _, other in pairs]
