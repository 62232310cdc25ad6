"""What writes that one side alone took are about, and what both would answer without it. Pure.

A row that one side alone made stands in every list of that side for good: it moves pages, counts
and what is packed for its length. A row that one side stored otherwise is found by another filter.
That follows from the write, which is told by itself. Such rows are taken out of both answers before
these are compared, so that a list that loses, doubles or turns other rows is told as ever.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import unquote

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.given_out import made_in
from pytest_cutover.compare.noise import formats
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import READS, Exchange, Response
from pytest_cutover.fuzz.generate.references import words
from pytest_cutover.fuzz.run.refusals import body_of, is_taken
from pytest_cutover.fuzz.run.row_keys import (
    Thing,
    asked_for,
    in_path,
    is_key,
    keys_of,
    kind_named,
    kind_of,
    own_things,
    referred_to,
    sent_by,
    thing,
)

# Headers that say how long the body is, or follow from it.
BY_SIZE: Final = frozenset({"content-length", "content-encoding", "vary", "etag"})
_MOST_THINGS: Final = 20_000
_WORD: Final = re.compile(r"[\w\-.:+]+")
_DIGITS: Final = re.compile(r"\d+")

# What stands for a key of the baseline on the candidate, among things of these kinds.
Partners = Callable[[str, Sequence[str]], Collection[str]]
Things = tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Write:
    """What one write was about that the two sides did not do alike: as other workers are told it.

    `changed` is what it made, changed or removed, by the number of the side, and `named` what it
    refers to; `made` is what there is one more of, on the side with the number `more_on`, and
    `moved` of what kind a thing is that other filters find now. `apart` is what both stored, but
    not alike, in `members`.
    """

    changed: tuple[Things, Things] = ((), ())
    named: Things = ()
    made: str = ""
    more_on: int = 0
    apart: tuple[Things, Things] = ((), ())
    members: tuple[str, ...] = ()
    moved: str = ""


@dataclass(slots=True)
class OneSided:
    """All such writes of a run."""

    _changed: tuple[set[Thing], set[Thing]] = field(default_factory=lambda: (set(), set()))
    _apart: tuple[set[Thing], set[Thing]] = field(default_factory=lambda: (set(), set()))
    _named: set[Thing] = field(default_factory=set)
    _members: set[str] = field(default_factory=set)
    _made: dict[str, list[int]] = field(default_factory=dict)
    _moved: Counter[str] = field(default_factory=Counter)
    _writes: int = 0

    def learn(self, write: Write) -> None:
        """Take down one of them."""
        if len(self._changed[0]) + len(self._apart[0]) < _MOST_THINGS:
            for side in (0, 1):
                self._changed[side].update(write.changed[side])
                self._apart[side].update(write.apart[side])
            self._named.update(write.named)
            self._members.update(write.members)
        if write.made:
            self._made.setdefault(write.made, [0, 0])[write.more_on] += 1
        elif write.moved:
            self._moved[write.moved] += 1
        self._writes += not write.members

    def asks_for(self, ours: Exchange, theirs: Exchange) -> bool:
        """Return whether a read asks for what one side alone changed, or for what is below what it
        refers to.
        """
        for side, exchange in enumerate((ours, theirs)):
            if any(one in self._changed[side] for one in asked_for(exchange)):
                return True
        if ours.endpoint.endswith("}"):
            return False
        return any(one in self._named for side in (ours, theirs) for one in in_path(side))

    def has_changed(self, things: Iterable[Thing], side: int) -> bool:
        """Return whether one of these is what one side alone made, changed or removed."""
        return any(one in self._changed[side] for one in things)

    def is_apart(self, things: Iterable[Thing], side: int) -> bool:
        """Return whether one of these is what both sides stored, and not alike."""
        return any(one in self._apart[side] for one in things)

    def more_of(self, kinds: Iterable[str]) -> tuple[int, int]:
        """Return how many things of these kinds each side has alone."""
        known = [self._made[kind] for kind in set(kinds) if kind in self._made]
        return sum(one for one, _ in known), sum(other for _, other in known)

    def looks_at(self, exchange: Exchange) -> int:
        """Return how many things may be found by a query on one side alone: those that one side
        alone changed, and for a member that is not stored alike all that were stored with it.
        """
        query = unquote(exchange.request.target.partition("?")[2])
        asked = set(_WORD.findall(query.replace("+", " ").replace(".", " ").replace("-", " ")))
        apart = len(self._apart[0]) if asked & self._members else 0
        return apart + (self._moved[kind_of(exchange)] if asked else 0)

    def without(self, one: Round, partners: Partners) -> Round:
        """Return the round without what one side alone has; the round itself where that is
        nothing.
        """
        if not (self._changed[0] or self._changed[1] or self._made or self._apart[0]):
            return one
        ours, theirs = list(one.baseline.exchanges), list(one.candidate.exchanges)
        is_cut = False
        for index, (left, right) in enumerate(zip(ours, theirs, strict=False)):
            if left.request.method not in READS or not (is_taken(left) and is_taken(right)):
                continue
            pair = self._cut(left, right, partners)
            if pair is not None:
                ours[index], theirs[index] = pair
                is_cut = True
        if not is_cut:
            return one
        return Round(
            replace(one.baseline, exchanges=tuple(ours)),
            replace(one.candidate, exchanges=tuple(theirs)),
        )

    def tears(self, left: Exchange, right: Exchange, pointer: str, partners: Partners) -> bool:
        """Return whether a list has a row between others that the other side does not have there,
        or has one twice: no page and no row of one side alone comes to that.
        """
        last = json_pointer.parse(pointer)[-1:]
        kinds = (kind_of(left), *map(kind_named, last))
        ours, theirs = (json_pointer.get(body_of(side), pointer) for side in (left, right))
        if not isinstance(ours, list) or not isinstance(theirs, list):
            return False
        flags = _paired(ours, theirs, kinds, partners)
        doubled = [len(rows) - len({*map(_text, rows)}) for rows in (ours, theirs)]
        return _torn(flags[0]) or _torn(flags[1]) or doubled[0] != doubled[1]

    def _cut(
        self, left: Exchange, right: Exchange, partners: Partners
    ) -> tuple[Exchange, Exchange] | None:
        """Return two answers to a read without what one side alone has; None where they have no
        such thing.
        """
        one, other = left.response, right.response
        if one is None or other is None or one.body == other.body:
            return None
        kind = kind_of(left)
        trees = body_of(left), body_of(right)
        if None in trees:
            bodies = self._tables(one, other)
            if bodies == [one.body, other.body]:
                return None
        else:
            cutting = _Cutting(self, partners, self.looks_at(left))
            trees = cutting.both(*trees, (kind,))
            if not cutting.has_cut:
                return None
            bodies = [
                json.dumps(tree, ensure_ascii=False).encode("utf-8", "replace") for tree in trees
            ]
        most = max(self.more_of((kind,)))
        heads = _headers(one, other, most), _headers(other, one, most)
        return (
            replace(left, response=replace(one, body=bodies[0], headers=heads[0])),
            replace(right, response=replace(other, body=bodies[1], headers=heads[1])),
        )

    def _tables(self, one: Response, other: Response) -> list[bytes]:
        """Return two texts without the lines and records that name what one side alone changed.

        A table that has no keys says by other lines what was changed: where most of the two are
        alike, as many as there were such writes are taken out.
        """
        kinds = [(response.header("content-type") or "").lower() for response in (one, other)]
        if any(not kind.startswith("text/") or "html" in kind for kind in kinds):
            return [one.body, other.body]
        records = [
            [
                record
                for record in _records(response.body.decode("utf-8", "surrogateescape"))
                if not self.has_changed((("", word) for word in _WORD.findall(record)), side)
            ]
            for side, response in enumerate((one, other))
        ]
        counts = [Counter(listed) for listed in records]
        alike = counts[0] & counts[1]
        if 2 * alike.total() > max(map(len, records)) and all(
            count.total() - alike.total() <= 2 * self._writes for count in counts
        ):
            records = [[record for record in listed if record in alike] for listed in records]
        return [
            "".join(listed).removesuffix("\n").encode("utf-8", "surrogateescape")
            for listed in records
        ]


@dataclass(slots=True)
class _Cutting:
    """Takes out of two trees what one side alone has.

    `found_otherwise` is how many things a filter may have found on one side alone.
    """

    known: OneSided
    partners: Partners
    found_otherwise: int = 0
    has_cut: bool = False

    def both(self, left: Any, right: Any, kinds: tuple[str, ...]) -> tuple[Any, Any]:
        """Return the two trees without it, the numbers that count it alike."""
        if isinstance(left, list) and isinstance(right, list):
            return self._same_page(self._alone(left, kinds, 0), self._alone(right, kinds, 1), kinds)
        if not isinstance(left, dict) or not isinstance(right, dict):
            return left, right
        if any(keys_of(left, kinds)):  # a thing, and no page of them
            return self._alone(left, kinds, 0), self._alone(right, kinds, 1)
        left, right = dict(left), dict(right)
        shared = left.keys() & right.keys()
        lists = {name for name in shared if isinstance(left[name], list)}
        for name in shared:
            below = (*kinds, kind_named(name)) if name in lists else kinds
            left[name], right[name] = self.both(left[name], right[name], below)
        counted = (*kinds, *map(kind_named, lists))
        for name in shared - lists:
            self._count(left, right, name, counted if lists else (kind_named(name),))
        return left, right

    def _alone(self, node: Any, kinds: tuple[str, ...], side: int) -> Any:
        """Return a tree without the rows that one side alone has changed."""
        if isinstance(node, dict):
            return {
                name: self._alone(value, (kind_named(name),), side) for name, value in node.items()
            }
        if not isinstance(node, list):
            return node
        kept = [row for row in node if not self.known.has_changed(own_things(row, kinds), side)]
        self.has_cut |= len(kept) < len(node)
        return [self._alone(row, kinds, side) for row in kept]

    def _same_page(
        self, left: list[Any], right: list[Any], kinds: tuple[str, ...]
    ) -> tuple[list[Any], list[Any]]:
        """Return two lists without what stands at an end of one of them alone.

        Of a page as many rows moved onto another one as one side has more of before them.
        """
        most = sum(self.known.more_of(kinds)) + self.found_otherwise
        flags = _paired(left, right, kinds, self.partners)
        cut = []
        for side, (rows, paired) in enumerate(zip((left, right), flags, strict=True)):
            kept = [
                (row, has_partner)
                for row, has_partner in zip(rows, paired, strict=True)
                if has_partner or not self.known.is_apart(own_things(row, kinds), side)
            ]
            page = [row for row, _ in kept]
            cut.append(_within(page, [flag for _, flag in kept], most) if most else page)
            self.has_cut |= len(cut[-1]) < len(rows)
        return cut[0], cut[1]

    def _count(
        self, left: dict[str, Any], right: dict[str, Any], name: str, kinds: Collection[str]
    ) -> None:
        """Let a number be the same on both sides that counts what one side has alone."""
        one, other = left[name], right[name]
        ours, theirs = (count + self.found_otherwise for count in self.known.more_of(kinds))
        if one == other or not (ours or theirs):
            return
        # Whether there is a page behind this one follows from how many there are.
        is_link = None in (one, other) and isinstance(one or other, str)
        is_count = type(one) is type(other) is int and -ours <= other - one <= theirs
        is_flag = type(one) is type(other) is bool and _tells_of_more(name)
        if is_link or is_count or is_flag:
            right[name], self.has_cut = one, True


# -- what a write is about ------------------------------------------------------------------------


def written(one: Round) -> Iterator[Write]:
    """Yield what the writes of a round are about that the two sides did not do alike."""
    made = made_in(one)
    for ours, theirs in zip(one.baseline.exchanges, one.candidate.exchanges, strict=False):
        if ours.request.method in READS:
            continue
        if is_taken(ours) != is_taken(theirs):
            yield _one_sided(ours, theirs)
        elif is_taken(ours) and ours.response != theirs.response:
            kinds = (kind_of(ours),)
            members = tuple(sorted(_stored_otherwise(body_of(ours), body_of(theirs), made)))
            if members:
                apart = [tuple(own_things(body_of(side), kinds)) for side in (ours, theirs)]
                yield Write(apart=(apart[0], apart[1]), members=members)


def parts(one: Round) -> bool:
    """Return whether one side alone took a write of a round."""
    return any(
        ours.request.method not in READS and is_taken(ours) != is_taken(theirs)
        for ours, theirs in zip(one.baseline.exchanges, one.candidate.exchanges, strict=False)
    )


def _one_sided(ours: Exchange, theirs: Exchange) -> Write:
    side = 0 if is_taken(ours) else 1
    taken = (ours, theirs)[side]
    method, _, template = taken.endpoint.partition(" ")
    kind, answer = kind_of(taken), body_of(taken)
    about = [{*in_path(exchange)} for exchange in (ours, theirs)]
    about[side] |= {*own_things(answer, (kind,))}
    location = taken.response.header("location") if taken.response is not None else None
    if location:
        about[side].add(thing(kind, unquote(location.rstrip("/").rpartition("/")[2])))
    made, more_on = "", side
    if method == "DELETE":
        made, more_on = kind, 1 - side
    elif not template.endswith("}") and (about[side] - {*in_path(taken)} or not about[side]):
        made = kind
        for which, exchange in enumerate((ours, theirs)):
            about[which] |= {*own_things(sent_by(exchange), (kind,))}
    named = {*referred_to(sent_by(taken), answer, kind=kind)} - about[side]
    changed = tuple(sorted(about[0])), tuple(sorted(about[1]))
    return Write(changed, tuple(sorted(named)), made, more_on, moved="" if made else kind)


def _stored_otherwise(left: Any, right: Any, made: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield the members of two answers in which they part, but for ids, times and new codes."""
    if not isinstance(left, dict) or not isinstance(right, dict):
        return
    for name in left.keys() & right.keys():
        one, other = left[name], right[name]
        if one != other and not is_key(name) and not _is_own(one, other, made):
            yield name


def _is_own(one: Any, other: Any, made: Sequence[tuple[str, str]]) -> bool:
    if isinstance(one, dict | list) or isinstance(other, dict | list):
        return True  # what stands deeper is not asked for by a filter
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    for code, partner in made:
        one = one.replace(code, partner)
    known = {formats.format_of(text).partition(" ")[0] for text in (one, other)}
    return one == other or (len(known) == 1 and (known <= {"timestamp"} or _has_identity(one)))


def _has_identity(text: str) -> bool:
    return formats.has_identity(formats.format_of(text))


def _records(text: str) -> Iterator[str]:
    """Yield the lines of a text; what stands in quotes over several lines is one of them."""
    record = ""
    for line in text.split("\n"):
        record += line
        if record.count('"') % 2:
            record += "\n"
            continue
        yield record + "\n"
        record = ""
    if record:
        yield record


# -- pages and counts -----------------------------------------------------------------------------


def _paired(
    left: Sequence[Any], right: Sequence[Any], kinds: Sequence[str], partners: Partners
) -> tuple[list[bool], list[bool]]:
    """Return of each row of two lists whether the other one has it too, or nobody can tell."""
    theirs = {key for row in right for key in keys_of(row, kinds)}
    pairs = {
        key: {*(partners(key, kinds) or (key,))} & theirs
        for row in left
        for key in keys_of(row, kinds)
    }
    known = {partner for found in pairs.values() for partner in found}
    ours = [[*keys_of(row, kinds)] for row in left]
    others = [[*keys_of(row, kinds)] for row in right]
    return (
        [not keys or any(pairs[key] for key in keys) for keys in ours],
        [not keys or not known.isdisjoint(keys) for keys in others],
    )


def _torn(paired: Sequence[bool]) -> bool:
    """Whether a row without a partner stands between others."""
    if not any(paired):
        return False
    first, last = paired.index(True), len(paired) - paired[::-1].index(True)
    return not all(paired[first:last])


def _text(row: Any) -> str:
    return json.dumps(row, sort_keys=True)


def _within(rows: list[Any], paired: list[bool], most: int) -> list[Any]:
    """Return the rows without those at both ends that have no partner, at most so many."""
    if not any(paired):
        return rows if len(rows) > most else []
    first, last = paired.index(True), len(rows) - paired[::-1].index(True)
    if first > most:
        first = 0
    if len(rows) - last > most - first:
        last = len(rows)
    return rows[first:last]


def _tells_of_more(name: str) -> bool:
    return not {"more", "next", "last"}.isdisjoint(words(name))


def _headers(one: Response, other: Response, most: int) -> tuple[tuple[str, str], ...]:
    """Return the headers of an answer that was cut, without those that say how long it was, and
    those that part in numbers that count what one side has alone.
    """
    return tuple(
        (name, value)
        for name, value in one.headers
        if name.lower() not in BY_SIZE and not _counts(value, other.header(name), most)
    )


def _counts(value: str, other: str | None, most: int) -> bool:
    if other is None or value == other or _DIGITS.sub("0", value) != _DIGITS.sub("0", other):
        return False
    pairs = zip(_DIGITS.findall(value), _DIGITS.findall(other), strict=True)
    return all(abs(int(one) - int(two)) <= most for one, two in pairs)
