"""Two recorded leaves to one literal or symbol: texts, numbers, and what is of this run in them."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any

from pytest_cutover.compare.noise import byte_holes, clock, constraints, formats, links
from pytest_cutover.compare.noise.facts import RecordingFacts
from pytest_cutover.compare.noise.lists.rows import pieces_of
from pytest_cutover.compare.noise.texts import text_template
from pytest_cutover.compare.noise.texts.text_tokens import has_stem, kind_prefix
from pytest_cutover.normalize import encoded
from pytest_cutover.normalize.matchers import (
    Pattern,
    Placeholder,
    Template,
    members_of,
)
from pytest_cutover.normalize.normalized import NormalizedExchange

SHORTEST_PIECE = 10
_SHORTEST_TOLD = formats.SHORTEST_GENERATED
_SHORTEST_NUMBER = 8  # digits of a secret
_DATE_CHARACTERS = 10
_SHORTEST_INSIDE_WORDS = 8  # characters of one
_UUID_CHARACTERS = 36
# Formats of a whole value of which a part may be all that varies.
_HAVE_PARTS = frozenset(("string", "url", "email"))
_DIGITS = re.compile("([0-9]+)")
_STEADY_DIGITS = Placeholder(("digits",), steady=True)


def _side_by_side(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """Return the items of many rows, those of one place together where all have as many."""
    if len(set(map(len, rows))) == 1:
        return list(zip(*rows, strict=True))
    return [list(chain.from_iterable(rows))]


class LeafLearner:
    """Merges the scalars of two recordings; what is known of both is told once for all places."""

    def __init__(self, first: RecordingFacts, again: RecordingFacts) -> None:
        self._first = first
        self._again = again
        self._known = first.secrets | again.secrets
        self._credentials = first.credentials | again.credentials
        self._secrets = sorted(self._known, key=lambda s: (-len(s), s))
        self._classes: dict[Hashable, dict[int | None, int]] = {}
        self._numbers = 0
        self._owners: tuple[dict[Hashable, int], dict[Hashable, int]] = ({}, {})
        self._generalising = False
        self._in_row = False  # of a list that grew: one row beside itself
        self._clocks = ((0.0, 0.0), (0.0, 0.0))

    @property
    def has_classes(self) -> bool:
        """Whether any two places were found to hold one value by more than chance."""
        return self._numbers > 0

    def at(self, first: NormalizedExchange, again: NormalizedExchange) -> None:
        """Go on with an exchange: its clock decides what is a clock reading."""
        self._clocks = ((first.started_s, first.ended_s), (again.started_s, again.ended_s))

    def merge(self, a: Pattern, b: Pattern, earlier: Pattern = None) -> Pattern:
        """Return the pattern that two values of any kind follow."""
        raise NotImplementedError

    def _is_literal(self, value: Pattern) -> bool:
        """Whether a value that held needs no second look: too short to be of this run."""
        kind = type(value)
        if kind is str:
            size = len(value)  # type: ignore[arg-type]
            return size < _SHORTEST_TOLD and size != _DATE_CHARACTERS and not self._secrets
        if kind is bytes:
            shortest = _SHORTEST_NUMBER if self._secrets else clock.SHORTEST_NUMBER
            return len(value) < shortest  # type: ignore[arg-type]
        return value is None or kind is bool

    def _are_literal(self, values: list[Any]) -> bool:
        """Whether no value, nor any below it, needs a second look: the same for many at once."""
        shortest = _SHORTEST_NUMBER if self._secrets else clock.SHORTEST_NUMBER
        waiting: list[Any] = [values]
        while waiting:
            some = waiting.pop()
            kinds = set(map(type, some))
            kind = kinds.pop() if len(kinds) == 1 else None
            if kind is str:
                sizes = set(map(len, some))
                if self._secrets or max(sizes) >= _SHORTEST_TOLD or _DATE_CHARACTERS in sizes:
                    return False
            elif kind is bytes:
                if max(map(len, some)) >= shortest:
                    return False
            elif kind is dict:
                waiting += _side_by_side([[*one.values()] for one in some])
            elif kind is list:
                waiting += _side_by_side(some)
            elif kind is None:
                waiting += [[one for one in some if type(one) is each] for each in kinds]
            elif kind not in (bool, type(None)):
                return False
        return True

    def _strings(self, a: str, b: str, earlier: Pattern) -> Pattern:
        secret = self._secret(a, b)
        if secret is not None:
            return secret
        if a == b and not encoded.key_of_pattern(earlier):
            return self._stable_string(a, earlier)
        if len(a) == len(b) == _UUID_CHARACTERS and (usual := self._usual_ids(a, b, earlier)):
            return usual
        if (times := formats.usual_times(a, b)) is not None:
            return self._varying(a, b, earlier, (times[0],), None, times[1])
        document = self._documents(a, b, earlier)
        if document is not None:
            return document
        (one, left), (other, right) = formats.named(a), formats.named(b)
        names = constraints.covering((a, b), {one, other})
        whole = one == other != "text" or len(names) == 1
        has_parts = names in (("url",), ("email",)) or has_stem(a, b, names)
        if whole and names != ("text",) and not has_parts:
            number = self._class(a, b, earlier, (one, other))
            return self._varying(a, b, earlier, names, number, (left, right))
        if not self._generalising:
            return self._text(a, b, earlier)
        if not self._in_row:
            return Placeholder(names)
        # The literals of one row are not those of the next: only what varies in them is kept.
        return Placeholder(names, pieces=pieces_of([self._text(a, b, None)]))

    def _usual_ids(self, a: str, b: str, earlier: Pattern, name: str = "") -> Placeholder | None:
        """Return the symbol of two UUIDs of one kind that share nothing by rule, as most do.

        `name` is their format, where it is known.
        """
        if a[0] == b[0] or a[-3:] == b[-3:]:
            return None
        if not name:
            name = formats.format_of(a)
            if name not in formats.UUIDS or name != formats.format_of(b):
                return None
        if isinstance(earlier, Placeholder):
            if earlier.formats != (name,):
                return None
        elif earlier is not None:
            return None
        if self._generalising:
            return _symbol((name,), False, 0)
        if earlier is None:
            return Placeholder((name,), self._class_of((a, b), None))
        number = self._class_of((a, b), earlier.number)
        return (
            earlier
            if number == earlier.number and _is_bare(earlier)
            else Placeholder((name,), number)
        )

    def _random_ids(
        self, a: Sequence[Any], b: Sequence[Any], names: Iterable[str]
    ) -> frozenset[str]:
        """Return which of some members are a random id in each row of two lists."""
        if self._secrets or self._generalising:
            return frozenset()
        return frozenset(
            name
            for name in names
            if formats.are_random_uuids([row[name] for row in a])
            and (b is a or formats.are_random_uuids([row[name] for row in b]))
        )

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
        if (times := formats.usual_times(a, b)) is not None:
            return self._varying(a, b, None, (times[0],), None, times[1])
        (one, left), (other, right) = formats.named(a), formats.named(b)
        names = text_template.narrowed(constraints.covering((a, b), {one, other}), (a, b))
        number = self._class(a, b, None, (one, other))
        return self._varying(a, b, None, names, number, (left, right))

    def _volatile(self, a: Pattern, b: Pattern, earlier: Pattern) -> Placeholder:
        names = constraints.formats_for((constraints.as_json(a), constraints.as_json(b)))
        return self._varying(a, b, earlier, names, self._class(a, b, earlier))

    def _varying(
        self,
        a: Pattern,
        b: Pattern,
        earlier: Pattern,
        names: tuple[str, ...],
        number: int | None,
        moments: clock.Moments = clock.NOT_READ,
    ) -> Placeholder:
        """Return the symbol of two values that differ, with whether they read or follow the clock;
        `moments` are the times that they tell, where that is known.
        """
        if isinstance(earlier, Placeholder):
            names = constraints.widen({*names, *earlier.formats})
        is_clock, ahead = clock.course((a, b), self._clocks, moments)
        ahead = 0 if self._generalising else ahead
        if number is None:
            return _symbol(names, is_clock or bool(ahead), ahead)
        return Placeholder(names, number, clock=is_clock or bool(ahead), ahead_s=ahead)

    def _class(
        self, a: Pattern, b: Pattern, earlier: Pattern, names: tuple[str, str] | None = None
    ) -> int | None:
        """Return the identity class of two values; `names` are their own formats, if known."""
        if self._generalising or not (isinstance(a, str) and isinstance(b, str)):
            return None
        one, other = names or (formats.format_of(a), formats.format_of(b))
        if not (formats.has_identity(one) and formats.has_identity(other)):
            return None
        if isinstance(earlier, Placeholder) and earlier.number is None:
            return None  # it was another thing in one of the recordings
        before = earlier.number if isinstance(earlier, Placeholder) else None
        return self._class_of((a, b), before)

    def _class_of(self, values: tuple[Hashable, Hashable], before: int | None) -> int | None:
        """Return the identity class of a pair of values that had the class `before` in an earlier
        golden; None for a value that is that of one class in one recording, and not in the other:
        the rows of a list that is sorted by what was drawn change their places.

        A piece of a text has no earlier class: it belongs to that of the value itself.
        """
        known = self._classes.setdefault(values, {})
        if before not in known:
            shared = next(iter(known.values()), None) if before is None else known.get(None)
            left, right = self._owners
            if shared is None and (values[0] in left or values[1] in right):
                return None
            if shared is None:
                self._numbers += 1
                shared = self._numbers
                left[values[0]] = right[values[1]] = shared
            known[before] = shared
        return known[before]

    def _stable_string(self, text: str, earlier: Pattern) -> Pattern:
        short = len(text) < _SHORTEST_TOLD and len(text) != _DATE_CHARACTERS
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
        if isinstance(earlier, str) and text != earlier and not self._secrets:
            counted = _counted_on(text, earlier)
            if counted is not None:
                return counted
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
        if encoded.is_percent_encoded(a) and encoded.is_percent_encoded(b):
            return None  # a cookie that can be read, as that of a cart: what is drawn in it varies
        # A cookie's value has quotes around it where its characters want them.
        if _bare(a) in self._first.secrets and _bare(b) in self._again.secrets:
            start = kind_prefix(a, b)  # what kind of secret it is (``sk_live_``) is none
            rest = a[len(start) :], b[len(start) :]
            hidden = self._hidden(constraints.formats_for(rest), *rest, self._class(*rest, None))
            return Template((start, hidden)) if start else hidden

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
            if self._is_clock(a, 0) and self._is_clock(b, 1):
                return self._volatile(a, b, None)
            if isinstance(a, bytes) and isinstance(earlier, bytes) and a != earlier:
                both = constraints.as_json(a), constraints.as_json(earlier)
                return Placeholder(constraints.formats_for(both), steady=True)
            return a
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

    def _of_session(self, text: str) -> bool:
        moment = formats.instant_s(text)
        started, (_, ended) = self._first.session_started_s, self._clocks[0]
        if moment is None or not started:
            return False
        return started - clock.SESSION_SLACK_S <= moment <= ended + clock.CLOCK_SLACK_S


@lru_cache(maxsize=256)
def _symbol(names: tuple[str, ...], is_clock: bool, ahead_s: int) -> Placeholder:
    """Return the symbol that all values of one kind share: a table has one in each row."""
    return Placeholder(names, clock=is_clock, ahead_s=ahead_s)


def _counted_on(text: str, earlier: str) -> Pattern:
    """Return a text whose numbers alone are others than in an earlier recording, without these;
    None for any other text.
    """
    now, before = _DIGITS.split(text), _DIGITS.split(earlier)
    if now[::2] != before[::2]:
        return None
    pairs = zip(now, before, strict=True)
    return text_template.joined([one if one == was else _STEADY_DIGITS for one, was in pairs])


def _is_bare(symbol: Placeholder) -> bool:
    """Whether nothing is known of a value but its format and its class."""
    marks = symbol.per_run or symbol.clock or symbol.secret or symbol.steady
    return not (marks or symbol.pieces or symbol.ahead_s)


def _bare(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _as_atom(secret: str) -> str:
    """Return the expression for a secret inside text; a short one is a word of its own or none."""
    literal = re.escape(secret)
    return literal if len(secret) >= _SHORTEST_INSIDE_WORDS else rf"(?<!\w){literal}(?!\w)"
