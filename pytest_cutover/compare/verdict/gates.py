"""From a run's evidence to the parity gates, the findings and their part of the report. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from pytest_cutover.backends.session import COMPARED
from pytest_cutover.compare.diff.account import UNSTEADY
from pytest_cutover.compare.diff.lists.own_rows import SOMEBODY_ELSE
from pytest_cutover.compare.golden.text import UNUSABLE
from pytest_cutover.compare.verdict.account_rows import account_rows, open_signatures
from pytest_cutover.compare.verdict.exchanges_shown import chosen
from pytest_cutover.compare.verdict.findings import findings_of
from pytest_cutover.compare.verdict.wavering import DEPARTS, without_wavering
from pytest_cutover.config import accepted as reviewed
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.invocation import Invocation
from pytest_cutover.core.run_evidence import LeftOut, RunEvidence
from pytest_cutover.gate.severity import findings_in_order
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.report import model
from pytest_cutover.report.accepted_view import shown_entry
from pytest_cutover.report.model import BothSides, Counts, Gate, GateVerdict, StaleGolden

_PASS, _FAIL, _OPEN = GateVerdict.PASS, GateVerdict.FAIL, GateVerdict.INCONCLUSIVE

_NOTHING_COMPARED = (
    "no test compared the two: what a crossover test sees is for its own assertions. Mark tests "
    "with characterization or negative, and run both sides."
)
_WHAT_HELPS = "; ask again without -n, or when nobody else writes"
_NO_SUITE = model.NotJudged(
    title="tests of a suite",
    reason="no marked test ran here: what was compared was generated",
    code="CUT101",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateInputs:
    """What the gates need besides evidence.

    `examples` holds the two bodies around a finding, by its id. `orphans` are goldens no test of
    the suite belongs to. `rules` are the parity rules, with what they did. `exchanges` are what
    was said in tests that differ or are undecided, by tests. `seeds` are what `cutover_seed` was
    answered, judged as a test is.
    """

    accepted: reviewed.AcceptedDifferences
    today: date
    examples: Mapping[str, BothSides] = field(default_factory=dict)
    orphans: tuple[str, ...] = ()
    rules: tuple[model.RuleReport, ...] = ()
    exchanges: Mapping[str, model.TestExchanges] = field(default_factory=dict)
    seeds: tuple[TestEvidence, ...] = ()


def contribution(evidence: RunEvidence, inputs: GateInputs) -> Contribution:
    """Everything that parity says about a run."""
    told = [
        one for one in evidence.tests if one.marker in COMPARED and not _no_evidence(one, evidence)
    ]
    tests = without_wavering([*told, *inputs.seeds])
    generated = [one for one in evidence.tests if one.marker == "fuzz"]
    judged = _judged([*tests, *generated], evidence, inputs)
    entries = _entries(judged, inputs)
    findings = findings_of(tests, inputs.examples, entries)
    # Generated requests alone pass no gate that is about tests: their own gates judge them.
    only_generated = len(generated) == len(evidence.tests)
    expired, unused = _accepted(judged, inputs)
    gates = [expired]
    if not only_generated:
        gates = [
            _differences(findings, evidence.command, compared=any(one.compared for one in tests)),
            _assertions(evidence),
            _in_full(tests, judged),
            _left_out(evidence, judged),
            _stale(tests, evidence.command),
            _unsteady(tests, judged, evidence.command),
            expired,
            unused,
            *_orphans(evidence, inputs),
            *_rules(evidence, inputs),
        ]
    exchanges, not_shown = chosen(tests, inputs.exchanges, findings)
    return Contribution(
        family="parity",
        gates=tuple(gates) if evidence.tests else (),
        findings=findings,
        accepted=tuple(entries.values()),
        rules=inputs.rules,
        exchanges=exchanges,
        exchanges_left_out=not_shown,
        stale_goldens=tuple(
            StaleGolden(nodeid=nodeid, message="; ".join(why))
            for nodeid, why in _stale_goldens(tests).items()
        ),
        counts=_counts(evidence),
        account=account_rows(
            [one for one in [*tests, *generated] if one.compared],
            {(seen.signature, seen.test) for seen, _ in judged.covered},
        ),
        requests=sum(one.requests for one in [*tests, *generated] if one.compared),
        not_judged=(_NO_SUITE,) if generated and only_generated else (),
        notes=_notes(judged, tests, inputs),
    )


def _no_evidence(one: TestEvidence, evidence: RunEvidence) -> bool:
    """Skipped or expected to fail: green, whatever it saw."""
    outcome = evidence.outcomes.get(one.nodeid)
    return outcome is not None and outcome.word in ("skipped", "xfailed", "xpassed")


def _judged(
    tests: Sequence[TestEvidence], evidence: RunEvidence, inputs: GateInputs
) -> reviewed.Judgement:
    occurrences = [
        reviewed.Occurrence(
            difference.signature,
            difference.test or one.test,
            one.scenario,
            difference.times,
            difference.accepted,
        )
        for one in tests
        for difference in one.differences
    ]
    occurrences += [
        reviewed.Occurrence(
            signature, one.test, one.scenario, accepted=entry.key if entry else None
        )
        for one in tests
        for signature in open_signatures(one)
        for entry in (inputs.accepted.covering(signature, one.test, one.scenario, inputs.today),)
    ]
    occurrences += [reviewed.Occurrence(_way_out(one), one.nodeid) for one in evidence.left_out]
    judged = reviewed.judge(
        inputs.accepted, occurrences, today=inputs.today, full_run=evidence.full
    )
    # What comes by chance, or as others write, may be gone in one run and back in the next.
    lasting = (
        one for one in judged.unmatched if not one.signature.endswith((UNSTEADY, SOMEBODY_ELSE))
    )
    return replace(judged, unmatched=tuple(lasting))


def _entries(judged: reviewed.Judgement, inputs: GateInputs) -> dict[str, model.Accepted]:
    return {
        entry.key: shown_entry(
            entry,
            today=inputs.today,
            matched=judged.matched.get(entry.key, 0),
            unused=entry in judged.unmatched,
        )
        for entry in inputs.accepted.of_differences
    }


def _differences(findings: Iterable[model.Finding], command: Invocation, *, compared: bool) -> Gate:
    pending = [finding for finding in findings if finding.accepted is None]
    nodeids = tuple(sorted({nodeid for finding in pending for nodeid in finding.nodeids}))
    # What is repeated first is what every page shows first.
    leading = next(iter(findings_in_order(pending)), None)
    return Gate(
        id="parity.differences",
        code="CUT101",
        title="differences",
        verdict=_FAIL if pending else _PASS if compared else _OPEN,
        limit="0 unaccepted",
        observed=str(len(pending)) if compared else "nothing compared",
        message="the candidate differs from the baseline"
        if pending
        else ""
        if compared
        else _NOTHING_COMPARED,
        nodeids=nodeids,
        next=command.again(leading.nodeids) if leading else "" if compared else command.whole(),
    )


def _assertions(evidence: RunEvidence) -> Gate:
    """Judge tests that failed by their own assertions: on one side a fail, else a wrong suite."""
    failed: dict[str, dict[str, str]] = {}
    for one in evidence.tests:
        if _failed_by_itself(one, evidence):
            side = "baseline" if one.side.startswith("baseline") else one.side
            failed.setdefault(one.test, {})[side] = one.nodeid
    against = sorted(
        nodeid for sides in failed.values() if "baseline" not in sides for nodeid in sides.values()
    )
    doubtful = sorted(
        nodeid for sides in failed.values() if "baseline" in sides for nodeid in sides.values()
    )
    nodeids = tuple(against or doubtful)
    message = ""
    if against:
        message = "these tests fail on the candidate by their own assertions"
    elif doubtful:
        message = "these tests fail on the baseline itself: mend the test, or the environment"
    return Gate(
        id="parity.assertions",
        code="CUT109",
        title="assertions",
        verdict=_FAIL if against else _OPEN if doubtful else _PASS,
        limit="0 failed",
        observed=str(len(nodeids)),
        message=message,
        nodeids=nodeids,
        next=evidence.again(nodeids),
    )


def _failed_by_itself(one: TestEvidence, evidence: RunEvidence) -> bool:
    outcome = evidence.outcomes.get(one.nodeid)
    if outcome is None or one.blocked or outcome.word not in ("failed", "error"):
        return False
    ours = bool(one.differences) or one.inconclusive is not None
    return one.body_failed or (not ours and one.requests > 0)


def _in_full(tests: Sequence[TestEvidence], judged: reviewed.Judgement) -> Gate:
    """Whether everything that was observed was compared, or waived by somebody."""
    waived = {(seen.signature, seen.test) for seen, _ in judged.covered}
    found: dict[str, list[TestEvidence]] = {}
    for one in tests:
        if one.inconclusive:
            continue  # the reason stands in a gate of its own
        for signature in open_signatures(one):
            if (signature, one.test) not in waived:
                found.setdefault(signature, []).append(one)
    nodeids = tuple(sorted({one.nodeid for group in found.values() for one in group}))
    signature, group = next(iter(sorted(found.items())), ("", []))
    endpoint, _, _, reason = (*signature.split(" | ", 3), "", "", "")[:4]
    places = sorted(
        {place for one in group for where, place, why in one.open_places if why == reason} - {""}
    )
    others = len(places) - 1 + sum(one.open_more for one in group)
    more = f" (and {others} more places)" if others > 0 else ""
    helps = _WHAT_HELPS if reason == SOMEBODY_ELSE else ""
    return Gate(
        id="parity.in-full",
        code="CUT112",
        title="compared in full",
        verdict=_OPEN if found else _PASS,
        place=endpoint,
        limit="0 places",
        observed=str(len(found)),
        message=f"{' '.join([*places[:1], 'was not compared:'])} {reason}{more}{helps}"
        if found
        else "",
        nodeids=nodeids,
        next=_waiver(signature, group) if found else "",
    )


def _waiver(signature: str, group: Iterable[TestEvidence]) -> str:
    """Return the line that waives what tests left open."""
    named = sorted({one.test for one in group})
    scope = " ".join(f'--scope "{test}"' for test in (named if len(named) < 4 else ["*"]))
    return f'pytest-cutover accept --open "{signature}" {scope} --reason "…"'


def _way_out(one: LeftOut) -> str:
    return f"{one.nodeid} | left-out |  | {one.how}"


def _left_out(evidence: RunEvidence, judged: reviewed.Judgement) -> Gate:
    """Whether the project took tests out of the run that nobody agreed to leave out."""
    agreed = {seen.signature for seen, _ in judged.covered}
    missing = [one for one in evidence.left_out if _way_out(one) not in agreed]
    waiver = ""
    if missing:
        scope = missing[0].nodeid
        waiver = f'pytest-cutover accept --open "{_way_out(missing[0])}" --scope "{scope}"'
        waiver += ' --reason "…"'
    return Gate(
        id="evidence.left-out",
        code="CUT303",
        title="left out",
        verdict=_OPEN if missing else _PASS,
        limit="0 tests",
        observed=str(len(missing)),
        message=f"{missing[0].nodeid}: {missing[0].how}, and pytest does not say so"
        if missing
        else "",
        nodeids=tuple(one.nodeid for one in missing),
        next=waiver,
    )


def _stale(tests: Iterable[TestEvidence], command: Invocation) -> Gate:
    why = _stale_goldens(tests)
    stale = sorted(why)
    unusable = [text for nodeid in stale for text in why[nodeid] if UNUSABLE in text]
    return Gate(
        id="parity.goldens",
        code="CUT102",
        title="golden stale",
        verdict=_OPEN if stale else _PASS,
        limit="0 goldens",
        observed=str(len(stale)),
        message=_why_stale(unusable) if stale else "",
        nodeids=tuple(stale),
        next=command.whole("--snapshot-update") if stale else "",
    )


def _stale_goldens(tests: Iterable[TestEvidence]) -> dict[str, tuple[str, ...]]:
    """Why goldens are stale, by the test on the baseline, whose memory they are."""
    every = list(tests)
    baselines = {one.test: one.nodeid for one in every if one.side == Side.BASELINE}
    return {baselines.get(one.test, one.nodeid): one.stale for one in every if one.stale}


def _why_stale(unusable: list[str]) -> str:
    if not unusable:
        return "the baseline no longer answers as recorded; see what changed, then record again"
    more = f" (and {len(unusable) - 1} more)" if len(unusable) > 1 else ""
    return f"{unusable[0]}{more}"


def _unsteady(
    tests: Iterable[TestEvidence], judged: reviewed.Judgement, command: Invocation
) -> Gate:
    waived = {(seen.signature, seen.test) for seen, _ in judged.covered}
    reasons: dict[str, list[TestEvidence]] = {}
    differ = False
    for one in tests:
        wavering = [sign for sign in open_signatures(one) if sign.endswith(UNSTEADY)]
        agreed = (
            bool(wavering)
            and (one.inconclusive or "").startswith((UNSTEADY, DEPARTS))
            and all((sign, one.test) in waived for sign in wavering)
        )
        if one.inconclusive and not agreed:
            differ = differ or one.requests_differ
            reasons.setdefault(one.inconclusive, []).append(one)
    nodeids = tuple(sorted(one.nodeid for group in reasons.values() for one in group))
    first, group = next(iter(sorted(reasons.items(), key=lambda item: item[0])), ("", []))
    signatures = [sign for one in group for sign in open_signatures(one) if sign.endswith(UNSTEADY)]
    return Gate(
        id="parity.steady",
        code="CUT308" if differ else "CUT107",
        title="not comparable",
        verdict=_OPEN if nodeids else _PASS,
        limit="0 tests",
        observed=str(len(nodeids)),
        message=first,
        nodeids=nodeids,
        next=_waiver(min(signatures), group) if signatures else command.again(nodeids),
    )


def _accepted(judged: reviewed.Judgement, inputs: GateInputs) -> Iterable[Gate]:
    for code, title, entries, message in (
        ("CUT104", "acceptance expired", judged.expired, "review it again, or remove it"),
        (
            "CUT105",
            "acceptance unused",
            judged.unmatched,
            "nothing differs there any more: pytest-cutover accept --prune removes the entry",
        ),
    ):
        yield Gate(
            id=f"parity.{title.replace(' ', '-')}",
            code=code,
            title=title,
            verdict=_FAIL if entries else _PASS,
            place=inputs.accepted.source if entries else "",
            limit="0 entries",
            observed=str(len(entries)),
            message=f"{message}: {_named(entries)}" if entries else "",
        )


def _named(entries: Iterable[reviewed.Entry]) -> str:
    return "; ".join(f"entry {entry.place} ({entry.signature})" for entry in entries)


def _orphans(evidence: RunEvidence, inputs: GateInputs) -> Iterable[Gate]:
    if not evidence.full:
        return
    yield Gate(
        id="parity.orphans",
        code="CUT108",
        title="golden orphaned",
        verdict=_OPEN if inputs.orphans else _PASS,
        place=inputs.orphans[0] if inputs.orphans else "",
        limit="0 goldens",
        observed=str(len(inputs.orphans)),
        message="no test of this suite belongs to it: bring the test back, or delete the file"
        if inputs.orphans
        else "",
    )


def _rules(evidence: RunEvidence, inputs: GateInputs) -> Iterable[Gate]:
    if not inputs.rules:
        return
    vacuous = [rule for rule in inputs.rules if rule.vacuous]
    unused = [rule for rule in inputs.rules if evidence.full and not rule.matched]
    bad = vacuous + [rule for rule in unused if rule not in vacuous]
    yield Gate(
        id="parity.rules",
        code="CUT106",
        title="dead rule",
        required=False,
        verdict=_OPEN if bad else _PASS,
        place=bad[0].endpoint if bad else "",
        limit="0 rules",
        observed=str(len(bad)),
        message="; ".join(
            f"{rule.rule} at {rule.pointer} "
            + ("would catch no change of the value" if rule.vacuous else "matched nothing")
            for rule in bad
        ),
    )


def _counts(evidence: RunEvidence) -> Counts:
    compared = [one for one in evidence.tests if one.compared]
    sides: dict[str, set[str]] = {}
    for one in evidence.tests:
        if one.requests:
            sides.setdefault(one.test, set()).add(one.side)
    both = {test for test, seen in sides.items() if {"baseline", "candidate"} <= seen} | {
        test for test, seen in sides.items() if "both" in seen
    }
    words = [outcome.word for nodeid, outcome in evidence.outcomes.items()]
    return Counts(
        both_sides=len(both),
        passed=words.count("passed"),
        failed=words.count("failed") + words.count("error"),
        skipped=words.count("skipped") + words.count("xfailed"),
        unrecorded=sum(one.unrecorded for one in compared),
        stale=sum(bool(one.stale) for one in evidence.tests),
        one_side=len(sides) - len(both),
        no_request=len({one.test for one in evidence.tests if not one.requests}),
    )


def _notes(
    judged: reviewed.Judgement, tests: Iterable[TestEvidence], inputs: GateInputs
) -> tuple[str, ...]:
    notes = [
        f"acceptance of {entry.signature} expires in {entry.days_left(inputs.today)} days"
        for entry in judged.near_expiry
    ]
    unrecorded = sum(1 for one in tests if one.unrecorded)
    if unrecorded:
        notes.append(
            f"{unrecorded} {'test is' if unrecorded == 1 else 'tests are'} unrecorded: "
            "compared live, with noise learned on the spot. "
            "Record them with pytest --snapshot-update and commit the goldens."
        )
    notes += [
        f"{one.nodeid} has {one.dropped_differences:,} findings more than are listed: they are "
        "shown once those before them are gone"
        for one in tests
        if one.dropped_differences
    ]
    return tuple(notes)
