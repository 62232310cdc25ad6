"""A text held against a template: what stands in each hole, or where the text departs.

Literals are searched from left to right, the last one from the right, and nothing is tried twice:
a hole whose format says how long it is (an id, a time, a number) ends where its value ends, any
other where the next literal stands first. So a literal that also occurs inside a value confuses
nothing, and the characters looked at are a small multiple of the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from pytest_cutover.compare.noise.constraints import SPREAD_OF_A_NUMBER, conforms
from pytest_cutover.compare.noise.texts.text_tokens import (
    C_DATE,
    HTTP_DATE,
    JWT,
    LOG_DATE,
    TIME_WITHOUT_ZONE,
    TIMESTAMP,
    UUID,
    shared_beginning,
)
from pytest_cutover.normalize.matchers import Placeholder, Template

# A value longer than this that has not the format of its hole is no value: the text departs there.
_LONGEST_MISFIT = 256
# How far behind a hole its next literal is looked for by the beginning of it, to name the place.
_FAR = 4096
_BEGINNINGS = (24, 8, 2)
# The signs that end a cell, an attribute, an element or a line.
STRUCTURE = frozenset("\n\t,;|<>\"'")
_SHAPES = {
    "timestamp": TIMESTAMP,
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "time": r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?",
    "http-date": HTTP_DATE,
    "mail-date": HTTP_DATE,
    "log-date": LOG_DATE,
    "c-date": C_DATE,
    "digits": "[0-9]+",
    "decimal": r"-?[0-9]+\.[0-9]+",
    "ulid": "[0-9A-Z]{26}",
    "jwt": JWT,
    "ipv4": r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}",
    "blank": r"\s+",
}


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a text stops to follow: at a character of it, and of which part of the template.

    `within` is the offset in that part, where it is a literal.
    """

    at: int
    part: int
    within: int = 0


@dataclass(frozen=True, slots=True)
class Match:
    """What a text has in the place of each hole, as far as it follows.

    `starts` are the offsets at which the parts of the template stand in the text. `inspected`
    counts the characters that were looked at.
    """

    pieces: tuple[tuple[Placeholder, str], ...]
    starts: tuple[int, ...]
    departure: Departure | None
    inspected: int

    @property
    def follows(self) -> bool:
        """Whether all literals stand where they have to, whatever is in the holes."""
        return self.departure is None


def match(template: Template, text: str) -> Match:
    """Hold a text against a template."""
    return _Matching(template.parts, text).match()


def fits(hole: Placeholder, value: str) -> bool:
    """Whether a piece of text may stand in a hole: one of its formats, and no second line."""
    formats = hole.formats
    if "string" in formats:
        return True
    if "text" in formats and value:
        return "\n" not in value
    return conforms(value, formats)


def passes_its_end(hole: Placeholder, value: str, following: str) -> bool:
    """Whether a value goes on behind the sign that ends its cell, attribute or element.

    Where only words are known of a value, a second cell would be one of them.
    """
    sign = following[:1]
    if sign not in STRUCTURE or "string" in hole.formats or ends_by_itself(hole.formats):
        return False
    return sign in value and not (sign == "," and following[1:2].isspace())


def ends_by_itself(formats: tuple[str, ...]) -> bool:
    """Whether a value of any of these formats shows where it ends."""
    return all(_shape(name) or name == "empty" for name in formats)


def _shape(name: str) -> str:
    family, _, size = name.partition(" ")
    if family.startswith("uuid"):
        return UUID
    if size.startswith("basic"):
        return "[0-9]{8}T[0-9]{6}Z?"
    if family == "hex-number" and size:
        digits = int(size) - 2
        return f"0[xX][0-9a-fA-F]{{{digits - SPREAD_OF_A_NUMBER},{digits + SPREAD_OF_A_NUMBER}}}"
    if family in ("hex", "hex-number", "token"):
        return rf"[A-Za-z0-9_+/=-]{{{size}}}" if size else ""
    return _SHAPES.get(family, "")


@lru_cache(maxsize=1024)
def _shapes(formats: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Return what recognises values of these formats, as far as they can be recognised."""
    shapes = dict.fromkeys(shape for shape in map(_shape, formats) if shape)
    if any(" no-zone" in name for name in formats):
        shapes[TIME_WITHOUT_ZONE] = None
    return tuple(re.compile(shape) for shape in shapes)


@dataclass(slots=True)
class _Matching:
    parts: tuple[str | Placeholder, ...]
    text: str
    inspected: int = 0
    starts: list[int] = field(default_factory=list)
    pieces: list[tuple[Placeholder, str]] = field(default_factory=list)

    def match(self) -> Match:
        departure = self._walk()
        return Match(tuple(self.pieces), tuple(self.starts), departure, self.inspected)

    def _walk(self) -> Departure | None:
        position, parts, text = 0, self.parts, self.text
        starts, pieces = self.starts, self.pieces
        last = len(parts) - 2
        known: Placeholder | None = None
        shape: re.Pattern[str] | None = None
        for index, part in enumerate(parts):
            starts.append(position)
            if isinstance(part, str):
                # Behind a hole it is known to stand here: the hole ends where it begins.
                if index == 0 and not self._stands(part, 0):
                    return self._departed(0, 0)
                position += len(part)
                continue
            if part is not known:
                shapes = _shapes(part.formats)
                known, shape = part, shapes[0] if len(shapes) == 1 else None
            if shape is not None and index < last:  # as most holes are
                following, value = parts[index + 1], shape.match(text, position)
                if value is not None and isinstance(following, str):
                    end = value.end()
                    if text.startswith(following, end):
                        self.inspected += end - position + len(following)
                        pieces.append((part, value[0]))
                        position = end
                        continue
            found = self._end_of(index, part, position)
            if isinstance(found, Departure):
                return found
            pieces.append((part, text[position:found]))
            position = found
        return None if position == len(text) else Departure(position, len(parts) - 1)

    def _end_of(self, index: int, hole: Placeholder, start: int) -> int | Departure:
        is_last = index + 2 >= len(self.parts)
        following = self._behind(index)
        if isinstance(following, Placeholder):
            return self._end_before_a_hole(index, hole, following, start)
        ends = self._ends_by_shape(hole, start)
        for end in ends:
            if self._stands(following, end, at_the_end=is_last):
                return end
        placed = self._placed(following, start, hole, is_last=is_last)
        if placed is not None:
            value = self.text[start:placed]
            if fits(hole, value) and not passes_its_end(hole, value, following):
                return placed
        return self._lost(index, start, ends, placed)

    def _behind(self, index: int) -> str | Placeholder:
        """Return what comes behind a part; at the end nothing."""
        return self.parts[index + 1] if index + 1 < len(self.parts) else ""

    def _ends_by_shape(self, hole: Placeholder, start: int) -> list[int]:
        ends = []
        for shape in _shapes(hole.formats):
            found = shape.match(self.text, start)
            if found is not None:
                self.inspected += found.end() - start
                ends.append(found.end())
        return sorted(ends, reverse=True) if len(ends) > 1 else ends

    def _stands(self, literal: str, at: int, *, at_the_end: bool = False) -> bool:
        self.inspected += len(literal)
        if at_the_end and at + len(literal) != len(self.text):
            return False
        return self.text.startswith(literal, at)

    def _placed(self, literal: str, start: int, hole: Placeholder, *, is_last: bool) -> int | None:
        """Where the literal behind a hole stands: at its first place, the last one at the end."""
        if is_last:
            end = len(self.text) - len(literal)
            return end if end >= start and self._stands(literal, end) else None
        shortest = 0 if {"empty", "string"} & set(hole.formats) else 1
        end = self.text.find(literal, start + shortest)
        self.inspected += (end if end >= 0 else len(self.text)) - start + len(literal)
        return end if end >= 0 else None

    def _end_before_a_hole(
        self, index: int, hole: Placeholder, following: Placeholder, start: int
    ) -> int | Departure:
        """End a hole with no literal behind it by its own format, or where the next begins.

        The next begins where one of its values stands that has its own literal behind it.
        """
        ends = self._ends_by_shape(hole, start)
        if ends:
            return ends[0]
        literal = self._behind(index + 1)
        behind = literal if isinstance(literal, str) else ""
        first = start if {"empty", "string"} & set(hole.formats) else start + 1
        places = [
            begin
            for shape in _shapes(following.formats)
            if (begin := self._first(shape, first, behind)) is not None
        ]
        word = _WORD.match(self.text, start)
        end = min(places) if places else word.end() if word is not None else start
        return end if fits(hole, self.text[start:end]) else Departure(start, index)

    def _first(self, shape: re.Pattern[str], start: int, behind: str) -> int | None:
        """Where a value stands first that has a literal behind it."""
        for found in shape.finditer(self.text, start):
            if self.text.startswith(behind, found.end()):
                self.inspected += found.end() - start + len(behind)
                return found.start()
        self.inspected += len(self.text) - start
        return None

    def _lost(self, index: int, start: int, ends: list[int], placed: int | None) -> int | Departure:
        """Return what to make of a hole behind which its literal does not come as it should.

        Either the value has another format and the text goes on behind it, or the literal departs.
        """
        hole, literal = self.parts[index], self._behind(index)
        assert isinstance(hole, Placeholder)
        assert isinstance(literal, str)
        end = ends[0] if ends else self._begins(literal, start)
        shared = 0 if end is None else self._shared(literal, end)
        if placed is not None and (end is None or end == placed or not shared):
            value = self.text[start:placed]
            if len(value) <= _LONGEST_MISFIT and "\n" not in value and not fits(hole, value):
                return placed
        if end is None:
            return Departure(start, index)
        return Departure(end + shared, min(index + 1, len(self.parts) - 1), shared)

    def _begins(self, literal: str, start: int) -> int | None:
        """Where the beginning of a literal stands soon behind a place."""
        for size in _BEGINNINGS if literal else ():
            at = self.text.find(literal[:size], start, start + _FAR)
            self.inspected += (at if at >= 0 else start + _FAR) - start
            if at >= 0:
                return at
        return None

    def _departed(self, part: int, at: int) -> Departure:
        literal = self.parts[part]
        assert isinstance(literal, str)
        shared = self._shared(literal, at)
        return Departure(at + shared, part, shared)

    def _shared(self, literal: str, at: int) -> int:
        self.inspected += 2 * len(literal)
        return shared_beginning(literal, self.text[at : at + len(literal)])


_WORD = re.compile(r"\S+")
