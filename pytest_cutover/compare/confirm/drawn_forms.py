"""How values that are drawn anew are spelled: one side in one way, the other in another. Pure.

A code or a duration that varies is held to its format, and a format is wide: `412ms` and `0.412s`
are durations, `K7Q2ZP` and `k7q2zp` are texts. Rounds tell more: where every value of a side is
spelled in one way, and no value of the other, it is a rule of that side, unless by chance. Where
each value has one of few forms at will (`.png` or `.jpg`), more rounds are wanted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import comb
from os.path import commonprefix
from typing import Final

from pytest_cutover.compare.confirm.movement import number_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.numbers import Numbers, WordPlace
from pytest_cutover.compare.noise.formats import format_of
from pytest_cutover.core.exchange import Transcript

_ALPHA: Final = 0.01
_SHORTEST_CODE: Final = 4
_UNITS: Final = {
    unit: seconds
    for units, seconds in (
        ("ns", Decimal("1e-9")),
        ("us µs", Decimal("1e-6")),
        ("ms", Decimal("1e-3")),
        ("s sec secs second seconds", Decimal(1)),
        ("m min mins minute minutes", Decimal(60)),
        ("h hr hrs hour hours", Decimal(3600)),
        ("d day days", Decimal(86_400)),
    )
    for unit in units.split()
}
_DURATION: Final = re.compile(r"(\d+(?:\.(\d+))?)( ?)([a-zµ]+)", re.ASCII | re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d+", re.ASCII)
_CODE: Final = re.compile(r"[\w-]+", re.ASCII)
_DIGIT: Final = re.compile(r"\d", re.ASCII)
_FILE: Final = re.compile(r"\S*[^\s/.@]\.([A-Za-z][A-Za-z0-9]{1,4})", re.ASCII)
_IN_BASE64: Final = re.compile(r"(?=.*[A-Z])(?=.*[a-z])[A-Za-z0-9+/_-]{16,}={0,2}", re.ASCII)
# Of one value this is known: a rule parts it, where a random one has both mixed.
_PARTED: Final = re.compile(r"[A-Za-z]{2,}\d{4,}|\d{6,}[A-Za-z]{2,}", re.ASCII)
# Fewer digits before letters are a measure and its unit, which is another one for what is greater.
_LONG_NUMBER: Final = re.compile(r"\D*\d{6}", re.ASCII)

Values = tuple[str, ...]
Sides = tuple[Values, Values]


@dataclass(frozen=True, slots=True)
class _Draws:
    """The values of one place over the rounds, by side; each once, in their order."""

    sides: Sides
    rounds: int
    are_numbers: bool
    is_whole: bool  # a value of a body, and no part of a text
    is_in_row: bool
    shared: bool

    @property
    def may_be_of_others(self) -> bool:
        """Whether the rows of two databases may be those of other tests, who write as they like."""
        return self.is_in_row and not self.shared

    @property
    def are_enough(self) -> bool:
        """Whether chance seldom parts so many values by side (Fisher's exact test, one-sided).

        What the candidate cuts off may leave the same in each round.
        """
        ours, theirs = len(self.sides[0]), max(len(self.sides[1]), self.rounds)
        return 1 / comb(ours + theirs, ours) <= _ALPHA

    @property
    def are_enough_for_a_choice(self) -> bool:
        """The same where each value may have either form, as pictures are `.png` or `.jpg`: in
        eight rounds all of a side have one, and all of the other the other, once in 32,768 times.
        """
        return all(len(one) > 2 and max(len(one), self.rounds) >= 8 for one in self.sides)


def judged(
    baseline: Transcript, numbers: Sequence[Numbers]
) -> tuple[list[Difference], frozenset[tuple[str, str]]]:
    """Return where the candidate spells what is drawn by another rule, and the places, by endpoint
    and pointer, of which more rounds would tell.
    """
    apart: list[Difference] = []
    unknown: set[tuple[str, str]] = set()
    for place in sorted(set.intersection(*(set(one.spelled) for one in numbers))):
        draws = _draws(place, numbers)
        told = next(filter(None, (rule(draws) for rule in _RULES)), None)
        choices = () if told or draws.may_be_of_others else _CHOICES
        chosen = told or next(filter(None, (rule(draws) for rule in choices)), None)
        if chosen is None:
            continue
        index, where, _ = place
        endpoint = baseline.exchanges[index].endpoint
        if not (draws.are_enough if told else draws.are_enough_for_a_choice):
            unknown.add((endpoint, where))
            continue
        base, cand = chosen
        apart.append(
            Difference(index, endpoint, Kind.FORMAT, where, f"{base} → {cand}", base, cand)
        )
    return apart, frozenset(unknown)


def _draws(place: WordPlace, numbers: Sequence[Numbers]) -> _Draws:
    pairs = [pair for one in numbers for pair in one.spelled[place]]
    ours, theirs = (tuple(dict.fromkeys(side)) for side in zip(*pairs, strict=True))
    _, where, part = place
    return _Draws(
        (tuple(map(_text, ours)), tuple(map(_text, theirs))),
        len(numbers),
        are_numbers=any(isinstance(one, bytes) for one in (*ours, *theirs)),
        is_whole=not part and not where.startswith("/headers/"),
        is_in_row="/*" in where,
        shared=numbers[0].shared,
    )


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def _parted(sides: Sides, form: Callable[[str], str | None]) -> tuple[str, str] | None:
    """Return the form of each side where all of its values have one, and the other's another."""
    found = [{form(value) for value in side} for side in sides]
    if any(len(forms) != 1 or None in forms for forms in found) or found[0] == found[1]:
        return None
    ours, theirs = (forms.pop() for forms in found)
    return (ours, theirs) if ours and theirs else None


def _letters(draws: _Draws) -> tuple[str, str] | None:
    """Codes in capitals beside codes in small letters."""

    def case(value: str) -> str:
        if value.isupper():
            return "capitals"
        return "small letters" if value.islower() else "letters of both kinds"

    ours, theirs = (
        tuple(one for one in side if any(map(str.isalpha, one))) for side in draws.sides
    )
    if draws.are_numbers or not (ours and theirs):
        return None
    if not all(map(_CODE.fullmatch, (*ours, *theirs))):
        return None
    return _parted((ours, theirs), case)


def _length(draws: _Draws) -> tuple[str, str] | None:
    """Codes of six signs beside codes of five; what is counted grows by itself."""
    values = (*draws.sides[0], *draws.sides[1])
    if draws.are_numbers or min(map(len, values)) < _SHORTEST_CODE:
        return None
    if all(map(_DIGITS.fullmatch, values)):
        if not draws.is_whole or not all(map(_are_drawn, draws.sides)):
            return None
        return _parted(draws.sides, _signs)
    if not draws.shared or not all(map(_CODE.fullmatch, values)):
        return None
    stems = [{_DIGITS.sub("", one) for one in side} for side in draws.sides]
    if draws.rounds > 1 and min(map(len, stems)) < 2:
        return None
    return _parted(draws.sides, _signs)


def _signs(value: str) -> str:
    return f"{len(value)} signs"


def _are_drawn(values: Values) -> bool:
    """Whether digits are none that count on, nor those of what is measured: these are alike."""
    numbers = [*map(int, values)]
    is_counted = any(all(sign * a < sign * b for a, b in pairwise(numbers)) for sign in (1, -1))
    return not is_counted and max(numbers) > 2 * min(numbers)


def _beginning(draws: _Draws) -> tuple[str, str] | None:
    """Codes that begin with ``INV`` beside codes that do not."""
    return _told_by_letters(draws, "begins with {}", _letters_in_front)


def _ending(draws: _Draws) -> tuple[str, str] | None:
    """Numbers that end in ``DE`` beside numbers that do not."""
    if not all(map(_LONG_NUMBER.match, (*draws.sides[0], *draws.sides[1]))):
        return None

    def at_the_end(values: Sequence[str]) -> str:
        return _letters_in_front([one[::-1] for one in values])[::-1]

    return _told_by_letters(draws, "ends in {}", at_the_end)


def _told_by_letters(
    draws: _Draws, words: str, shared: Callable[[Sequence[str]], str]
) -> tuple[str, str] | None:
    """Return the letters that all codes of a side share, where those of the other side do not.

    At least half of them have a digit: of names and words nothing is known.
    """
    values = (*draws.sides[0], *draws.sides[1])
    if draws.are_numbers or draws.may_be_of_others:
        return None
    is_one = min(map(len, draws.sides)) < 2
    if not all(map((_PARTED if is_one else _CODE).fullmatch, values)):
        return None
    if 2 * sum(map(bool, map(_DIGIT.search, values))) < len(values):
        return None
    ours, theirs = map(shared, draws.sides)
    for letters, others in ((ours, draws.sides[1]), (theirs, draws.sides[0])):
        if letters and all(shared((letters, one)) != letters for one in others):
            return words.format(ours or "any sign"), words.format(theirs or "any sign")
    return None


def _letters_in_front(values: Sequence[str]) -> str:
    """Return the letters that values begin with, where no more than digits are alike behind them:
    what a process drew for all of its codes (``Xk3abDE-000012``) is no rule.
    """
    found = commonprefix([*values])  # noqa: RUF071 - signs of a code, not paths
    letters = found[: next((at for at, sign in enumerate(found) if not sign.isalpha()), len(found))]
    return letters if (found[len(letters) :] or "0").isdigit() else ""


def _extension(draws: _Draws) -> tuple[str, str] | None:
    """Names of pictures that end in ``.png`` beside those that end in ``.jpg``."""

    def ending(value: str) -> str | None:
        found = _FILE.fullmatch(value)
        return found and f"ends in .{found[1]}"

    return _parted(draws.sides, ending)


def _zeros(draws: _Draws) -> tuple[str, str] | None:
    """Digits that are filled up with zeros to one length beside those that are not."""
    if draws.are_numbers or not all(map(_DIGITS.fullmatch, (*draws.sides[0], *draws.sides[1]))):
        return None

    def filled(side: Values, other: Values) -> bool:
        lengths = {*map(len, side)}
        begins = [
            any(one.startswith("0") and len(one) > 1 for one in each) for each in (side, other)
        ]
        return begins == [True, False] and len(lengths) == 1 and min(map(len, other)) < max(lengths)

    words = "filled up with zeros", "not filled up"
    if filled(*draws.sides):
        return words
    return words[::-1] if filled(*draws.sides[::-1]) else None


def _blank(draws: _Draws) -> tuple[str, str] | None:
    """Texts with a blank at an end beside texts without; columns of a table are filled up."""

    def bare(value: str) -> str:
        return "no blank at its ends" if value == value.strip() else "a blank at an end"

    return _parted(draws.sides, bare) if draws.is_whole and not draws.are_numbers else None


def _sign(draws: _Draws) -> tuple[str, str] | None:
    """Numbers above 0 beside numbers below."""

    def sign(value: str) -> str | None:
        number = number_of(value.encode())
        return None if not number else f"{'below' if number < 0 else 'above'} 0"

    return _parted(draws.sides, sign) if draws.are_numbers else None


def _alphabet(draws: _Draws) -> tuple[str, str] | None:
    """Base64 of the one alphabet beside that of URLs: one value alone may have neither's signs."""
    if not all(map(_IN_BASE64.fullmatch, (*draws.sides[0], *draws.sides[1]))):
        return None
    ours, theirs = ({*"+/-_"} & {*"".join(side)} for side in draws.sides)
    for one, other, words in (
        (ours, theirs, ("base64", "base64 of URLs")),
        (theirs, ours, ("base64 of URLs", "base64")),
    ):
        if one and other and one <= {*"+/"} and other <= {*"-_"}:
            return words
    return None


def _notation(draws: _Draws) -> tuple[str, str] | None:
    """Durations as ISO 8601 has them beside those in units, or as a clock."""

    def notation(value: str) -> str | None:
        if format_of(value) not in ("duration", "time"):
            return None
        if value.startswith("P"):
            return "a duration as ISO 8601"
        return "a duration as a clock" if ":" in value else "a duration in units"

    return None if draws.are_numbers else _parted(draws.sides, notation)


def _unit(draws: _Draws) -> tuple[str, str] | None:
    """Durations in another unit, or with more places, that take as long, or are as great a number.

    What took long is told in greater units by itself.
    """
    if draws.are_numbers:
        return None
    found = [[_DURATION.fullmatch(value) for value in side] for side in draws.sides]
    if not all(one and one[4].lower() in _UNITS for side in found for one in side):
        return None
    bare = [[Decimal(one[1]) for one in side if one] for side in found]
    took = [[Decimal(one[1]) * _UNITS[one[4].lower()] for one in side if one] for side in found]
    if draws.are_enough and not (_overlap(*bare) or _overlap(*took)):
        return None

    def unit(value: str) -> str | None:
        one = _DURATION.fullmatch(value)
        return one and f"a duration in{one[3] or ' '}{one[4]}"

    places = ({len(one[2] or "") for one in side if one} for side in found)
    return _parted(draws.sides, unit) or _apart("a duration", *places)


def _overlap(
    ours: Sequence[Decimal], theirs: Sequence[Decimal], *, step: Decimal = Decimal(0)
) -> bool:
    return min(ours) <= max(theirs) + step and min(theirs) <= max(ours) + step


def _places(draws: _Draws) -> tuple[str, str] | None:
    """Numbers as great that one side tells to more places, in every case."""
    found = [
        [number_of(one.encode("utf-8", "surrogatepass")) for one in side] for side in draws.sides
    ]
    ours, theirs = ([one for one in side if one is not None] for side in found)
    if not draws.are_numbers or [len(ours), len(theirs)] != [*map(len, found)]:
        return None
    step = max(Decimal(1).scaleb(-_places_of(one.normalize())) for one in (*ours, *theirs))
    if draws.are_enough and not _overlap(ours, theirs, step=step):
        return None
    return _apart("a number", *({*map(_places_of, side)} for side in (ours, theirs)))


def _apart(what: str, ours: set[int], theirs: set[int]) -> tuple[str, str] | None:
    """Return to how many places each side tells something, where no value of one has as many as
    any of the other.
    """
    if max(ours) >= min(theirs) and max(theirs) >= min(ours):
        return None
    return f"{what} to {_range(ours)} places", f"{what} to {_range(theirs)} places"


def _places_of(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _range(counts: set[int]) -> str:
    return f"{min(counts)} to {max(counts)}" if len(counts) > 1 else str(*counts)


_RULES: Final = (_unit, _places, _letters, _zeros, _length, _beginning, _ending)
_CHOICES: Final = (_notation, _sign, _extension, _blank, _alphabet)
