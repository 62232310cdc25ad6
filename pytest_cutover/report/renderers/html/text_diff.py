"""Which part of two texts differs: what the page marks.

Lines first, then the differing middle of each pair of lines. Bounded: texts are cut before they
come here, and lines that do not pair up are marked whole.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import takewhile

#: A text in pieces: (text, is it the part that differs?).
Marked = tuple[tuple[str, bool], ...]

_LINES = 400


def mark(baseline: str, candidate: str) -> tuple[Marked, Marked]:
    """Both texts in pieces; joined again they are the texts, with `\\n` between lines."""
    left, right = baseline.split("\n"), candidate.split("\n")
    if len(left) == 1 and len(right) == 1:
        one, two = _middle(baseline, candidate)
        return tuple(one), tuple(two)
    if max(len(left), len(right)) > _LINES:
        return ((baseline, False),), ((candidate, False),)
    return _lines(left, right)


def _lines(left: list[str], right: list[str]) -> tuple[Marked, Marked]:
    ours: list[tuple[str, bool]] = []
    theirs: list[tuple[str, bool]] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "replace" and b - a == d - c:
            for one, two in zip(left[a:b], right[c:d], strict=True):
                mine, other = _middle(one, two)
                ours += [*mine, ("\n", False)]
                theirs += [*other, ("\n", False)]
            continue
        ours += [(line + "\n", tag != "equal") for line in left[a:b]]
        theirs += [(line + "\n", tag != "equal") for line in right[c:d]]
    return _without_last_newline(ours), _without_last_newline(theirs)


def _middle(one: str, two: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Split off what both begin and end with; if little is shared, the whole is marked."""
    if one == two:
        return [(one, False)], [(two, False)]
    start = _shared(one, two)
    rest = min(len(one), len(two)) - start
    end = min(_shared(one[::-1], two[::-1]), rest)
    return _pieces(one, start, end), _pieces(two, start, end)


def _shared(one: str, two: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False)))


def _pieces(text: str, start: int, end: int) -> list[tuple[str, bool]]:
    stop = len(text) - end
    parts = [(text[:start], False), (text[start:stop], True), (text[stop:], False)]
    return [part for part in parts if part[0]]


def _without_last_newline(pieces: list[tuple[str, bool]]) -> Marked:
    if not pieces:
        return ()
    last, changed = pieces[-1]
    return (*pieces[:-1], (last[:-1], changed))
