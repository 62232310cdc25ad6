"""What the baseline was seen to do to itself accuses no candidate, in whatever test. Pure.

The rounds of one test tell a difference from chance where chance shows itself there. Two sides that
answer otherwise once in fifty times contradict themselves in some tests and each other in others:
so what is known of the baseline is gathered over the whole run.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pytest_cutover.compare.diff.account import UNSTEADY, Fate
from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.truncate import HIDDEN_ALIKE
from pytest_cutover.compare.evidence.baseline_flakiness import of_any_method, with_values
from pytest_cutover.core.evidence import DifferenceEvidence, TestEvidence

# What comes and goes by chance does so in every round of some test. A value that varies may be one
# of its test: in another test, and always, it is a difference, unless it goes between the same two.
_COME_AND_GO = frozenset(
    map(str, (Kind.ADDED, Kind.MISSING, Kind.HEADER_ADDED, Kind.HEADER_MISSING, Kind.ORDER))
)
DEPARTS = "the baseline departs from itself"


def without_wavering(tests: Iterable[TestEvidence]) -> list[TestEvidence]:
    """Return the tests without the differences that the baseline showed against itself in this run.

    A test that loses one has no answer: `inconclusive` says where the baseline wavers.
    """
    known = list(tests)
    wavering = frozenset(key for one in known for key in one.wavering)
    return [_doubted(one, wavering) for one in known] if wavering else known


def _doubted(one: TestEvidence, wavering: frozenset[str]) -> TestEvidence:
    doubtful = [entry for entry in one.differences if _by_chance(entry, wavering)]
    if not doubtful:
        return one
    places = sorted({(entry.endpoint, entry.pointer) for entry in doubtful})
    endpoint, pointer = places[0]
    endpoints = dict.fromkeys(at for at, _ in places)
    more = f" and {len(places) - 1} more places" if len(places) > 1 else ""
    why = (
        f"{DEPARTS} in this run, as the candidate from it, at "
        f"{endpoint} {pointer or 'the answer'}{more}"
    )
    return replace(
        one,
        differences=tuple(entry for entry in one.differences if entry not in doubtful),
        inconclusive=one.inconclusive or why,
        account=(*one.account, *((at, str(Fate.OPEN), UNSTEADY, 1) for at in endpoints)),
    )


def _by_chance(entry: DifferenceEvidence, wavering: frozenset[str]) -> bool:
    if entry.accepted is not None:
        return False
    if entry.unstable and of_any_method(entry.signature) in wavering:
        return True
    if entry.unstable or entry.kind in _COME_AND_GO:
        return entry.signature in wavering
    if HIDDEN_ALIKE in entry.candidate:
        return False  # two secrets look as any other two do
    return with_values(entry.signature, entry.baseline, entry.candidate) in wavering
