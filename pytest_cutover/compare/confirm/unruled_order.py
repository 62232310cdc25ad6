"""Words in an order that no rule explains: that of a hash seed looks like it. Pure.

A set of roles or scopes stands in one order as long as a process lives, and in another in the next
one. A second process tells; where there is none to ask, such an order is neither equal nor another.
It is one of words alone, that the test did not send, and chance has to be able to make it: four
words in reverse, or sorted by the candidate alone, are the work of somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.process_places import (
    pointers_of,
    rearranged,
    value_at,
    without,
)
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.ids.drawn_order import holds_code
from pytest_cutover.core.exchange import OF_THE_LOGIN, Transcript
from pytest_cutover.normalize.normalized import normalize
from pytest_cutover.normalize.substitution import MARKER

UNTOLD: Final = (
    "an order by hash seed is another one in each process; twin_url in [targets.NAME.baseline] "
    "names a second process that would tell"
)
_FEWEST_IN_ORDER: Final = 4


def in_no_order(one: Difference, rounds: Sequence[Round]) -> bool:
    """Whether both sides show the same things in another order, and the baseline's has no rule.

    Two or three words stand in their order by chance; a list of words is written with commas, too.
    """
    base, cand = _both(one, rounds[-1])
    return bool(base) and rearranged(base, cand) and _has_no_rule(base)


def by_seed(one: Difference, rounds: Sequence[Round]) -> bool:
    """Whether an order by hash seed would look like a difference, so that no round tells."""
    if one.kind not in {Kind.ORDER, Kind.HEADER_VALUE} or not in_no_order(one, rounds):
        return False
    base, cand = _both(one, rounds[-1])
    if not all(map(_is_word, base)) or len(set(base)) < len(base):
        return False
    if len(base) >= _FEWEST_IN_ORDER and (cand == base[::-1] or _is_sorted(cand)):
        return False
    sent = _sent(rounds[-1].baseline)
    return not all(word in sent for word in base)


def left_open(judged: Judged, asked: Iterable[Difference], rounds: Sequence[Round]) -> Judged:
    """Return the judgement with orders open that a second process would tell: there is none.

    `asked` are the differences that nobody accepted.
    """
    untold = [one for one in asked if one.signature not in judged.unstable and by_seed(one, rounds)]
    return without(judged, untold, UNTOLD)


def _both(one: Difference, last: Round) -> tuple[list[Any], list[Any]]:
    """Return the rows of both sides at a place; none where there are none."""
    views = normalize(last.baseline), normalize(last.candidate)
    for where in pointers_of(one):
        base, cand = (_listed(value_at(view, one, where)) for view in views)
        if base is not None and cand is not None:
            return base, cand
    return [], []


def _listed(value: Any) -> list[Any] | None:
    if isinstance(value, str) and "," in value:
        return [word.strip() for word in value.split(",")]
    return value if isinstance(value, list) else None


def _is_word(row: Any) -> bool:
    """Whether it is a name that no test made up, and no sentence, number or time.

    A role may be named for the user who logged in (``account:anna``), whose name the login made.
    """
    if not isinstance(row, str) or holds_code(row):
        return False
    name = MARKER.sub(lambda found: "a" if OF_THE_LOGIN in found[0] else "", row)
    return name[:1].isalpha() and len(name.split()) == 1


def _sent(transcript: Transcript) -> str:
    """Return what a test asked for and sent, as text."""
    asked = (one.request for one in transcript.exchanges)
    return "\n".join(f"{one.target} {one.body.decode('utf-8', 'replace')}" for one in asked)


def _has_no_rule(rows: list[Any]) -> bool:
    """Whether rows are in the order of no member, and words in that of none."""
    if all(isinstance(row, str) for row in rows):
        return len(rows) < _FEWEST_IN_ORDER or not _is_sorted(rows)
    if not all(isinstance(row, dict) for row in rows):
        return False
    names = set.intersection(*(set(row) for row in rows))
    return not any(_is_sorted([row[name] for row in rows]) for name in names)


def _is_sorted(values: list[Any]) -> bool:
    """Whether scalars that are not all the same go up, or down; numbers as such."""
    if not all(isinstance(value, str | bytes) for value in values) or len(set(values)) < 2:
        return False
    try:
        keys = [float(one) if isinstance(one, bytes) else one.casefold() for one in values]
        return keys in (sorted(keys), sorted(keys, reverse=True))
    except (TypeError, ValueError):
        return False
