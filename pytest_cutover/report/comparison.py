"""What changed between two reports, an older and a newer one, as values.

Called by `pytest-cutover compare`; `comparison_text` and `comparison_markdown` render it. Findings
are the same where their signature is; of those left over, two at one endpoint, kind and pointer
are one that changed. Gates are told apart by id and place, latencies by endpoint and source. Times
of two runs are of two machines or two moods: only verdicts and ratios to the baseline are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from pytest_cutover.report.model import Finding, Gate, GateVerdict, Latency, Report, Verdict
from pytest_cutover.report.summary import plural

_RANK: Final[Mapping[Verdict, int]] = {
    Verdict.GO: 0,
    Verdict.PARTIAL: 1,
    Verdict.INCONCLUSIVE: 2,
    Verdict.NO_GO: 3,
}
_GATE_RANK: Final[Mapping[GateVerdict, int]] = {
    GateVerdict.PASS: 0,
    GateVerdict.INCONCLUSIVE: 1,
    GateVerdict.FAIL: 2,
}

_Thing = TypeVar("_Thing")


@dataclass(frozen=True, slots=True)
class ReportChange(Generic[_Thing]):
    """One thing in the older and in the newer report; None where it is not there."""

    before: _Thing | None
    after: _Thing | None

    @property
    def either(self) -> _Thing:
        """What it is, as the newer report has it if it does."""
        thing = self.after if self.after is not None else self.before
        assert thing is not None
        return thing


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportComparison:
    """Everything that changed; `same` counts the findings that did not."""

    old: Report
    new: Report
    added: tuple[Finding, ...]
    gone: tuple[Finding, ...]
    changed: tuple[ReportChange[Finding], ...]
    same: int
    gates: tuple[ReportChange[Gate], ...]
    latency: tuple[ReportChange[Latency], ...]

    @property
    def worse(self) -> tuple[str, ...]:
        """Why the newer report is worse than the older one; empty where it is not."""
        return tuple(_worse(self))


def compare(old: Report, new: Report) -> ReportComparison:
    """Return what changed from the older to the newer report."""
    before = {_state(finding): finding for finding in old.findings}
    after = {_state(finding): finding for finding in new.findings}
    kept = [ReportChange(before[key], after[key]) for key in after if key in before]
    added = [after[key] for key in after if key not in before]
    gone = [before[key] for key in before if key not in after]
    moved = list(_moved(gone, added))
    kept += moved
    taken = {id(one) for change in moved for one in (change.before, change.after)}
    by_place = {id(change.after): change for change in kept}
    in_order = [by_place[id(one)] for one in new.findings if id(one) in by_place]
    changed = [change for change in in_order if _differs(change)]
    return ReportComparison(
        old=old,
        new=new,
        added=tuple(finding for finding in added if id(finding) not in taken),
        gone=tuple(finding for finding in gone if id(finding) not in taken),
        changed=tuple(changed),
        same=len(kept) - len(changed),
        gates=tuple(_paired(old.gates, new.gates, lambda gate: (gate.id, gate.place), _gate)),
        latency=tuple(
            _paired(old.latency, new.latency, lambda row: (row.endpoint, row.source), _latency)
        ),
    )


def accepted_word(finding: Finding) -> str:
    """Whether somebody accepted it, in a word."""
    return "accepted" if finding.accepted else "open"


def _state(finding: Finding) -> Hashable:
    # An accepted signature may be pending as well, outside the scope of its entry.
    return finding.signature, finding.accepted is not None


def _place(finding: Finding) -> Hashable:
    return finding.endpoint, finding.kind, finding.pointer


def _moved(gone: list[Finding], added: list[Finding]) -> Iterator[ReportChange[Finding]]:
    """Yield a finding that went with one that came if they are one: the same but its acceptance,
    or the only ones of their place.
    """
    for key in (lambda finding: finding.signature, _place):
        before, after = _alone(gone, key), _alone(added, key)
        for name in [name for name in before if name in after]:
            yield ReportChange(before[name], after[name])
            gone = [one for one in gone if one is not before[name]]
            added = [one for one in added if one is not after[name]]


def _alone(
    findings: Iterable[Finding], key: Callable[[Finding], Hashable]
) -> dict[Hashable, Finding]:
    """Return the findings by key, without those that share theirs."""
    found: dict[Hashable, list[Finding]] = {}
    for finding in findings:
        found.setdefault(key(finding), []).append(finding)
    return {name: same[0] for name, same in found.items() if len(same) == 1}


def _differs(change: ReportChange[Finding]) -> bool:
    def seen(finding: Finding | None) -> object:
        assert finding is not None
        return (
            finding.signature,
            finding.occurrences,
            finding.unstable,
            finding.accepted is not None,
        )

    return seen(change.before) != seen(change.after)


def _paired(
    old: Iterable[_Thing],
    new: Iterable[_Thing],
    key: Callable[[_Thing], Hashable],
    differs: Callable[[_Thing, _Thing], bool],
) -> Iterator[ReportChange[_Thing]]:
    before = {key(thing): thing for thing in old}
    after = {key(thing): thing for thing in new}
    for name in dict.fromkeys((*after, *before)):
        one, two = before.get(name), after.get(name)
        if one is None or two is None or differs(one, two):
            yield ReportChange(one, two)


def _gate(one: Gate, two: Gate) -> bool:
    return (one.verdict, one.limit) != (two.verdict, two.limit)


def _latency(one: Latency, two: Latency) -> bool:
    """Another verdict, or ratios to the baseline whose intervals do not meet."""
    if one.verdict is not two.verdict:
        return True
    a, b = one.p50_ratio, two.p50_ratio
    if a is None or b is None:
        return False
    if None in (a.lower, a.upper, b.lower, b.upper):
        return False
    return bool(a.upper < b.lower or b.upper < a.lower)  # type: ignore[operator]


def _worse(comparison: ReportComparison) -> Iterator[str]:
    old, new = comparison.old, comparison.new
    if _RANK[new.verdict] > _RANK[old.verdict]:
        yield f"the verdict went from {old.verdict} to {new.verdict}"
    fresh = [finding for finding in comparison.added if finding.accepted is None]
    if fresh:
        yield f"{plural(len(fresh), 'new finding')}"
    reopened = [change for change in comparison.changed if _reopened(change)]
    if reopened:
        yield f"{plural(len(reopened), 'finding')} changed, or no longer accepted"
    gates = [change.either for change in comparison.gates if _gate_worse(change)]
    if gates:
        yield f"{plural(len(gates), 'gate')} that no longer stand as they did"
    slower = [
        change
        for change in comparison.latency
        if change.before and change.after and _step(change.before, change.after) > 0
    ]
    if slower:
        yield f"{plural(len(slower), 'endpoint')} with a worse latency verdict"


def _reopened(change: ReportChange[Finding]) -> bool:
    before, after = change.before, change.after
    assert before is not None
    assert after is not None
    if after.accepted is not None:
        return False
    return before.accepted is not None or before.signature != after.signature


def _gate_worse(change: ReportChange[Gate]) -> bool:
    before, after = change.before, change.after
    if after is None or not after.required:
        return after is None and before is not None and before.required
    if before is None:
        return after.verdict is not GateVerdict.PASS
    return _GATE_RANK[after.verdict] > _GATE_RANK[before.verdict]


def _step(before: Latency, after: Latency) -> int:
    return _GATE_RANK[after.verdict] - _GATE_RANK[before.verdict]
