"""Two turns of the baseline with no candidate in between, and two of the candidate after them.

Where a number is the same on both sides though each of them adds to it, the data of the two may be
two databases, or the candidate's write is not seen: such turns tell.

And where it may have been rounded: each round asks both sides once. Where a test moves a number of
one database by a half, the side that is asked first rounds up in every round and the other down, as
if one of them did not count. Two turns of the same side tell: they do the same, or one of them
rounds up and the other down.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from pytest_cutover.compare.confirm import own_write, steps_within
from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.movement import numbers_in
from pytest_cutover.compare.confirm.process_places import View, value_at
from pytest_cutover.compare.confirm.pytest_rerun import run_item
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.account import Account, Fate, OpenPlace
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.normalized import normalize

_ROUNDED = "rounded, and in another way by each turn of the baseline"


def with_baseline_alone(
    judge: Judge,
    case: TestState,
    judged: Judged,
    items: tuple[pytest.Item, pytest.Item],
    tell: Callable[[Round], None],
) -> Judged:
    """Return the judgement after two more turns of the baseline, where something was open for one.

    `items` are those of the baseline and the candidate; `tell` is given what they wrote.
    """
    if not (judged.by_one_unit or judged.equal):
        return judged
    turns = [*[items] * 2, *[items[::-1]] * 2]  # as many, so that the data of both sides grow alike
    heard = [heard_again(case, *pair) for pair in turns]
    for ours, theirs in zip(heard[:2], heard[2:], strict=True):
        if ours is not None and theirs is not None:
            tell(one := Round(ours, theirs))
            judged = judge.beside(case, judged, one)
    if None in heard:
        return judged
    return told(judged, [case.rounds[-1].candidate, *filter(None, heard)])


def heard_again(case: TestState, item: pytest.Item, other: pytest.Item) -> Transcript | None:
    """Run the test on one side once more, unreported and beside the rounds."""
    kept = case.confirming, case.baseline, case.baseline_failed, case.last
    case.confirming, case.baseline, case.last = True, None, None
    try:
        run_item(item, other)
        return case.last.transcript if case.last is not None else case.baseline
    finally:
        case.confirming, case.baseline, case.baseline_failed, case.last = kept


def told(judged: Judged, heard: list[Transcript]) -> Judged:
    """Return the judgement with what was open for a rounding told, or held, and with what is equal
    though it must not be.

    `heard` are the candidate's last turn, two of the baseline after it, and two of the candidate.
    """
    views = [normalize(one) for one in heard]
    account = Account(judged.account.places.copy(), dict(judged.account.open))
    differences = list(judged.differences)
    for one in judged.by_one_unit:
        alone = _reads(views[:3], one)
        apart = steps_within.is_not_rounded(one, alone) if alone else None
        if apart is None:
            continue
        endpoint, pointer = one.difference.endpoint, one.difference.pointer
        account.open.pop(OpenPlace(endpoint, pointer, steps_within.OF_ONE_UNIT), None)
        account.retract(endpoint, Fate.OPEN, steps_within.OF_ONE_UNIT)
        account.note(endpoint, *((Fate.DIFFERENT, "") if apart else (Fate.CONSTRAINED, _ROUNDED)))
        differences += [one.difference] if apart else []
    known = {(one.exchange, one.pointer) for one in differences}
    for same in judged.equal:
        place = same.difference
        if (place.exchange, place.pointer) in known:
            continue
        shown = _numbers([value_at(view, place, place.pointer) for view in views], same.known)
        if shown and (departure := own_write.told(same, shown)):
            account.note(place.endpoint, Fate.DIFFERENT)
            differences.append(departure)
    return replace(judged, differences=tuple(differences), account=account)


def _reads(views: Sequence[View], one: steps_within.ByOneUnit) -> list[tuple[Decimal, Decimal]]:
    """Return what the test read before and after in each turn; nothing where that is not known."""
    places = replace(one.difference, exchange=one.first), one.difference
    shown = (
        _numbers([value_at(view, place, place.pointer) for view in views], known)
        for place, known in zip(places, one.known, strict=True)
    )
    return [*zip(*shown, strict=False)]


def _numbers(values: Sequence[Any], known: Decimal) -> list[Decimal]:
    """Return the number that values show which are the same but for their numbers, of which the
    first one's is `known`; nothing where it may be one of several.
    """
    shown = [numbers_in(value) for value in values if isinstance(value, str | bytes)]
    if len(shown) < len(values) or len({words for words, _ in shown}) > 1:
        return []
    found = {series for series in zip(*(numbers for _, numbers in shown), strict=True)
             if series[0] == known}  # fmt: skip
    return [*found.pop()] if len(found) == 1 else []
