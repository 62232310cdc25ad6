"""Two recorded values to one pattern: the walk behind `noise.learn`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable
from dataclasses import replace
from typing import Any

from pytest_cutover.compare.matchers import (
    NOISY,
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Pattern,
    Placeholder,
    Template,
    is_plain,
    items_of,
    members_of,
    optional_of,
)
from pytest_cutover.compare.noise import (
    byte_holes,
    clock,
    columns,
    constraints,
    formats,
    keyed_objects,
    links,
    text_template,
)
from pytest_cutover.compare.noise.facts import RecordingFacts
from pytest_cutover.compare.noise.identity_key import alike, at, permuted, skeleton
from pytest_cutover.compare.noise.rows import (
    in_another_order,
    in_order,
    is_made,
    names_of,
    pieces_of,
    shifted,
    skeletons,
    spaced_alike,
    union,
)
from pytest_cutover.compare.normalize import encoded
from pytest_cutover.compare.normalize.normalized import NormalizedExchange
from pytest_cutover.compare.rules import Active, Mode, descend, split

SHORTEST_PIECE = 10
_SHORTEST_NUMBER = 8  # digits of a secret
_DATE_CHARACTERS = 10
_SHORTEST_INSIDE_WORDS = 8  # characters of one
# Formats of a whole value of which a part may be all that varies.
_HAVE_PARTS = frozenset(("string", "url", "email"))


class Learner:
    """Merges the values of two recordings, place by place."""

    def __init__(self, first: RecordingFacts, again: RecordingFacts) -> None:
        self._first = first
        self._again = again
        self._known = first.secrets | again.secrets
        self._credentials = first.credentials | again.credentials
        self._secrets = sorted(self._known, key=lambda s: (-len(s), s))
        self._classes: dict[Hashable, dict[int | None, int]] = {}
        self._numbers = 0
        self._generalising = False
        self._in_row = False  # of a list that grew: one row beside itself
        self._clocks = ((0.0, 0.0), (0.0, 0.0))

    def at(self, first: NormalizedExchange, again: NormalizedExchange) -> None:
        """Go on with an exchange: its clock decides what is a clock reading."""
        self._clocks = ((first.started_s, first.ended_s), (again.started_s, again.ended_s))

    def merge(
        self, a: Pattern, b: Pattern, earlier: Pattern = None, rules: Active | None = None
    ) -> Pattern:
        """Return the pattern that both values follow."""
        if type(a) not in NOISY and a == b and type(a) is type(b):
            if earlier is None:
                return self._steady(a)
            if not self._secrets and type(earlier) not in NOISY and a == earlier:
                return a  # it was a literal, and still is
        if keyed_objects.is_pattern(a) or keyed_objects.is_pattern(b):
            return self._keyed_patterns(a, b)
        if isinstance(a, ObjectPattern | dict) and isinstance(b, ObjectPattern | dict):
            return self._objects(a, b, earlier, rules)
        if isinstance(a, list) and isinstance(b, list):
            return self._arrays(a, b, earlier, rules)
        if isinstance(a, ArrayOf | ArrayPattern) or isinstance(b, ArrayOf | ArrayPattern):
            return self._array_patterns(a, b)
        if isinstance(a, str) and isinstance(b, str):
            return self._strings(a, b, earlier)
        return self._scalars(a, b, earlier)

    def _steady(self, value: Pattern) -> Pattern:
        """Return what both recordings hold alike, with symbols for what plainly is of this run.

        A value in which there is nothing of that kind is returned as it is.
        """
        if isinstance(value, str):
            secret = self._secret(value, value)
            return self._stable_string(value, None) if secret is None else secret
        if isinstance(value, dict):
            members = {key: self._steady(item) for key, item in value.items()}
            if all(map(is_plain, members.values())):
                return value
            return ObjectPattern(members)
        if isinstance(value, list):
            items = [self._steady(item) for item in value]
            return value if all(map(is_plain, items)) else ArrayPattern(tuple(items))
        if isinstance(value, bytes) and len(value) >= _SHORTEST_NUMBER:
            return self._scalars(value, value, None)
        return value

    # -- containers

    def _objects(self, a: Pattern, b: Pattern, earlier: Pattern, rules: Active | None) -> Pattern:
        if (
            isinstance(a, dict)
            and isinstance(b, dict)
            and (keyed_objects.is_pattern(earlier) or keyed_objects.is_keyed(a, b))
        ):
            return self._keyed(a, b, earlier)
        left, right, old = members_of(a), members_of(b), members_of(earlier)
        optional = optional_of(a) | optional_of(b) | (left.keys() ^ right.keys())
        members: dict[str, Pattern] = {}
        for key in (*left, *(key for key in right if key not in left)):
            one, other = left.get(key, right.get(key)), right.get(key, left.get(key))
            members[key] = self.merge(one, other, old.get(key), descend(rules, key))
        for key in optional_of(earlier):
            optional |= {key}
            members.setdefault(key, old[key])
        if not optional and all(is_plain(value) for value in members.values()):
            return members
        return ObjectPattern(members, frozenset(optional))

    def _keyed(self, a: dict[str, Any], b: dict[str, Any], earlier: Pattern) -> ArrayOf:
        ours, theirs = keyed_objects.rows(a), keyed_objects.rows(b)
        known = keyed_objects.known_rows(earlier) if keyed_objects.is_pattern(earlier) else []
        grown = self._grown(self.each([*known, *ours, *theirs]), ours, theirs, earlier)
        return replace(grown, unordered=True, keyed=True)

    def _keyed_patterns(self, a: Pattern, b: Pattern) -> Pattern:
        both = (a, b)
        if not all(map(keyed_objects.may_be_keyed, both)):
            return self._scalars(a, b, None)
        shape = self.each([row for value in both for row in keyed_objects.known_rows(value)])
        return replace(shape, keyed=True)

    def _arrays(
        self, a: list[Any], b: list[Any], earlier: Pattern, rules: Active | None
    ) -> Pattern:
        in_place = len(a) == len(b) and all(map(alike, a, b))
        keys = skeletons(a, b) if len(a) == len(b) and not in_place else None
        if isinstance(earlier, ArrayOf) or len(a) != len(b) or (keys and shifted(*keys)):
            known = earlier.item if isinstance(earlier, ArrayOf) else None
            shape = self.each([*a, *b] if known is None else [known, *a, *b])
            return self._grown(shape, *spaced_alike(a, b), earlier)
        unordered = isinstance(earlier, ArrayPattern) and earlier.unordered
        old = items_of(earlier, len(a))
        rule = next((r for r in rules.here if r.mode is Mode.UNORDERED), None) if rules else None
        key = split(rule.key) if rule is not None else ()
        if key and old != a:
            # In the order of the earlier recording: its noise stays with its item, and a golden
            # that is recorded again changes no more than it must.
            keys = None  # the rows get another order
            mine = [skeleton(at(item, key)) for item in a]
            then = [skeleton(at(members_of(item), key)) for item in old]
            if Counter(mine) == Counter(then):
                a = permuted(a, mine, then)
            else:
                old = [None] * len(a)
        apart = [index for index, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        if len(apart) > 1 and (key or not in_place):  # one alone changes places with nobody
            if keys is not None and not key:
                left, right = ([side[index] for index in apart] for side in keys)
            else:
                left = [skeleton(at(a[index], key)) for index in apart]
                right = [skeleton(at(b[index], key)) for index in apart]
            if left != right and Counter(left) == Counter(right):
                unordered = unordered or rule is None
                moved = permuted([b[index] for index in apart], right, left)
                b = list(b)
                for index, item in zip(apart, moved, strict=True):
                    b[index] = item
        items = columns.completed(
            [
                self.merge(x, y, e, descend(rules, index))
                for index, (x, y, e) in enumerate(zip(a, b, old, strict=True))
            ]
        )
        if not unordered and all(is_plain(item) for item in items):
            return items
        return ArrayPattern(tuple(items), unordered)

    def _grown(
        self, shape: ArrayOf, a: list[Any], b: list[Any], earlier: Pattern = None
    ) -> ArrayOf:
        """Return the array with what varies within one row that both recordings show, and their
        order.

        What `earlier` recordings of this run showed of it goes on.
        """
        before = earlier if isinstance(earlier, ArrayOf) else ArrayOf()
        pairs = in_order([skeleton(row) for row in a], [skeleton(row) for row in b])
        ours, theirs = {one for one, _ in pairs}, {other for _, other in pairs}
        named: dict[tuple[str, Any], int] = {}
        for index in reversed(range(len(b))):
            if index not in theirs:
                named.update((name, index) for name in names_of(b[index]))
        for index in range(len(a)):
            if index not in ours:
                other = next((named[name] for name in names_of(a[index]) if name in named), None)
                if other is not None:
                    pairs.append((index, other))
        outer, self._generalising = self._generalising, True
        inner, self._in_row = self._in_row, True
        try:
            rows = [(a[one], b[other]) for one, other in pairs]
            changed = [(one, self.merge(one, other)) for one, other in rows if one != other]
            varying: Pattern = union([before.row, *(pattern for _, pattern in changed)])
            same: Pattern = union(
                [before.same, *(pattern for one, pattern in changed if not is_made(one))]
            )
        finally:
            self._generalising, self._in_row = outer, inner
        moved = before.unordered or in_another_order(a, b, pairs)
        return ArrayOf(shape.item, varying, same, moved)

    def each(self, items: list[Pattern]) -> ArrayOf:
        """Return the shape that all items have."""
        outer, self._generalising = self._generalising, True
        inner, self._in_row = self._in_row, False
        try:
            shape: Pattern = None
            for index, item in enumerate(items):
                shape = self.merge(item, item) if index == 0 else self.merge(shape, item)
            return ArrayOf(shape if items else None)
        finally:
            self._generalising, self._in_row = outer, inner

    def _array_patterns(self, a: Pattern, b: Pattern) -> Pattern:
        both = (a, b)
        if not all(isinstance(x, list | ArrayOf | ArrayPattern) for x in both):
            return self._scalars(a, b, None)
        items: list[Pattern] = []
        for value in both:
            if isinstance(value, ArrayOf):
                items += [] if value.item is None else [value.item]
            else:
                items += value.items if isinstance(value, ArrayPattern) else value  # type: ignore
        return self.each(items)

    # -- leaves

    def _strings(self, a: str, b: str, earlier: Pattern) -> Pattern:
        secret = self._secret(a, b)
        if secret is not None:
            return secret
        if a == b and not encoded.key_of_pattern(earlier):
            return self._stable_string(a, earlier)
        document = self._documents(a, b, earlier)
        if document is not None:
            return document
        names = constraints.formats_for((a, b))
        whole = formats.format_of(a) == formats.format_of(b) != "text" or len(names) == 1
        has_parts = names in (("url",), ("email",)) or text_template.has_stem(a, b)
        if whole and names != ("text",) and not has_parts:
            return self._volatile(a, b, earlier)
        if not self._generalising:
            return self._text(a, b, earlier)
        if not self._in_row:
            return Placeholder(names)
        # The literals of one row are not those of the next: only what varies in them is kept.
        return Placeholder(names, pieces=pieces_of([self._text(a, b, None)]))

    def _documents(self, a: str, b: str, earlier: Pattern) -> Pattern | None:
        """Return what two documents in a text have in common; None where there is none."""
        if self._generalising and not self._in_row:
            return None
        found = encoded.both_opened(a, b, (self._first.marked, self._again.marked))
        if found is None:
            return None
        one, other = found
        old = members_of(earlier).get(one.key)
        learn = byte_holes.learn if one.is_bytes else self.merge
        return encoded.pattern_of(one, learn(one.tree, other.tree, old))

    def _text(
        self, a: str, b: str, earlier: Pattern, secrets: re.Pattern[str] | None = None
    ) -> Pattern:
        """Return the template of two texts, with the holes that an earlier recording had."""

        def part(left: str, right: str) -> Placeholder | str:
            found = self._piece(left, right)
            if secrets is None or not (secrets.search(left) or secrets.search(right)):
                return found
            names = text_template.piece_formats(left, right)
            return self._hidden(names, left, right, self._class(left, right, None))

        found = links.align(a, b, part, secrets)
        if isinstance(found, Template) and text_template.is_type_alone(found, blanks_only=True):
            found = Placeholder(("text",))
        if isinstance(found, Placeholder):
            # Nothing is the same around it: the value as a whole is held to its format.
            names = constraints.formats_for((a, b))
            if "text" in names and max(len(a), len(b)) > text_template.LONGEST_LEAF:
                names = ("string",)
            return replace(found, formats=names)
        is_narrower = isinstance(earlier, Placeholder) and {*earlier.formats} & _HAVE_PARTS
        if isinstance(earlier, Placeholder) and not is_narrower:
            return self._volatile(a, b, earlier)
        return self._with_earlier_holes(found, a, earlier)

    def _with_earlier_holes(self, found: Template | str, text: str, earlier: Pattern) -> Pattern:
        if not isinstance(earlier, Template):
            return found
        return text_template.united(found, earlier, text, self._still_a_hole)

    def _piece(self, a: str, b: str) -> Placeholder | str:
        if a == b:
            return self._stable_piece(a) if len(a) >= SHORTEST_PIECE else a
        found = Placeholder(text_template.piece_formats(a, b), self._class(a, b, None))
        return self._on_the_clock(found, a, b)

    def _volatile(self, a: Pattern, b: Pattern, earlier: Pattern) -> Placeholder:
        found = constraints.formats_for((constraints.as_json(a), constraints.as_json(b)))
        if isinstance(earlier, Placeholder):
            found = constraints.widen({*found, *earlier.formats})
        return self._on_the_clock(Placeholder(found, self._class(a, b, earlier)), a, b)

    def _class(self, a: Pattern, b: Pattern, earlier: Pattern) -> int | None:
        if self._generalising or not (isinstance(a, str) and isinstance(b, str)):
            return None
        if not (
            formats.has_identity(formats.format_of(a))
            and formats.has_identity(formats.format_of(b))
        ):
            return None
        before = earlier.number if isinstance(earlier, Placeholder) else None
        return self._class_of((a, b), before)

    def _class_of(self, values: Hashable, before: int | None) -> int:
        """Return the identity class of a pair of values that had the class `before` in an earlier
        golden.

        A piece of a text has no earlier class: it belongs to that of the value itself.
        """
        known = self._classes.setdefault(values, {})
        if before not in known:
            shared = next(iter(known.values()), None) if before is None else known.get(None)
            if shared is None:
                self._numbers += 1
                shared = self._numbers
            known[before] = shared
        return known[before]

    def _stable_string(self, text: str, earlier: Pattern) -> Pattern:
        short = len(text) < formats.SHORTEST_GENERATED and len(text) != _DATE_CHARACTERS
        if short and (earlier is None or earlier == text):
            return text  # most cells, and texts between tags: nothing that follows is so short
        if self._is_clock(text, 0) and self._is_clock(text, 1):
            return Placeholder(constraints.formats_for((text,)), clock=True)
        if isinstance(earlier, Placeholder) and not earlier.secret:
            return self._still_volatile(text, earlier)
        if text not in self._first.sent:
            if formats.looks_generated(text):
                return self._per_run(text)
            if self._of_session(text) or formats.was_another(text, earlier):
                return self._per_run(text)
        elif formats.was_another(text, earlier):
            return self._per_run(text)
        found = text_template.split(text, self._stable_piece)
        if isinstance(found, Placeholder):
            return found
        return self._with_earlier_holes(found, text, earlier)

    def _stable_piece(self, text: str) -> Placeholder | str:
        if self._is_clock(text, 0) and self._is_clock(text, 1):
            return Placeholder(constraints.formats_for((text,)), clock=True)
        if text in self._first.sent or not formats.looks_generated(text):
            return text
        return self._per_run(text)

    def _per_run(self, text: str) -> Placeholder:
        return Placeholder(
            constraints.formats_for((text,)), self._class(text, text, None), per_run=True
        )

    def _still_volatile(self, value: Pattern, earlier: Placeholder) -> Placeholder:
        """Return what was volatile in an earlier recording is so now, though it held this time."""
        names = constraints.widen(
            {*constraints.formats_for((constraints.as_json(value),)), *earlier.formats}
        )
        number = self._class(value, value, earlier)
        return replace(earlier, formats=names, number=number)

    def _still_a_hole(self, value: str, earlier: Placeholder) -> Placeholder:
        """Return the same for a value inside a text."""
        names = {*text_template.piece_formats(value, value), *earlier.formats}
        return replace(
            earlier,
            formats=text_template.combined(names),
            number=self._class(value, value, earlier),
        )

    def _secret(self, a: str, b: str) -> Pattern:
        """Return the value with secrets as symbols, or None where it holds none."""
        if not self._secrets or not any(s in a or s in b for s in self._secrets):
            return None
        # A cookie's value has quotes around it where its characters want them.
        if _bare(a) in self._first.secrets and _bare(b) in self._again.secrets:
            return self._hidden(constraints.formats_for((a, b)), a, b, self._class(a, b, None))

        spellings = (s for s in self._secrets if s in a or s in b)
        return self._text(a, b, None, re.compile("(" + "|".join(map(_as_atom, spellings)) + ")"))

    def _scalars(self, a: Pattern, b: Pattern, earlier: Pattern) -> Pattern:
        if isinstance(a, Placeholder | Template) or isinstance(b, Placeholder | Template):
            names = {name for value in (a, b) for name in constraints.formats_in(value)}
            return Placeholder(constraints.widen(names))
        if self._secret_number(a) and self._secret_number(b):
            hidden = constraints.formats_for((constraints.as_json(a), constraints.as_json(b)))
            return self._hidden(hidden, str(constraints.as_json(a)), str(constraints.as_json(b)))
        if type(a) is type(b) and a == b:
            if isinstance(earlier, Placeholder):
                return self._still_volatile(a, earlier)
            now = self._is_clock(a, 0) and self._is_clock(b, 1)
            return self._volatile(a, b, None) if now else a
        if {formats.type_of(a), formats.type_of(b)} & {"object", "array"}:
            return Placeholder(
                constraints.widen({*constraints.formats_in(a), *constraints.formats_in(b)})
            )
        return self._volatile(a, b, earlier)

    def _hidden(
        self, names: tuple[str, ...], left: str, right: str, number: int | None = None
    ) -> Placeholder:
        """Return a secret; one that held and that nobody was let in with is a literal to live
        answers.
        """
        steady = left == right and not any(one in left for one in self._credentials)
        return Placeholder(names, number, secret=True, steady=steady)

    def _secret_number(self, value: Pattern) -> bool:
        """Leave out a short one: a code of 1234 must not hide a size of 1234."""
        return (
            isinstance(value, bytes)
            and len(value) >= _SHORTEST_NUMBER
            and value.decode() in self._known
        )

    # -- time

    def _is_clock(self, value: Pattern, recording: int) -> bool:
        """Whether a value reads, or is reckoned from, the clock of its exchange."""
        return clock.reads(value, *self._clocks[recording])

    def _on_the_clock(self, found: Placeholder, a: Pattern, b: Pattern) -> Placeholder:
        """Return the symbol of two values that differ, with whether they read or follow the
        clock.
        """
        if self._is_clock(a, 0) and self._is_clock(b, 1):
            return replace(found, clock=True)
        ended = self._clocks[0][1], self._clocks[1][1]
        ahead = 0 if self._generalising else clock.ahead_s((a, b), ended)
        return replace(found, clock=True, ahead_s=ahead) if ahead else found

    def _of_session(self, text: str) -> bool:
        moment = formats.instant_s(text)
        started, (_, ended) = self._first.session_started_s, self._clocks[0]
        if moment is None or not started:
            return False
        return started - clock.SESSION_SLACK_S <= moment <= ended + clock.CLOCK_SLACK_S


def _bare(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _as_atom(secret: str) -> str:
    """Return the expression for a secret inside text; a short one is a word of its own or none."""
    literal = re.escape(secret)
    return literal if len(secret) >= _SHORTEST_INSIDE_WORDS else rf"(?<!\w){literal}(?!\w)"


def generalised(items: list[Any]) -> Pattern:
    """Return the shape that all items, plain or patterns, have."""
    nobody = RecordingFacts(0.0, frozenset(), frozenset())
    return Learner(nobody, nobody).each(items).item
