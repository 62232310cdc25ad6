"""From what the fuzz items told to gates, findings and notes. Pure."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from pytest_cutover.compare.evidence.signatures import finding_id
from pytest_cutover.compare.verdict.findings import upheld
from pytest_cutover.config.accepted import AcceptedDifferences, open_signature
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.core.seen_values import merged
from pytest_cutover.fuzz.generate.payload import (
    OPERATION,
    PROTOCOL,
    Reached,
    Shown,
    Told,
    identity_parts,
    named_request,
)
from pytest_cutover.fuzz.run.explaining import explained_together
from pytest_cutover.gate.severity import findings_in_order
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.report import model
from pytest_cutover.report.model import BothSides, Gate, GateVerdict, NotJudged

_PASS, _FAIL, _OPEN = GateVerdict.PASS, GateVerdict.FAIL, GateVerdict.INCONCLUSIVE
_MOST_UNSTEADY = 0.1
_SHOWN = 6
_NOT_ENTERED = "no generated request entered"
_NAMED = re.compile(r"\{[^{}]*\}")


def contribution(
    told: Sequence[Told],
    *,
    accepted: Mapping[str, model.Accepted],
    examples: Mapping[str, BothSides],
    left_out: Mapping[str, str],
    redirecting: Collection[str],
    entered_by_tests: Collection[str],
    waived: Callable[[str, str], bool],
    seed: int,
    again: Callable[[str], str],
) -> Contribution:
    """Everything that generated cases say about a run.

    `left_out` are endpoints that were not generated for, with the reason, `redirecting` those that
    document a redirect, `entered_by_tests` the shapes of those that a marked test entered with
    success. `waived(signature, test)` says whether an accepted entry names it. `again` gives the
    command that replays a kept file.
    """
    findings = _findings(told, accepted, examples)
    shown = [one for item in told for one in item.findings]
    return Contribution(
        family="fuzz",
        gates=(
            (
                _differences(findings, shown, again),
                _cases(told, findings),
                *_entered(told, redirecting, entered_by_tests, waived),
            )
            if told
            else ()
        ),
        findings=findings,
        generated=tuple(_operations(told, left_out)),
        not_judged=tuple(
            NotJudged(title=f"generated {endpoint}", reason=why, code="CUT111")
            for endpoint, why in left_out.items()
        )
        + tuple(_protocol_left_out(told))
        + tuple(_parted(told))
        + tuple(_unlimited(told)),
        notes=tuple(_notes(told, seed)),
    )


def _findings(
    told: Iterable[Told], accepted: Mapping[str, model.Accepted], examples: Mapping[str, BothSides]
) -> tuple[model.Finding, ...]:
    """One finding for a signature and class, whichever items saw it."""
    groups: dict[tuple[str, str, str, str | None], list[Shown]] = {}
    alike: set[str] = set()
    for item in told:
        alike.update(item.alike)
        for one in item.findings:
            key = (one.observed.signature, one.request, one.member, one.observed.accepted)
            groups.setdefault(key, []).append(one)
    found = [_finding(key, group, accepted, examples) for key, group in groups.items()]
    return findings_in_order(explained_together(found, alike))


def _finding(
    key: tuple[str, str, str, str | None],
    group: list[Shown],
    accepted: Mapping[str, model.Accepted],
    examples: Mapping[str, BothSides],
) -> model.Finding:
    best = _smallest(group)
    seen = best.observed
    signature, about, member, entry = key
    request = f" ({named_request(best)})" if best.request else ""
    values = merged(one.observed.values for one in group)
    explanations = {one.observed.explanation for one in group}
    return model.Finding(
        id=finding_id(
            "\0".join((*identity_parts(signature, about, member), *([entry] if entry else [])))
        ),
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
        values=values,
        explanation=upheld(explanations.pop(), values) if len(explanations) == 1 else "",
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


def _cases(told: Sequence[Told], findings: Sequence[model.Finding]) -> Gate:
    """Whether there were enough cases for a finding that is not there to mean something.

    Where one side alone took a write, later reads show other data and were not judged. That is no
    loss while the write is a finding; once somebody agreed to it, nobody knows what they hid.
    """
    wanted, compared = sum(one.wanted for one in told), sum(one.compared for one in told)
    short = [
        one
        for one in told
        if (one.stopped and one.kind != PROTOCOL) or one.unsteady > _MOST_UNSTEADY * one.wanted
    ]
    followed = [one for one in told if one.followed]
    hidden = followed if all(finding.accepted for finding in findings) else []
    message = _why(short[0], len(short)) if short else ""
    if hidden and not short:
        message = (
            f"{sum(one.followed for one in hidden):,} generated requests read other data on the "
            "two sides, for one side alone had taken a write that was agreed to: what else they "
            "show is not known; let both sides refuse that write, or both take it"
        )
    unknown = [one for one in told if one.unknown_ids]
    if unknown and not (short or hidden):
        message = (
            f"the ids at {unknown[0].unknown_ids[0]} differ in every row: those of other rows, or "
            "of each side's own database; say shared_state = true or false in the target"
        )
    doubtful = short or hidden or unknown
    return Gate(
        id="fuzz.cases",
        code="CUT111",
        title="fuzz cases",
        verdict=_OPEN if doubtful or not compared else _PASS,
        place=doubtful[0].endpoint or doubtful[0].nodeid if doubtful else "",
        limit=f"{wanted:,} cases",
        observed=f"{compared:,} of {wanted:,}",
        message=message,
        nodeids=tuple(one.nodeid for one in doubtful),
    )


def _entered(
    told: Sequence[Told],
    redirecting: Collection[str],
    entered_by_tests: Collection[str],
    waived: Callable[[str, str], bool],
) -> Iterator[Gate]:
    """Whether every operation let a request in: two sides that refuse everything agree."""
    reached = _reached(told)
    wanted = [one.endpoint for one in told if one.kind == OPERATION and one.stopped != "schema"]
    if not wanted:
        return
    missing = {
        endpoint: reached.get(endpoint, Reached())
        for endpoint in wanted
        if shape_of(endpoint) not in entered_by_tests
        and not _has_entered(reached.get(endpoint, Reached()), endpoint in redirecting)
        and not waived(open_signature(endpoint, _NOT_ENTERED), f"fuzz::{endpoint}")
    }
    listed = [f"{endpoint} ({counts.sent} sent)" for endpoint, counts in missing.items()]
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    yield Gate(
        id="fuzz.entered",
        code="CUT113",
        title="entered",
        verdict=_OPEN if missing else _PASS,
        place=next(iter(missing), ""),
        limit=f"{len(wanted)} operations",
        observed=f"{len(wanted) - len(missing)} answered with success",
        message=(
            f"the baseline took no request at {', '.join(listed[:_SHOWN])}{more}: log in "
            "(pytest_cutover_login), put data there, or write a marked test of it"
        )
        if missing
        else "",
        nodeids=tuple(one.nodeid for one in told if one.endpoint in missing),
        next=(
            f'pytest-cutover accept --open "{open_signature(next(iter(missing)), _NOT_ENTERED)}" '
            '--scope fuzz --reason "…"'
        )
        if missing
        else "",
    )


def _operations(
    told: Sequence[Told], left_out: Mapping[str, str]
) -> Iterator[model.GeneratedOperation]:
    """Yield a row for each operation: those that let nothing in first, then those that differ."""
    reached = _reached(told)
    differing: Counter[str] = Counter()
    for item in told:
        for shown in item.findings:
            differing[shown.observed.endpoint] += shown.occurrences
    rows = []
    for one in told:
        if one.kind == OPERATION:
            counts = reached.get(one.endpoint, Reached())
            taken = counts.succeeded + counts.redirected
            rows.append(
                model.GeneratedOperation(
                    endpoint=one.endpoint,
                    sent=counts.sent,
                    succeeded=taken,
                    refused=counts.sent - taken,
                    differing=differing[one.endpoint],
                    left_out=_why(one, 1) if one.stopped else "",
                )
            )
    rows.sort(key=lambda row: (row.succeeded > 0, -row.differing, row.endpoint))
    yield from rows
    for endpoint, why in left_out.items():
        yield model.GeneratedOperation(endpoint=endpoint, left_out=why)


def _reached(told: Iterable[Told]) -> dict[str, Reached]:
    """Add up the counts of all items: a sequence enters where its operation alone does not."""
    reached: dict[str, Reached] = {}
    for item in told:
        for endpoint, counts in item.operations.items():
            reached[endpoint] = reached.get(endpoint, Reached()).and_all(counts)
    return reached


def _protocol_left_out(told: Iterable[Told]) -> Iterator[NotJudged]:
    """Yield what the time did not suffice for: every kind of oddity was sent, not to every
    operation.
    """
    for one in told:
        if one.kind == PROTOCOL and one.stopped:
            missing = one.wanted - one.compared - one.unsteady
            yield NotJudged(
                title=f"{missing:,} of {one.wanted:,} requests with an odd protocol",
                reason="the time was over: raise seconds in [fuzz]",
                code="CUT111",
            )
        if one.left_out:
            yield NotJudged(
                title=f"{one.left_out:,} of {one.wanted + one.left_out:,} requests with an odd "
                "protocol",
                reason="every kind of them was sent, and not to every operation: raise the cases",
                code="CUT111",
            )


def _parted(told: Iterable[Told]) -> Iterator[NotJudged]:
    """Yield what was read after one side alone had taken a write: it says what that write says."""
    followed = sum(one.followed for one in told)
    if followed:
        yield NotJudged(
            title=f"{followed:,} generated requests that show other data on the two sides",
            reason="one side alone had taken a write, which is a finding of its own",
            code="CUT111",
        )


def _unlimited(told: Iterable[Told]) -> Iterator[NotJudged]:
    """Yield that the baseline limits the rate: who waits for it asks nobody fast enough to tell."""
    places = dict.fromkeys(place for one in told for place in one.limited)
    if places:
        yield NotJudged(
            title="whether the candidate limits the rate, as the baseline does at "
            f"{next(iter(places))}",
            reason="generated requests wait where a side answers 429: ask for it in a marked test",
            code="CUT111",
        )


def _has_entered(counts: Reached, may_redirect: bool) -> bool:
    """Count a redirect as a success where it is documented; elsewhere it leads to a login."""
    return counts.succeeded > 0 or (may_redirect and counts.redirected > 0)


def entered_shapes(tests: Iterable[TestEvidence]) -> frozenset[str]:
    """Return the shapes of the endpoints that marked tests saw answered with success."""
    return frozenset(
        shape_of(endpoint)
        for one in tests
        if one.marker != "fuzz" and one.side != "candidate"
        for endpoint, status, _ in one.seen
        if 200 <= status < 400
    )


def shape_of(endpoint: str) -> str:
    """Return an endpoint without the names of its placeholders."""
    return _NAMED.sub("{}", endpoint)


def _why(one: Told, count: int) -> str:
    more = f" (and {count - 1} more)" if count > 1 else ""
    if one.stopped == "budget":
        return f"the time was over: raise seconds in [fuzz]{more}"
    if one.stopped == "schema":
        return f"the schema cannot be used there: {one.reason}{more}"
    if one.stopped:
        return f"{one.stopped}{more}"
    if one.reason.startswith("throttled"):
        return f"{one.reason}: {one.unsteady} cases{more}"
    return f"the baseline does not agree with itself in {one.unsteady} cases: {one.reason}{more}"


def _notes(told: Sequence[Told], seed: int) -> Iterable[str]:
    if not told:
        return
    compared = sum(one.compared for one in told)
    seconds = sum(one.seconds - one.shrinking_s for one in told)
    rate = f", {compared / seconds:.0f} a second" if seconds > 0.1 else ""
    yield f"fuzz: {compared:,} generated cases on both backends{rate}, seed {seed}"
    wanted = [one.endpoint for one in told if one.kind == OPERATION]
    reached = _reached(told)
    taken = [name for name in wanted if reached.get(name, Reached()).succeeded]
    if wanted:
        yield f"fuzz: {len(taken)} of {len(wanted)} operations entered with success"


def entries_of(
    accepted: AcceptedDifferences, told: Iterable[Told], today: object
) -> dict[str, model.Accepted]:
    """Return the entries that cover a finding here, by key."""
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
