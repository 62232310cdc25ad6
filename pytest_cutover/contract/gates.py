"""The family `contract`: the document is whole, and both sides keep to it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from pytest_cutover.contract.evidence import ContractEvidence
from pytest_cutover.contract.validate import Violation
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.openapi.document import ApiDocument
from pytest_cutover.report.model import ContractViolation, Gate, GateVerdict

_PASS, _FAIL, _OPEN = GateVerdict.PASS, GateVerdict.FAIL, GateVerdict.INCONCLUSIVE
_SHOWN = 5


def contract_contribution(
    document: ApiDocument,
    evidence: Sequence[ContractEvidence],
    *,
    again: Callable[[Sequence[str]], str],
) -> Contribution:
    """Whether every operation is documented, and every answer seen is as documented.

    ``again`` gives the command that runs the first of these tests once more.
    """
    baseline = _violations(evidence, "baseline")
    both = _violations(evidence, "candidate")
    # The same violation by the baseline blames the document, once.
    candidate = {key: nodeids for key, nodeids in both.items() if key not in baseline}
    shared = {key: nodeids for key, nodeids in both.items() if key in baseline}
    answers = Counter(one.side for one in evidence for _ in one.seen)
    return Contribution(
        family="contract",
        gates=(
            _whole(document),
            _kept("baseline", "CUT403", baseline, answers["baseline"], document.source, again),
            _kept("candidate", "CUT404", candidate, answers["candidate"], document.source, again)
            if candidate or not shared
            else _undecided(shared, document.source, again),
        ),
        violations=tuple(_as_reported(one, nodeids) for one, nodeids in candidate.items()),
    )


def _as_reported(violation: Violation, nodeids: tuple[str, ...]) -> ContractViolation:
    return ContractViolation(
        endpoint=violation.endpoint,
        status=violation.status,
        where=violation.where,
        message=violation.message,
        nodeids=nodeids,
    )


def _whole(document: ApiDocument) -> Gate:
    lacking = [f"{endpoint}: {why}" for endpoint, why in document.unreadable.items()]
    for operation in document.operations:
        responses = operation.responses.values()
        if operation.broken:
            lacking.append(f"{operation.endpoint}: {operation.broken}")
        if not any(one.is_success for one in responses):
            lacking.append(f"{operation.endpoint}: no documented success")
        # What takes no input cannot be asked wrongly.
        if operation.inputs and not any(one.is_error for one in responses):
            lacking.append(f"{operation.endpoint}: no documented error")
    count = len(document.operations) + len(document.unreadable)
    return Gate(
        id="contract.documented",
        code="CUT402",
        title="contract",
        place=document.source,
        verdict=_FAIL if lacking else _PASS if count else _OPEN,
        limit="success and error of every operation",
        observed=f"{len(lacking)} lacking" if lacking else f"{count} operations",
        message=_listed(lacking) if count else "the document has no operation",
    )


def _violations(
    evidence: Iterable[ContractEvidence], side: str
) -> dict[Violation, tuple[str, ...]]:
    found: dict[Violation, list[str]] = {}
    for one in evidence:
        if one.side == side:
            for violation in one.violations:
                found.setdefault(violation, []).append(one.nodeid)
    return {key: tuple(dict.fromkeys(nodeids)) for key, nodeids in found.items()}


def _kept(
    side: str,
    code: str,
    found: dict[Violation, tuple[str, ...]],
    answers: int,
    source: str,
    again: Callable[[Sequence[str]], str],
) -> Gate:
    """Whether one side keeps to the document; the baseline cannot be wrong, only the document."""
    # What most tests ran into stands first: the screen has room for one.
    ordered = sorted(found, key=lambda one: (-len(found[one]), str(one)))
    nodeids = tuple(dict.fromkeys(nodeid for one in ordered for nodeid in found[one]))
    whose = f"{source} is wrong: " if side == "baseline" else "the candidate is wrong: "
    verdict = _FAIL if found else _PASS if answers else _OPEN
    observed = f"0 in {answers} answers"
    if ordered:
        more = f"; {len(found) - 1} more violations" if len(found) > 1 else ""
        observed = f"{_said(ordered[0])}{more}"
    return Gate(
        id=f"contract.{side}",
        code=code,
        title="contract",
        place=ordered[0].endpoint if ordered else f"the {side}",
        verdict=verdict,
        limit="0 violations",
        observed=observed,
        message=whose + _listed([f"{one.endpoint} {_said(one)}" for one in ordered])
        if found
        else ""
        if answers
        else "no answer was seen",
        nodeids=nodeids,
        next=again(nodeids) if nodeids else "",
    )


def _undecided(
    shared: dict[Violation, tuple[str, ...]], source: str, again: Callable[[Sequence[str]], str]
) -> Gate:
    """Leave open what both break in the same way: the document or the pair is wrong."""
    ordered = sorted(shared, key=lambda one: (-len(shared[one]), str(one)))
    nodeids = tuple(dict.fromkeys(nodeid for one in ordered for nodeid in shared[one]))
    return Gate(
        id="contract.candidate",
        code="CUT404",
        title="contract",
        place=ordered[0].endpoint,
        verdict=_OPEN,
        limit="0 violations",
        observed=f"{len(ordered)} that the baseline has too",
        message=f"put {source} right first: both sides break it alike at "
        + _listed([f"{one.endpoint} {_said(one)}" for one in ordered]),
        nodeids=nodeids,
        next=again(nodeids),
    )


def _said(violation: Violation) -> str:
    return f"{violation.status}, {violation.where}: {violation.message}"


def _listed(lines: Sequence[str]) -> str:
    more = f"; and {len(lines) - _SHOWN} more" if len(lines) > _SHOWN else ""
    return "; ".join(lines[:_SHOWN]) + more
