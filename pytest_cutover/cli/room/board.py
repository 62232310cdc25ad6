"""What the room shows: the clock, what is next, each phase and item, and the way back. Pure."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pytest_cutover.checklist.item import Item
from pytest_cutover.checklist.signoffs import SignOff
from pytest_cutover.cli.room.folders import Left
from pytest_cutover.config.checklist import EvidenceKind, Phase
from pytest_cutover.core.exchange import Side
from pytest_cutover.report import summary
from pytest_cutover.report.live import Live, LiveState
from pytest_cutover.report.model import ChecklistItem, GateVerdict, Report, Verdict
from pytest_cutover.report.phase_words import phase_named, words_of

_REHEARSAL = "rollback.drill"
_SHORT_COMMIT = 10
# After these verdicts of a phase the next one may begin.
_DONE = Verdict.GO


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """One item: how it stands, who sees to it, who signed until when, and what closes it."""

    id: str
    title: str
    state: str
    owner: str = ""
    signer: str = ""
    expires: str = ""
    command: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRow:
    """One phase: its last verdict and action, of which candidate, and its items.

    `other` says that it judged another candidate than the newest run did. `silent_s` is for how
    long a watch that goes on has said nothing.
    """

    phase: Phase
    verdict: str
    action: str
    finished: str = ""
    commit: str = ""
    build: str = ""
    other: str = ""
    live: Live | None = None
    silent_s: float = 0.0
    items: tuple[ItemRow, ...] = ()

    @property
    def watching(self) -> bool:
        """Whether somebody watches it right now."""
        return self.live is not None and self.live.state is LiveState.WATCHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The whole page. `switch_at` is the planned or the actual moment of the switch."""

    target: str
    now: datetime
    switch_at: datetime | None
    headline: str
    sentence: str
    command: str
    urgent: bool
    way_back: str
    rehearsal: str
    phases: tuple[PhaseRow, ...]
    notes: tuple[str, ...] = ()


def board(
    left: Left,
    *,
    target: str,
    now: datetime,
    items: Sequence[Item] = (),
    sign_offs: Sequence[SignOff] = (),
    switch_at: datetime | None = None,
    way_back: str = "",
) -> Board:
    """Return what the room shows at `now`."""
    current = _candidate(left)
    phases = tuple(_phase(p, left, current, items, sign_offs, target, now) for p in Phase)
    headline, sentence, command, urgent = _next(phases, left, target)
    return Board(
        target=target,
        now=now,
        switch_at=switch_at or _switched(left),
        headline=headline,
        sentence=sentence,
        command=command,
        urgent=urgent,
        way_back=way_back,
        rehearsal=_rehearsal(left),
        phases=phases,
        notes=left.unreadable,
    )


# -- phases and their items -----------------------------------------------------------------------


def _phase(
    phase: Phase,
    left: Left,
    current: tuple[str, str],
    items: Sequence[Item],
    sign_offs: Sequence[SignOff],
    target: str,
    now: datetime,
) -> PhaseRow:
    report, live = left.reports.get(phase), left.lives.get(phase)
    judged = {row.id: row for row in report.checklist} if report else {}
    rows = tuple(
        _item(item, judged.get(item.id), sign_offs, target, now)
        for item in items
        if item.phase is phase and (not item.targets or target in item.targets)
    )
    if live is not None and report is not None and live.updated < report.finished:
        live = None  # what it watched has ended in that report
    return PhaseRow(
        phase=phase,
        verdict=str(report.verdict) if report else "not judged yet",
        action=_action(report, live),
        finished=report.finished if report else "",
        commit=_commit(report)[:_SHORT_COMMIT] if report else "",
        build=_build(report) if report else "",
        other=_other(report, current) if report else "",
        live=live,
        silent_s=live.silent_s(now) if live else 0.0,
        items=rows,
    )


def _item(
    item: Item, row: ChecklistItem | None, sign_offs: Sequence[SignOff], target: str, now: datetime
) -> ItemRow:
    mine = [one for one in sign_offs if one.item == item.id and one.target == target]
    newest = max(mine, key=lambda one: one.at, default=None)
    ends = newest.ends(item.valid_for_s) if newest else None
    expired = ends is not None and ends < now
    signing = item.evidence is EvidenceKind.SIGN_OFF
    state = row.unasked or str(row.verdict) if row else "not asked yet"
    if signing and newest and not expired and state != str(GateVerdict.PASS):
        state = "signed since"
    elif signing and expired:
        state = "signature expired"
    command = row.next if row else ""
    if signing and state not in (str(GateVerdict.PASS), "signed since", "not judged here"):
        command = f"pytest-cutover sign-off {item.id} --target={shlex.quote(target)} --note '…'"
    return ItemRow(
        id=item.id,
        title=row.title if row else item.title,
        state=state,
        owner=item.owner,
        signer=newest.by if newest else (row.signed_by if row else ""),
        expires=f"{ends:%Y-%m-%d %H:%M} UTC" if ends else "",
        command=command,
        evidence=row.evidence if row and not row.unasked else "",
    )


def _action(report: Report | None, live: Live | None) -> str:
    if live is not None and live.state is LiveState.WATCHING:
        verdict = Verdict.GO if live.certain else Verdict.INCONCLUSIVE
        return words_of(
            live.phase,
            verdict,
            live.action.name,
            baseline="the baseline",
            candidate="the candidate",
        ).action
    return summary.action(report) if report else ""


# -- which candidate ------------------------------------------------------------------------------


def _commit(report: Report) -> str:
    return report.environment.get("commit", "")


def _build(report: Report) -> str:
    return report.environment.get(str(Side.CANDIDATE), "")


def _candidate(left: Left) -> tuple[str, str]:
    """Commit and build of the candidate that the newest run judged."""
    newest = max(left.reports.values(), key=lambda one: one.finished, default=None)
    return (_commit(newest), _build(newest)) if newest else ("", "")


def _other(report: Report, current: tuple[str, str]) -> str:
    """Return what a report judged where that is not the candidate of the newest run.

    A build says it for both; the commit of the suite stands for one that nobody knows.
    """
    commit, build = _commit(report), _build(report)
    if build and current[1]:
        return f"another candidate: {build}, now {current[1]}" if build != current[1] else ""
    if commit and current[0] and commit != current[0]:
        return (
            f"another candidate: commit {commit[:_SHORT_COMMIT]}, now {current[0][:_SHORT_COMMIT]}"
        )
    return ""


# -- what is next ---------------------------------------------------------------------------------


def _next(phases: Sequence[PhaseRow], left: Left, target: str) -> tuple[str, str, str, bool]:
    """Return the headline, a sentence, the command, and whether it is urgent."""
    for row in phases:
        if row.watching and row.live is not None:
            live = row.live
            if row.silent_s:
                told = "Nobody can tell whether it still watches: look at its machine."
                return f"no news for {row.silent_s:.0f} s", told, live.action.command, True
            why = live.reasons[0] if live.reasons else live.line
            urgent = live.action.name in ("roll back", "prepare rollback") or not live.certain
            return row.action, why, live.action.command, urgent
    rolled_back = left.reports.get(Phase.ROLLBACK)
    newest = max(left.reports.values(), key=lambda one: one.finished, default=None)
    if newest is None:
        command = f"pytest --cutover-target={shlex.quote(target)}"
        return "begin: judge the phase pre-cutover", "Nothing was judged yet.", command, False
    if newest is rolled_back and newest.verdict is _DONE:
        return summary.action(newest), summary.answer(newest), summary.next_command(newest), False
    if newest.verdict is not _DONE:
        urgent = newest.action is not None and newest.action.name in ("roll back",)
        return summary.decision(newest), _why(newest), summary.next_command(newest), urgent
    following = (
        next((row for row in phases if row.verdict != str(_DONE) or row.other), None)
        if phase_named(newest.phase) is not Phase.POST_CUTOVER
        else None
    )
    if following is None or following.phase is Phase.ROLLBACK:
        return summary.action(newest), summary.answer(newest), summary.next_command(newest), False
    command = f"pytest --cutover-target={shlex.quote(target)} --cutover-phase={following.phase}"
    left_open = Counter(item.state for item in following.items)
    told = ", ".join(f"{number} {state}" for state, number in left_open.most_common())
    return f"next: {following.phase}", following.other or told, command, False


def _why(report: Report) -> str:
    for blocker in summary.blockers(report):
        return f"{blocker.gate.code} {blocker.place}: {blocker.seen}".replace(" : ", ": ")
    return summary.answer(report)


def _switched(left: Left) -> datetime | None:
    """When the switch was confirmed, where no moment is configured."""
    report = left.reports.get(Phase.SWITCH)
    if report is None or report.verdict is not Verdict.GO:
        return None
    return datetime.fromisoformat(report.finished)


def _rehearsal(left: Left) -> str:
    """How the way back was rehearsed last, and when."""
    found = [
        (report.finished, row)
        for report in left.reports.values()
        for row in report.checklist
        if row.id == _REHEARSAL and not row.unasked
    ]
    if not found:
        return ""
    finished, row = max(found, key=lambda one: one[0])
    return f"{row.verdict}, {finished[:16].replace('T', ' ')} UTC: {row.evidence}"
