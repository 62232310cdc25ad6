"""How one value becomes another: the changes that an accepted difference can be bound to. Pure.

A change is recognised from pairs of values and holds for others: a price in cents, a number as
text, padded decimals. Values are told as they stand in `cutover-accepted.toml`: the text of a
string, the lexeme of a number, without quotes.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final
from urllib.parse import quote, unquote

from pytest_cutover.config import text_shapes
from pytest_cutover.core.seen_values import counted

FORMATS: Final = "formats"
"""Held to what its signature names: for ids, tokens and times, which are others in every run."""

SAME_INSTANT: Final = "same instant"
LONGEST: Final = 100
_BEGINNING: Final = 40
_NUMBER: Final = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?(?:[eE][+-]?\d{1,2})?", re.ASCII)
_DECIMAL: Final = re.compile(r"-?\d+(?:\.(\d+))?", re.ASCII)
_EPOCH: Final = re.compile(r"1\d{9}(?:\d{3})?(?:\.\d{1,9})?", re.ASCII)
_LEFT_OUT: Final = re.compile(r", <…> at (\d+(?: \d+)*)\)$")
_PADDED: Final = re.compile(r"padded to (\d{1,2}) decimals")
# What units differ by; another factor is a coincidence, or a fault.
_FACTORS: Final = (10, 100, 1000, 10_000, 1_000_000, 1_000_000_000, 60, 3600, 1024)
# One pair says little about a factor: 1 → 10 may be a count.
_DIGITS_OF_ONE_PAIR: Final = 3


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _same_number(before: str, after: str) -> bool:
    one, other = _number(before), _number(after)
    return one is not None and one == other


def _times(factor: int) -> Callable[[str, str], bool]:
    def multiplied(before: str, after: str) -> bool:
        one, other = _number(before), _number(after)
        return one is not None and other is not None and one * factor == other

    return multiplied


def _over(factor: int) -> Callable[[str, str], bool]:
    multiplied = _times(factor)
    return lambda before, after: multiplied(after, before)


def instant_s(text: str) -> Decimal | None:
    """Return the seconds since the epoch of a time, or of a number that is one by its size."""
    if _EPOCH.fullmatch(text):
        return Decimal(text) / (1000 if len(text.partition(".")[0]) == 13 else 1)
    if len(text) < 16 or not text[:4].isdigit():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Decimal(str(moment.timestamp()))


def _same_instant(before: str, after: str) -> bool:
    """Whether one is a time, and the other its seconds or milliseconds since the epoch."""
    one, other = instant_s(before), instant_s(after)
    counted = [_EPOCH.fullmatch(text) is not None for text in (before, after)]
    return one is not None and one == other and sum(counted) == 1


def _same_day(before: str, after: str) -> bool:
    """Whether one is a date and the other a time of that day."""
    day, moment = sorted((before, after), key=len)
    return len(day) == 10 and moment[:10] == day and moment[10:11] in ("T", " ")


_NAMED: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "same text, other type": lambda before, after: before == after,
    "same number": _same_number,
    "lower case": lambda before, after: before != after and before.lower() == after,
    "upper case": lambda before, after: before != after and before.upper() == after,
    "other case": lambda before, after: before != after and before.lower() == after.lower(),
    "trimmed": lambda before, after: before != after and before.strip() == after,
    "same day": _same_day,
    SAME_INSTANT: _same_instant,
    "HTML-escaped": lambda before, after: before != after and html.escape(before) == after,
    "HTML-unescaped": lambda before, after: before != after and html.unescape(before) == after,
    "percent-encoded": lambda before, after: before != after and quote(before) == after,
    "percent-decoded": lambda before, after: before != after and unquote(before) == after,
    "composed letters": lambda before, after: (
        before != after and unicodedata.normalize("NFC", before) == after
    ),
    "decomposed letters": lambda before, after: (
        before != after and unicodedata.normalize("NFD", before) == after
    ),
    **{f"×{factor}": _times(factor) for factor in _FACTORS},
    **{f"÷{factor}": _over(factor) for factor in _FACTORS},
}

NAMES: Final = (FORMATS, "padded to N decimals", *_NAMED, "renamed: OLD → NEW")


RELATIONS: Final = (
    "renamed",
    "naming",
    "wrapped in",
    "taken out of",
    "error format",
    "error status",
    "protocol",
)
"""What a comparison says of an answer as a whole: ``renamed: error → detail``."""


def is_relation(name: str) -> bool:
    """Whether a change is a relation, which a difference has or has not."""
    label, colon, what = name.partition(": ")
    return label in RELATIONS and bool(colon and what)


def is_known(name: str) -> bool:
    """Whether a change may stand in an entry."""
    named = name == FORMATS or name in _NAMED or _PADDED.fullmatch(name) is not None
    return named or is_relation(name)


def yields(name: str, before: str, after: str) -> bool:
    """Whether a change makes the one value of the other."""
    padded = _PADDED.fullmatch(name)
    if padded is not None:
        decimals = _DECIMAL.fullmatch(after)
        places = len((decimals and decimals[1]) or "")
        return places == int(padded[1]) and before != after and _same_number(before, after)
    return name in _NAMED and _NAMED[name](before, after)


def transformations(pairs: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """Return the changes that yield all pairs, the narrowest first."""
    if not pairs:
        return ()
    decimals = _DECIMAL.fullmatch(pairs[0][1])
    padded = (f"padded to {len(decimals[1])} decimals",) if decimals and decimals[1] else ()
    return tuple(name for name in (*padded, *_NAMED) if all(yields(name, *pair) for pair in pairs))


def is_shown(name: str, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether the pairs say so much about a change that it is no coincidence."""
    if name[0] not in "×÷":
        return True
    digits = {_digits(before) for before, _ in pairs}
    return len(digits) > 1 or any(len(one) >= _DIGITS_OF_ONE_PAIR for one in digits)


def _digits(number: str) -> str:
    """Return the digits of a number without sign, point, exponent, and zeros at either end."""
    return number.lower().partition("e")[0].lstrip("-").replace(".", "").strip("0")


@dataclass(frozen=True, slots=True)
class ValuePair:
    """A value of the baseline and what the candidate has in its place, both whole."""

    before: str
    after: str

    @property
    def told(self) -> str:
        """What the candidate has, with how far its times are off the baseline's."""
        return text_shapes.beside(self.before, self.after)

    @property
    def listed(self) -> tuple[str, str]:
        """The pair as it stands in an entry: a long text as its beginning and a digest."""
        return _listed(self.before), _listed(self.after)

    @property
    def narrow(self) -> tuple[str, str]:
        """The pair as listed, without what looks made up: other numbers and words stay."""
        return _listed(text_shapes.narrow(self.before)), _listed(text_shapes.narrow(self.told))

    def _is_held(self, known: tuple[str, str]) -> bool:
        """Whether it is a pair of `held_in`, but for the words that are left out there."""
        return any("<…>" in one for one in known) and all(
            _fits(one, text) for one, text in zip(known, (self.before, self.told), strict=True)
        )

    @property
    def numbered(self) -> tuple[str, str]:
        """The pair as `shape` has it, but for ids, and how far times are off."""
        before, after = map(text_shapes.numbered, (self.before, self.told))
        return _listed(before), _listed(after)

    @property
    def shape(self) -> tuple[str, str]:
        """The pair as listed, with ``<…>`` for each word that has a digit: ids, times, counts."""
        return _listed(text_shapes.broad(self.before)), _listed(text_shapes.broad(self.told))

    @property
    def has_shape(self) -> bool:
        """Whether something is left of both sides where those words are left out."""
        return all(
            text_shapes.broad(one).replace(text_shapes.ANY, "").strip()
            for one in (self.before, self.after)
        )

    @property
    def form(self) -> tuple[str, str]:
        """How the candidate's value is built, whatever the baseline's is."""
        return text_shapes.ANY, _listed(text_shapes.form(self.after))

    @property
    def answered(self) -> tuple[str, str]:
        """What the candidate says, without what looks made up, whatever the baseline says."""
        return text_shapes.ANY, self.narrow[1]

    @property
    def counted(self) -> tuple[str, str]:
        """Of items that are spare on one side, how many they are."""
        return counted((self.before, self.after))

    def is_yielded(self, change: str, values: Sequence[tuple[str, str]]) -> bool:
        """Whether it is what somebody reviewed: a listed pair, or what a change yields."""
        if change and yields(change, self.before, self.after):
            return True
        if self.listed in values or self.counted in values:
            return True
        shapes = (self.narrow, self.numbered, self.shape) if self.has_shape else ()
        if any(shape in values for shape in shapes):
            return True
        if self.form in values or self.answered in values:
            return True
        return self.has_shape and any(map(self._is_held, values))


def held_in(pairs: Sequence[ValuePair]) -> tuple[str, str] | None:
    """Return what the pairs of all rounds have in common, words left out in which they differ.

    None where nothing is left, or more than words with digits differs.
    """
    if not all(pair.has_shape for pair in pairs):
        return None
    sides = []
    for texts in ([pair.before for pair in pairs], [pair.told for pair in pairs]):
        if len({text_shapes.narrow(text) for text in texts}) == 1:
            sides.append(_listed(text_shapes.narrow(texts[0])))
        elif (found := text_shapes.held(texts)) is not None:
            sides.append(_listed_without(*found))
        else:
            return None
    return sides[0], sides[1]


def _fits(known: str, text: str) -> bool:
    """Whether a text is what is listed, but for the words that are left out there."""
    if "<…>" not in known:
        return _listed(text_shapes.narrow(text)) == known
    at = _LEFT_OUT.search(known)
    places = tuple(map(int, at[1].split())) if at else text_shapes.left_out_of(known)
    found = text_shapes.without_words(text, places)
    return any(_listed_without(one, places) == known for one in found)


def _listed_without(text: str, places: Sequence[int]) -> str:
    listed = _listed(text)
    if listed == text:
        return text
    return f"{listed[:-1]}, <…> at {' '.join(map(str, places))})"


@dataclass(frozen=True, slots=True)
class Binding:
    """What somebody saw of a difference besides its signature, and what it therefore holds for.

    A `change` that makes the one value of the other, or the listed pairs of `values`. With neither
    the signature says all there is.
    """

    change: str = ""
    values: tuple[tuple[str, str], ...] = ()

    def yields(self, pairs: Sequence[ValuePair], explanation: str = "") -> bool:
        """Whether a difference was seen: its values, a pair for each round, or its relation."""
        if self.change == FORMATS or not (self.change or self.values):
            return True
        if is_relation(self.change):
            return explanation == self.change and all(map(self._is_not_another, pairs))
        return bool(pairs) and all(pair.is_yielded(self.change, self.values) for pair in pairs)

    def _is_not_another(self, pair: ValuePair) -> bool:
        """Whether to what the baseline said then the candidate says what it said then."""
        known = (text_shapes.ANY, pair.narrow[0], pair.numbered[0], pair.shape[0])
        return pair.is_yielded("", self.values) or all(
            before not in known for before, _ in self.values
        )


def _listed(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    digest = hashlib.blake2s(text.encode("utf-8", "backslashreplace"), digest_size=8).hexdigest()
    return f"{text[:_BEGINNING]}… ({len(text)} characters, {digest})"
