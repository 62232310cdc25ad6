"""Of which tests a report shows what both sides said: the worst findings first, and bounded."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from pytest_cutover.compare.evidence.exchanges import (
    FOLDER,
    MOST_TESTS,
    UNDECIDED,
    reasons_of,
    verdict_of,
    why_of,
)
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.core.nodeid import without_side
from pytest_cutover.core.plain_json import typed
from pytest_cutover.report.model import Finding, GateVerdict, TestExchanges

#: Tests that a report shows for one finding.
_TESTS_OF_A_FINDING: Final = 2
#: Characters of all that a report shows.
MOST_CHARACTERS: Final = 1_000_000


def read_exchanges(directory: Path) -> Mapping[str, TestExchanges]:
    """Return what this run's processes have kept, by tests."""
    found = {}
    for path in sorted((directory / FOLDER).glob("*.json")):
        with contextlib.suppress(OSError, ValueError):
            one = typed(json.loads(path.read_text("ascii")), TestExchanges)
            found[one.test] = one
    return found


def chosen(
    tests: Iterable[TestEvidence], kept: Mapping[str, TestExchanges], findings: Iterable[Finding]
) -> tuple[tuple[TestExchanges, ...], int]:
    """Return the tests whose exchanges a report shows, and how many others there are.

    Each finding that nobody accepted has one of its tests shown, the worst first; then come those
    that are undecided, then the rest, while there is room.
    """
    wanted = {one.test: one for one in tests if reasons_of(one)}
    room = MOST_CHARACTERS
    found: dict[str, TestExchanges] = {}
    shown: Counter[str] = Counter()
    for test in _in_order(wanted, kept, findings):
        reasons = [one for one in reasons_of(wanted[test]) if one != UNDECIDED]
        enough = reasons and all(shown[one] >= _TESTS_OF_A_FINDING for one in reasons)
        size = _characters(kept[test])
        if test not in found and len(found) < MOST_TESTS and size <= room and not enough:
            room -= size
            shown.update(reasons)
            # What the whole run shows may have left a test undecided that differed when it ended.
            verdict, why = verdict_of(wanted[test]), why_of(wanted[test])
            found[test] = replace(kept[test], verdict=verdict, why=why)
    return tuple(found.values()), len(wanted.keys() - found.keys())


def _in_order(
    wanted: Collection[str], kept: Mapping[str, TestExchanges], findings: Iterable[Finding]
) -> Iterator[str]:
    for finding in findings:
        if finding.accepted is None:
            names = (without_side(nodeid) for nodeid in finding.nodeids)
            yield from [name for name in names if name in wanted and name in kept][:1]
    rest = sorted(name for name in kept if name in wanted)
    yield from (name for name in rest if kept[name].verdict is GateVerdict.INCONCLUSIVE)
    yield from rest


def _characters(one: TestExchanges) -> int:
    return sum(
        len(text)
        for pair in one.pairs
        for both in (pair.request, pair.response)
        for text in (both.baseline, both.candidate)
    )
