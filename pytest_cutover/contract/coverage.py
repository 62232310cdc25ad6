"""The family `coverage`: what of the contract was asked for at all, and by which test. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from pytest_cutover.config.checklist import CoverageTable
from pytest_cutover.contract.evidence import ContractEvidence
from pytest_cutover.contract.inputs import is_secret_input
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.openapi.document import ApiDocument
from pytest_cutover.report.model import Coverage, Gate, GateVerdict

_PASS, _FAIL, _OPEN = GateVerdict.PASS, GateVerdict.FAIL, GateVerdict.INCONCLUSIVE
_SHOWN = 8
_NODEIDS = 3


@dataclass(slots=True)
class _Cell:
    """One operation and status: who saw it, on which side."""

    tests: dict[str, str] = field(default_factory=dict)
    sides: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    scenarios: dict[str, None] = field(default_factory=dict)
    negative: bool = False


def coverage_contribution(
    document: ApiDocument,
    evidence: Sequence[ContractEvidence],
    tests: Iterable[TestEvidence],
    table: CoverageTable,
) -> Contribution:
    """Return the matrix of operations and statuses, and the gates on what is missing in it."""
    known = {one.nodeid: one for one in tests}
    cells = _cells(evidence, known)
    documented = [
        (str(operation.endpoint), response.status)
        for operation in document.operations
        for response in operation.responses.values()
        if response.status.isdecimal() and not response.status.startswith("5")
    ]
    asked = [cell for cell in documented if " ".join(cell) not in table.ignore]
    return Contribution(
        family="coverage",
        gates=(
            _statuses(asked, cells),
            _negative(asked, cells, table, known.values()),
            _varied(document, evidence, table),
        ),
        coverage=tuple(
            _row(cell, cells.get(cell, _Cell()), cell in documented)
            for cell in dict.fromkeys([*documented, *sorted(cells)])
        ),
        notes=(
            *(
                f"coverage of {cell} is not asked for: {reason}"
                for cell, reason in table.ignore.items()
            ),
            *_not_looked_at(document),
        ),
    )


def _cells(
    evidence: Iterable[ContractEvidence], known: Mapping[str, TestEvidence]
) -> dict[tuple[str, str], _Cell]:
    cells: dict[tuple[str, str], _Cell] = defaultdict(_Cell)
    for one in evidence:
        test = known.get(one.nodeid)
        for endpoint, status in dict.fromkeys(one.seen):
            cell = cells[endpoint, str(status)]
            cell.tests.setdefault(test.test if test else one.nodeid, one.nodeid)
            cell.sides[one.side] += 1
            if test is not None and test.marker == "negative":
                cell.negative = True
                if test.scenario:
                    cell.scenarios[test.scenario] = None
    return dict(cells)


def _row(cell: tuple[str, str], seen: _Cell, documented: bool) -> Coverage:
    return Coverage(
        endpoint=cell[0],
        status=cell[1],
        documented=documented,
        tests=len(seen.tests),
        scenarios=tuple(seen.scenarios),
        baseline=seen.sides.get("baseline", 0),
        candidate=seen.sides.get("candidate", 0),
        nodeids=tuple(seen.tests.values())[:_NODEIDS],
    )


def _statuses(asked: Sequence[tuple[str, str]], cells: Mapping[tuple[str, str], _Cell]) -> Gate:
    missing = [" ".join(cell) for cell in asked if cell not in cells]
    return Gate(
        id="coverage.statuses",
        code="CUT405",
        title="coverage",
        verdict=_OPEN if missing or not asked else _PASS,
        limit=f"{len(asked)} documented statuses",
        observed=f"{len(asked) - len(missing)} seen",
        message=f"seen on no side: {_listed(missing)}" if missing else "",
    )


def _negative(
    asked: Sequence[tuple[str, str]],
    cells: Mapping[tuple[str, str], _Cell],
    table: CoverageTable,
    tests: Iterable[TestEvidence],
) -> Gate:
    errors = [cell for cell in asked if cell[1].startswith("4")]
    missing = [" ".join(cell) for cell in errors if not (cell in cells and cells[cell].negative)]
    shown = [one for one in tests if one.marker == "negative" and one.requests]
    for wanted in table.scenarios:
        mine = [one for one in shown if wanted.endpoint in one.endpoints]
        if not any(
            wanted.scenario is None or fnmatchcase(one.scenario or "", wanted.scenario)
            for one in mine
        ):
            missing.append(f"{wanted.endpoint}: {wanted.scenario or 'any error'}")
    count = len(errors) + len(table.scenarios)
    return Gate(
        id="coverage.negative",
        code="CUT406",
        title="negative tests",
        verdict=_OPEN if missing else _PASS,
        limit=f"{count} documented errors and scenarios",
        observed=f"{count - len(missing)} shown",
        message=f"no negative test for {_listed(missing)}" if missing else "",
    )


def _varied(
    document: ApiDocument, evidence: Sequence[ContractEvidence], table: CoverageTable
) -> Gate:
    values: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in evidence:
        for endpoint, names in one.inputs.items():
            for name, digests in names.items():
                values[endpoint, name].update(digests)
    every = [
        (str(operation.endpoint), name)
        for operation in document.operations
        for name in operation.inputs
        if not is_secret_input(name)
    ]
    still = [f"{endpoint} {name}" for endpoint, name in every if len(values[endpoint, name]) < 2]
    required = table.varied == "require"
    return Gate(
        id="coverage.varied",
        code="CUT407",
        title="varied",
        verdict=_PASS if not still else _FAIL if required and evidence else _OPEN,
        required=required,
        place=still[0] if still else "",
        limit="every parameter and property",
        observed=f"{len(every) - len(still)} of {len(every)} varied",
        message=f"never varied: {_listed(still)}" if still else "",
    )


def _not_looked_at(document: ApiDocument) -> list[str]:
    """Tell inputs whose values are secrets: no trace of them is kept, not even a hash."""
    names = [
        f"{operation.endpoint} {name}"
        for operation in document.operations
        for name in operation.inputs
        if is_secret_input(name)
    ]
    return [f"whether it varied is not known of secrets: {_listed(names)}"] if names else []


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
