"""How waivers read in the report: the limit of a gate, its sentence, and entries past their use.

Called by ``gates``. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pytest_cutover.performance.evidence import format as shown
from pytest_cutover.performance.evidence.waivers import Waiver, by_own_limit
from pytest_cutover.performance.stats.decision import Decision, RuleVerdict
from pytest_cutover.report.accepted_view import shown_entry
from pytest_cutover.report.model import Accepted, Gate, GateVerdict

WAIVED = ", waived"
"""How the title of such a gate ends."""

_BY_OWN = {
    RuleVerdict.PASS: "is kept too: remove the entry",
    RuleVerdict.FAIL: "is broken",
    RuleVerdict.INCONCLUSIVE: "is not shown to be kept",
}


def waived_limit(decision: Decision, waiver: Waiver) -> str:
    """Both limits."""
    return f"{shown.limit(decision)} instead of {shown.limit(by_own_limit(decision, waiver))}"


def waived_sentence(decision: Decision, waiver: Waiver) -> str:
    """Who agreed to what, until when, and what would be without it."""
    entry, own = waiver.entry, by_own_limit(decision, waiver)
    return (
        f"waived until {entry.expires} by {entry.approver}: {entry.reason} "
        f"(its own limit of {shown.limit(own)} {_BY_OWN[own.verdict]})"
    )


def waiver_notes(gates: Iterable[Gate]) -> Iterator[str]:
    """Yield a line for each gate that was judged by a raised limit: a pass is not listed
    otherwise.
    """
    for gate in gates:
        if gate.title.endswith(WAIVED):
            what = f"{gate.title.removesuffix(WAIVED)} {gate.place}".strip()
            yield f"performance: {what} is {gate.message.split('; ')[0]}"


def waiver_gates(waivers: Iterable[Waiver], *, full: bool) -> Iterator[Gate]:
    """Yield the entries that have had their day, and in a full run those that are about nothing."""
    known = list(waivers)
    expired = [f"{_named(one)}: review it again, or remove it" for one in known if one.expired]
    unused = [f"{_named(one)}: {one.why_not}" for one in known if one.why_not and not one.expired]
    for code, title, entries, judged in (
        ("CUT104", "waiver expired", expired, True),
        ("CUT105", "waiver unused", unused, full),
    ):
        if not known or not judged:
            continue
        yield Gate(
            id=f"performance.{title.replace(' ', '-')}",
            code=code,
            title=title,
            verdict=GateVerdict.FAIL if entries else GateVerdict.PASS,
            limit="0 entries",
            observed=str(len(entries)),
            message="; ".join(entries),
        )


def _named(one: Waiver) -> str:
    return f"entry {one.entry.place} ({one.entry.signature})"


def accepted_entry(one: Waiver) -> Accepted:
    """Return an entry among the accepted differences of the report."""
    return shown_entry(one.entry, today=one.today, matched=int(one.holds))
