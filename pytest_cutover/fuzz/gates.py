"""From what the fuzz items told to gates, findings and notes. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence

from pytest_cutover.compare.evidence.findings import finding_id
from pytest_cutover.config.accepted import AcceptedDifferences
from pytest_cutover.fuzz.generate.payload import Shown, Told
from pytest_cutover.gate.order import findings_in_order
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.report import model
from pytest_cutover.report.model import BothSides, Gate, GateVerdict, NotJudged

_PASS, _FAIL, _OPEN = GateVerdict.PASS, GateVerdict.FAIL, GateVerdict.INCONCLUSIVE
_MOST_UNSTEADY = 0.1


def contribution(
    told: Sequence[Told],
    *,
    accepted: Mapping[str, model.Accepted],
    examples: Mapping[str, BothSides],
    left_out: Mapping[str, str],
    seed: int,
    again: Callable[[str], str],
) -> Contribution:
    """Everything that generated cases say about a run.

    `left_out` are endpoints that were not generated for, with the reason. `again` gives the
    command that replays a kept file.
    """
    findings = _findings(told, accepted, examples)
    shown = [one for item in told for one in item.findings]
    return Contribution(
        family="fuzz",
        gates=(_differences(findings, shown, again), _cases(told)) if told else (),
        findings=findings,
        not_judged=tuple(
            NotJudged(title=f"generated {endpoint}", reason=why, code="CUT111")
            for endpoint, why in left_out.items()
        ),
        notes=tuple(_notes(told, seed)),
    )


def _findings(
    told: Iterable[Told], accepted: Mapping[str, model.Accepted], examples: Mapping[str, BothSides]
) -> tuple[model.Finding, ...]:
    """One finding for a signature and class, whichever items saw it."""
    groups: dict[tuple[str, str], list[Shown]] = {}
    for item in told:
        for one in item.findings:
            groups.setdefault((one.observed.signature, one.request), []).append(one)
    found = [_finding(key, group, accepted, examples) for key, group in groups.items()]
    return findings_in_order(found)


def _finding(
    key: tuple[str, str],
    group: list[Shown],
    accepted: Mapping[str, model.Accepted],
    examples: Mapping[str, BothSides],
) -> model.Finding:
    best = _smallest(group)
    seen = best.observed
    request = f" ({best.request} request)" if best.request else ""
    return model.Finding(
        id=finding_id("\0".join(("fuzz", *key))),
        code="CUT110",
        signature=seen.signature,
        endpoint=seen.endpoint,
        kind=seen.kind,
        pointer=seen.pointer,
        change=f"{seen.change}{request}",
        baseline=seen.baseline,
        candidate=seen.candidate,
        occurrences=sum(one.occurrences for one in group),
        nodeids=(best.test,),
        nodeids_total=1,
        unstable=any(one.observed.unstable for one in group),
        accepted=accepted.get(seen.accepted or ""),
        reproduce=BothSides(seen.reproduce_baseline, seen.reproduce_candidate),
        context=examples.get(seen.spool or ""),
    )


def _smallest(group: list[Shown]) -> Shown:
    return min(group, key=lambda one: (one.calls, len(one.observed.reproduce_candidate)))


def _differences(
    findings: Sequence[model.Finding], shown: Sequence[Shown], again: Callable[[str], str]
) -> Gate:
    pending = [finding for finding in findings if finding.accepted is None]
    ids = {finding.id for finding in pending}
    files = {posixpath.basename(one.kept).removesuffix(".json"): one.kept for one in shown}
    first = next((files[one.id] for one in findings_in_order(pending) if one.id in files), "")
    return Gate(
        id="fuzz.differences",
        code="CUT110",
        title="fuzz",
        verdict=_FAIL if ids else _PASS,
        limit="0 unaccepted",
        observed=str(len(ids)),
        message="generated requests that the candidate answers otherwise" if ids else "",
        nodeids=tuple(sorted({nodeid for one in pending for nodeid in one.nodeids})),
        next=again(first) if first else "",
    )


def _cases(told: Sequence[Told]) -> Gate:
    """Whether there were enough cases for a finding that is not there to mean something."""
    wanted, compared = sum(one.wanted for one in told), sum(one.compared for one in told)
    short = [one for one in told if one.stopped or one.unsteady > _MOST_UNSTEADY * one.wanted]
    return Gate(
        id="fuzz.cases",
        code="CUT111",
        title="fuzz cases",
        verdict=_OPEN if short or not compared else _PASS,
        place=short[0].endpoint or short[0].nodeid if short else "",
        limit=f"{wanted:,} cases",
        observed=f"{compared:,} of {wanted:,}",
        message=_why(short[0], len(short)) if short else "",
        nodeids=tuple(one.nodeid for one in short),
    )


def _why(one: Told, count: int) -> str:
    more = f" (and {count - 1} more)" if count > 1 else ""
    if one.stopped == "budget":
        return f"the time was over: raise seconds in [fuzz]{more}"
    if one.stopped == "schema":
        return f"the schema cannot be used there: {one.reason}{more}"
    if one.stopped:
        return f"{one.stopped}{more}"
    return f"the baseline does not agree with itself in {one.unsteady} cases: {one.reason}{more}"


def _notes(told: Sequence[Told], seed: int) -> Iterable[str]:
    if not told:
        return
    compared = sum(one.compared for one in told)
    seconds = sum(one.seconds - one.shrinking_s for one in told)
    rate = f", {compared / seconds:.0f} a second" if seconds > 0.1 else ""
    yield f"fuzz: {compared:,} generated cases on both backends{rate}, seed {seed}"


def entries_of(
    accepted: AcceptedDifferences, told: Iterable[Told], today: object
) -> dict[str, model.Accepted]:
    """The entries that cover a finding here, by key."""
    used = [
        one.observed.accepted for item in told for one in item.findings if one.observed.accepted
    ]
    return {
        entry.key: model.Accepted(
            signature=entry.signature,
            scope=entry.scope,
            reason=entry.reason,
            approver=entry.approver,
            expires=entry.expires.isoformat(),
            days_left=entry.days_left(today),  # type: ignore[arg-type]
            matched=used.count(entry.key),
        )
        for entry in accepted.entries
        if entry.key in used
    }
