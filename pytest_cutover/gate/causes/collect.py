"""Findings that one explanation was proven for are one cause; every other finding is its own.

Pure. A verdict never depends on what is grouped here: gates count findings, screens show causes.
An explanation is proven where the difference was found (`Finding.explanation`), so that each
finding carries its own proof, and one finding more never changes what another belongs to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from pytest_cutover.core import json_pointer
from pytest_cutover.core.nodeid import without_side
from pytest_cutover.gate.causes.words import suggestion_of, title_of
from pytest_cutover.report.model import Accepted, Cause, ContractViolation, Finding
from pytest_cutover.report.truncation import total


def causes_of(
    findings: Sequence[Finding],
    *,
    violations: Iterable[ContractViolation] = (),
    failing: Collection[str] = (),
    target: str = "",
) -> tuple[Cause, ...]:
    """Return the causes of the findings that nobody accepted: each is in exactly one. The worst
    first.

    `findings` have their severity, and stand in their order. `violations` of the contract are told
    by the cause that they are a consequence of, and so are tests that are `failing` by their own
    assertions (node ids). `target` has a table in the configuration, where it is not empty.
    """
    groups: dict[str, list[Finding]] = {}
    agreed: dict[str, Accepted] = {}
    for one in findings:
        if one.accepted is not None and one.explanation:
            agreed.setdefault(one.explanation, one.accepted)
        elif one.accepted is None:
            groups.setdefault(one.explanation or one.id, []).append(one)
    told = Consequences(violations)
    tests = frozenset(map(without_side, failing))
    found = [
        replace(
            _cause(key, members, agreed.get(key), told, tests),
            suggestion=suggestion_of(members, target),
        )
        for key, members in groups.items()
    ]
    return tuple(sorted(found, key=rank))


def rank(cause: Cause) -> tuple[object, ...]:
    """Return what the order of causes is: the worst, what was accepted and grew, then the
    widest.
    """
    reach = (-len(cause.endpoints), -cause.tests, -cause.occurrences)
    return (cause.severity, cause.accepted is None, *reach, cause.title, cause.id)


def of_explanation(explanation: str) -> str:
    """Return the id of a cause: 8 hex digits, the same in every run."""
    return hashlib.sha256(f"cause\0{explanation}".encode("utf-8", "backslashreplace")).hexdigest()[
        :8
    ]


def _cause(
    key: str,
    members: Sequence[Finding],
    agreed: Accepted | None,
    consequences: Consequences,
    failing: frozenset[str],
) -> Cause:
    explanation = members[0].explanation
    tests = {without_side(nodeid) for one in members for nodeid in one.nodeids}
    return Cause(
        id=of_explanation(key) if explanation else members[0].id,
        title=title_of(members),
        explanation=explanation,
        severity=min(one.severity for one in members),
        findings=tuple(one.id for one in members),
        endpoints=tuple(dict.fromkeys(one.endpoint for one in members)),
        tests=max(len(tests), *map(total, members)),
        occurrences=sum(one.occurrences for one in members),
        accepted=agreed,
        violations=tuple(
            dict.fromkeys(line_of(one) for member in members for one, _ in consequences.of(member))
        ),
        assertions=len(tests & failing),
    )


def line_of(violation: ContractViolation) -> str:
    """Return a violation in one line."""
    return f"{violation.endpoint} {violation.status}, {violation.where}: {violation.message}"


class Consequences:
    """Violations of the contract, to be found by the finding that they follow from."""

    def __init__(self, violations: Iterable[ContractViolation]) -> None:
        self._at: dict[str, list[ContractViolation]] = {}
        for one in violations:
            self._at.setdefault(one.endpoint, []).append(one)

    def of(self, finding: Finding) -> list[tuple[ContractViolation, frozenset[str]]]:
        """Those where the finding says that the answer is another, with the tests that show both.

        The place has to be the same, and the test: a violation elsewhere is none of its doing.
        """
        found = []
        for one in self._at.get(finding.endpoint, ()):
            both = frozenset(one.nodeids) & frozenset(finding.nodeids)
            if both and _same_place(finding, one):
                found.append((one, both))
        return found

    def are_all(self, seen: Iterable[tuple[ContractViolation, frozenset[str]]]) -> bool:
        """Whether each violation was seen in each of its tests."""
        tests: dict[ContractViolation, set[str]] = {}
        for violation, nodeids in seen:
            tests.setdefault(violation, set()).update(nodeids)
        return all(
            tests.get(one, set()) >= set(one.nodeids)
            for group in self._at.values()
            for one in group
        )


def _same_place(finding: Finding, violation: ContractViolation) -> bool:
    where, pointer = violation.where, finding.pointer
    if finding.kind == "status":
        return f" → {violation.status}" in finding.change
    if where == "content type":
        return finding.kind == "body-kind" or pointer.lower() == "/headers/content-type"
    if where.startswith("header "):
        name = where.removeprefix("header ").lower()
        return f"{pointer.lower()}/".startswith(f"/headers/{name}/")
    if not where.startswith("body") or pointer.startswith("/headers/"):
        return False
    place = where.removeprefix("body")
    if finding.kind in ("missing", "added"):
        # The document names the object, and the member that is wrong in it.
        parent, _, name = pointer.rpartition("/")
        return place == parent and f"'{json_pointer.unescape(name)}'" in violation.message
    return f"{place}/".startswith(f"{pointer}/")
