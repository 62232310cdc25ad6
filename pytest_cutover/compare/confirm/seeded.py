"""What both sides answered to the seed of a suite, which cannot be asked a second time. Pure.

Nothing shows what varies, so a value that differs accuses nobody. One that is random, or the time
at which it was given, is held to that form; any other is left open.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.sharing import CONTRADICTED
from pytest_cutover.compare.diff.account import Account, Fate
from pytest_cutover.compare.diff.difference import Difference, Kind, wildcard
from pytest_cutover.compare.noise import clock, formats
from pytest_cutover.compare.noise.model import UnsteadyBaseline
from pytest_cutover.core.exchange import READS, Exchange, Transcript

HEARD_ONCE: Final = "a seed is asked once, so whether this varies by itself is not known"
MAY_BE_SHARED: Final = (
    "the candidate was asked second, of the same data? shared_state in the target says so, or not"
)
ASKED_SECOND: Final = "the candidate was asked second, of the same data"
# What a backend says to a row that is there already.
_THERE_ALREADY: Final = frozenset({200, 400, 409, 422})
_VALUES: Final = frozenset({Kind.VALUE, Kind.HEADER_VALUE, Kind.ORDER})
_IN_A_LIST: Final = re.compile(r"/\d+(?:/|$)")


def judged(said: Round, rulebook: Rulebook) -> Judged:
    """Return what the seed showed.

    Where both sides may have the same data, the first of them has changed what the second finds:
    what is read is left to the tests, and lists in answers to writes, and a write of which the
    candidate alone says that its row is there, accuse nobody.
    """
    apart = rulebook.shared_state is False
    said = said if apart else Round(*map(_writes, (said.baseline, said.candidate)))
    found = _compared(said, rulebook)
    there = frozenset() if apart else _there_already(said)
    account = Account(found.account.places.copy(), dict(found.account.open))
    kept = []
    for one in found.differences:
        before, _, after = one.change.partition(" → ")
        if one.exchange in there or (not apart and _grows(one)):
            _set_aside(one, rulebook, account)
        elif one.kind not in _VALUES or before != after:
            kept.append(one)
        elif _is_given_anew(one, said):
            account.retract(one.endpoint, Fate.DIFFERENT)
            account.note(one.endpoint, Fate.CONSTRAINED, before)
        else:
            account.retract(one.endpoint, Fate.DIFFERENT)
            account.leave_open(one.endpoint, wildcard(one.pointer), HEARD_ONCE)
    return replace(found, differences=tuple(kept), account=account, first=said)


def _compared(said: Round, rulebook: Rulebook) -> Judged:
    """Compare as if each side had ids of its own: it has, of what it was asked to make."""
    apart = replace(rulebook, shared_state=False)
    try:
        found = judge([said], apart.beside((said.baseline, said.baseline)))
    except UnsteadyBaseline as error:
        return Judged((), inconclusive=str(error))
    if rulebook.shared_state is not False and found.inconclusive == CONTRADICTED:
        return replace(found, inconclusive=None)
    return found


def _set_aside(one: Difference, rulebook: Rulebook, account: Account) -> None:
    account.retract(one.endpoint, Fate.DIFFERENT)
    if rulebook.shared_state is None:
        account.leave_open(one.endpoint, wildcard(one.pointer), MAY_BE_SHARED)
    else:
        account.note(one.endpoint, Fate.WAIVED, ASKED_SECOND)


def _is_given_anew(one: Difference, said: Round) -> bool:
    """Whether two values are random, or the times at which they were given."""
    if not one.values or one.kind is Kind.ORDER:
        return False
    texts = [value.strip('"') for value in one.values[0]]
    if all(formats.has_identity(formats.format_of(text)) for text in texts):
        return True
    sides = (said.baseline.exchanges[one.exchange], said.candidate.exchanges[one.exchange])
    spans = [(each.started_s, each.ended_s) for each in sides]
    return all(clock.reads(text, *span) for text, span in zip(texts, spans, strict=True))


def _grows(one: Difference) -> bool:
    """Whether a difference is one of rows, of which the second side may find more."""
    listed = _IN_A_LIST.search(one.pointer) and not one.pointer.startswith("/headers/")
    return bool(listed) or one.kind in (Kind.LENGTH, Kind.ORDER)


def _writes(side: Transcript) -> Transcript:
    asked = (one for one in side.exchanges if one.request.method not in READS)
    return replace(side, exchanges=tuple(asked))


def _there_already(said: Round) -> frozenset[int]:
    """Return the writes that the baseline took, and of which the candidate says that there is
    nothing to write.
    """
    pairs = enumerate(zip(said.baseline.exchanges, said.candidate.exchanges, strict=False))
    return frozenset(
        at
        for at, (one, other) in pairs
        if _status(one) in (201, 204, 200, 202)
        and _status(one) != _status(other)
        and _status(other) in _THERE_ALREADY
    )


def _status(one: Exchange) -> int:
    return one.response.status if one.response is not None else 0
