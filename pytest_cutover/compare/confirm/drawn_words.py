"""Words that a baseline draws from a few: a candidate that draws another one is not seen by type.

A greeting, a tip of the day or a state of the weather is another word in each round, and held to
being a text. Rounds tell more: words are draws, and a word that the candidate shows again and again
and the baseline never is none of the baseline's, unless by chance. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Final

from pytest_cutover.compare.diff.numbers import Numbers, WordPlace

# What comes and goes is asked for longer: a baseline that tosses a coin shows one side of it in
# twelve rounds once in 2,048 times.
ROUNDS_OF_CHANCE: Final = 12
_ALPHA: Final = 0.01
NEVER_DRAWN: Final = "the candidate says a word that the baseline was never seen to say here"


@dataclass(frozen=True, slots=True)
class Draws:
    """The words of one place over the rounds, by side."""

    baseline: tuple[str, ...]
    candidate: tuple[str, ...]

    @property
    def most_foreign(self) -> int:
        """How often the candidate shows the word that it shows most often of those that the
        baseline does not.
        """
        known = set(self.baseline)
        counts = Counter(word for word in self.candidate if word not in known)
        return max(counts.values(), default=0)

    def chance(self) -> float:
        """Return how likely that is where both draw from the same words.

        Fisher's exact test, one-sided: that all of `most_foreign` equal draws are the candidate's.
        """
        count, theirs = self.most_foreign, len(self.candidate)
        return comb(theirs, count) / comb(theirs + len(self.baseline), count)


def _draws(numbers: Sequence[Numbers]) -> dict[WordPlace, Draws]:
    """Return the words of each place that every round showed."""
    places = set.intersection(*(set(one.words) for one in numbers))
    found = {}
    for place in places:
        pairs = [pair for one in numbers for pair in one.words[place]]
        ours, theirs = zip(*pairs, strict=True)
        found[place] = Draws(tuple(ours), tuple(theirs))
    return found


def judged(numbers: Sequence[Numbers]) -> tuple[list[WordPlace], list[WordPlace]]:
    """Return the places where more rounds would tell, and those where the candidate's words are
    none of the baseline's.
    """
    rounds = len(numbers)
    unknown: list[WordPlace] = []
    foreign: list[WordPlace] = []
    for place, drawn in sorted(_draws(numbers).items()):
        often = 2 * drawn.most_foreign >= len(drawn.candidate) > 0
        if drawn.most_foreign and drawn.chance() <= _ALPHA:
            foreign.append(place)
        elif often and rounds < ROUNDS_OF_CHANCE:
            unknown.append(place)
    return unknown, foreign
