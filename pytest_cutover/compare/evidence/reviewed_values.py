"""From a difference to the entry that covers it: the one place that asks for acceptance."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.evidence.explaining import explanation_of
from pytest_cutover.compare.noise import formats
from pytest_cutover.config.accepted import AcceptedDifferences
from pytest_cutover.config.transformation import (
    SAME_INSTANT,
    ValuePair,
    held_in,
    instant_s,
    transformations,
)
from pytest_cutover.core.seen_values import MOST_PAIRS, SeenValues, counted

_A_DAY = timedelta(days=1)
# Of which the signature says all there is, where what is in them is another thing in each round.
_PIECES = frozenset({Kind.ADDED, Kind.MISSING, Kind.HEADER_ADDED})
# What a load, a count or a stopwatch says: the next run says another.
_MEASURED = re.compile(r"[-+]?[\d.,]+(?:e-?\d+)?%?|.*\bdur=.*", re.ASCII | re.DOTALL)
# Where a value may be made by chance; elsewhere a steady one is what the backend means to say.
_MADE_UP = frozenset({Kind.TYPE, Kind.FORMAT, Kind.HEADER_VALUE})


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Asks the accepted differences, with values as entries have them: scrubbed."""

    accepted: AcceptedDifferences
    today: date
    scrub: Callable[[str], str]
    _scrubbed: dict[str, str] = field(default_factory=dict)

    def key_for(self, difference: Difference, test: str, scenario: str | None) -> str | None:
        """Return the key of the entry that covers a difference in a test, if there is one."""
        entry = self.accepted.covering(
            difference.signature,
            test,
            scenario,
            self.today,
            self.pairs(difference),
            self.explain(difference),
        )
        return entry.key if entry else None

    def explain(self, difference: Difference) -> str:
        """Return what was undone and left nothing of a difference; empty where nothing is known
        to.
        """
        return explanation_of(difference, self.pairs(difference))

    def seen(self, differences: Iterable[Difference]) -> SeenValues | None:
        """Return the values of differences with one signature; None where that says all there
        is.
        """
        valued = [one for one in differences if one.values]
        if not valued:
            return None
        every: set[tuple[str, str]] = set()
        listed: set[tuple[str, str]] = set()
        varying = False
        for one in valued:
            pairs = self.pairs(one)
            every |= {(pair.before, pair.after) for pair in pairs}
            held = _held_to(one, pairs) if pairs else None
            if held is not None:
                listed.add(held)
            elif one.kind in _PIECES:
                return SeenValues(varying=True)
            elif one.kind is Kind.LENGTH:
                listed |= {pair.counted for pair in pairs}
            else:
                varying = True
                listed |= {pair.listed for pair in pairs}
        if len(listed) > MOST_PAIRS:
            listed = {counted(pair) for pair in listed}
        return SeenValues(
            pairs=tuple(sorted(listed)[:MOST_PAIRS]),
            more=len(listed) > MOST_PAIRS,
            varying=varying,
            transformations=self._transformations(sorted(every)),
        )

    def _transformations(self, pairs: list[tuple[str, str]]) -> tuple[str, ...]:
        """Return what makes the candidate's values of the baseline's.

        Two sides that write the time of now are in one second by chance: that shows nothing.
        """
        names = transformations(pairs)
        if SAME_INSTANT in names and any(self._is_recent(before) for before, _ in pairs):
            return tuple(name for name in names if name != SAME_INSTANT)
        return names

    def _is_recent(self, text: str) -> bool:
        moment = instant_s(text)
        if moment is None:
            return False
        return abs(datetime.fromtimestamp(float(moment), UTC).date() - self.today) <= _A_DAY

    def pairs(self, difference: Difference) -> tuple[ValuePair, ...]:
        """Return the pairs of all rounds; none where a secret is all that differs."""
        found = []
        for before, after in difference.values:
            one, other = self._clean(before), self._clean(after)
            if one == other and (one != before or "<secret" in one):
                return ()
            found.append(ValuePair(one, other))
        return tuple(found)

    def _clean(self, text: str) -> str:
        if text not in self._scrubbed:
            self._scrubbed[text] = self.scrub(text)
        return self._scrubbed[text]


def _held_to(difference: Difference, pairs: tuple[ValuePair, ...]) -> tuple[str, str] | None:
    """Return what is the same in all rounds, the narrowest; None where nothing is."""
    is_steady = len(pairs) == 1 and not _is_made_up(difference, pairs[0])
    if difference.pointer.startswith("/headers/") and difference.kind in _PIECES:
        return _added_to(pairs, is_steady=is_steady)
    of_answer = difference.kind is Kind.STATUS  # with all its ids and times
    is_whole = of_answer or difference.kind in {Kind.LENGTH, *_PIECES}
    if is_steady and not is_whole:
        return pairs[0].listed
    of_text = of_answer or (difference.kind is Kind.FORMAT and difference.change.endswith("→ text"))
    ways: list[Callable[[ValuePair], tuple[str, str]]] = []
    if pairs[0].has_shape:
        if (held := held_in(pairs)) is not None:
            return held
        ways = [lambda pair: pair.numbered, lambda pair: pair.shape]
    if of_answer:
        ways.append(lambda pair: pair.answered)
    if of_text:
        ways.append(lambda pair: pair.form)
    for way in ways:
        if len({way(pair) for pair in pairs}) == 1:
            return way(pairs[0])
    return None


def _added_to(pairs: tuple[ValuePair, ...], *, is_steady: bool) -> tuple[str, str] | None:
    """Return what a header that came says in all rounds; None where the next run says another."""
    _, said = pairs[0].narrow
    if "<token" in said:  # what looks random may look so by chance
        return _common([pair.shape for pair in pairs]) if pairs[0].has_shape else None
    if is_steady and said == pairs[0].after:
        is_measured = _MEASURED.fullmatch(said) or formats.format_of(said) == "duration"
        return None if is_measured else pairs[0].listed
    if pairs[0].has_shape:
        return held_in(pairs)
    return _common([pair.answered for pair in pairs]) if said != pairs[0].after else None


def _common(told: list[tuple[str, str]]) -> tuple[str, str] | None:
    return told[0] if len(set(told)) == 1 else None


def _is_made_up(difference: Difference, pair: ValuePair) -> bool:
    """Whether the value is an id or a time, which the next run may have another of."""
    return difference.kind in _MADE_UP and any(
        formats.has_identity(formats.format_of(text)) or formats.instant_s(text) is not None
        for text in (pair.before, pair.after)
    )
