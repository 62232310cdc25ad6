"""The last runs: what history/ keeps of each, and what a report looks like beside them. Pure.

A line of history holds ids, counts, limits, headroom and the commit; no value, query, header or
free text, so that it may be kept where a report may not. Members that are added get a default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pytest_cutover.report.annotated import Count, FindingId, Moment
from pytest_cutover.report.headroom import nearest
from pytest_cutover.report.model import GateVerdict, Report, Verdict

VERSION: Final = 1
#: Runs that are kept, of all targets and phases.
KEPT: Final = 50
_FINDINGS = 2_000
_ENDPOINTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The nearest limit of an endpoint: its name ("P99"), and what was left of it as a share."""

    name: str
    limit: float
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """What is kept of a run. `findings` are the ids of those that nobody had accepted."""

    version: int = VERSION
    run: str
    target: str
    phase: str
    verdict: Verdict
    finished: Moment
    seconds: float = 0.0
    commit: str = ""
    candidate: str = ""
    tests: Count = 0
    requests: Count = 0
    passed: Count = 0
    failed: Count = 0
    undecided: Count = 0
    findings: tuple[FindingId, ...] = ()
    findings_total: Count = 0
    accepted: Count = 0
    open: Count = 0
    headroom: Mapping[str, Room] = field(default_factory=dict)


def remembered_of(report: Report) -> PastRun:
    """Return what history keeps of a report."""
    verdicts = [gate.verdict for gate in report.gates]
    pending = [one.id for one in report.findings if one.accepted is None]
    seconds = report.environment.get("seconds", "")
    return PastRun(
        run=report.environment.get("run", ""),
        target=report.target,
        phase=report.phase,
        verdict=report.verdict,
        finished=report.finished,
        seconds=float(seconds) if seconds.isdecimal() else 0.0,
        commit=report.environment.get("commit", ""),
        candidate=report.environment.get("candidate", ""),
        tests=report.tests.both_sides,
        requests=report.requests,
        passed=verdicts.count(GateVerdict.PASS),
        failed=verdicts.count(GateVerdict.FAIL),
        undecided=verdicts.count(GateVerdict.INCONCLUSIVE),
        findings=tuple(pending[:_FINDINGS]),
        findings_total=len(pending),
        accepted=len(report.accepted),
        open=sum(row.open for row in report.account),
        headroom={
            one.endpoint: Room(name=one.name, limit=one.limit, share=round(one.share, 4))
            for one in nearest(report)[:_ENDPOINTS]
        },
    )


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run beside the one before it: findings that came with it and that went with it.

    Both are None for the first run, and where not all findings of one of the two were kept.
    """

    run: PastRun
    new: int | None
    gone: int | None
    nearest: tuple[str, Room] | None


@dataclass(frozen=True, slots=True)
class History:
    """The runs of one target and phase, the newest first, this one among them."""

    rows: tuple[RunRow, ...]
    first_seen: Mapping[str, str]

    def told(self, finding: str) -> str:
        """Return since when a finding is there: "new in this run", or the day it was first seen."""
        if len(self.rows) < 2:
            return ""
        since = self.first_seen.get(finding, "")
        return f"there since {since[:16].replace('T', ' ')} UTC" if since else "new in this run"


def history_of(report: Report, past: Iterable[PastRun], *, most: int = 20) -> History:
    """Return the last runs of the report's target and phase, and when its findings were first seen.

    A finding that went and came back is first seen where it came back.
    """
    own = remembered_of(report)
    earlier = sorted(
        (one for one in past if _of(one) == _of(own) and one.run != own.run),
        key=lambda one: one.finished,
        reverse=True,
    )
    runs = [own, *earlier]
    rows = [_row(run, before) for run, before in zip(runs, [*runs[1:], None], strict=True)]
    return History(tuple(rows[:most]), _first_seen(own, earlier))


def _of(run: PastRun) -> tuple[str, str]:
    return run.target, run.phase


def _row(run: PastRun, before: PastRun | None) -> RunRow:
    worst = min(run.headroom.items(), key=lambda item: item[1].share, default=None)
    if before is None or not (_is_whole(run) and _is_whole(before)):
        return RunRow(run, None, None, worst)
    mine, theirs = set(run.findings), set(before.findings)
    return RunRow(run, len(mine - theirs), len(theirs - mine), worst)


def _is_whole(run: PastRun) -> bool:
    return run.findings_total <= len(run.findings)


def _first_seen(own: PastRun, earlier: Sequence[PastRun]) -> dict[str, str]:
    """Return when each finding of a run was first seen, going back while it was there."""
    found: dict[str, str] = {}
    still = set(own.findings)
    for run in earlier:
        still &= set(run.findings)
        for finding in still:
            found[finding] = run.finished
    return found
