"""What every page says first: the decision, what blocks it, and the one thing to do next.

Shared by the renderers so that the terminal, the comment and the page never tell three stories.
Strings are still raw here; the renderers neutralise them.
"""

from __future__ import annotations

import shlex
from collections import defaultdict
from collections.abc import Iterable, Sequence

from pytest_cutover.core.nodeid import SEED
from pytest_cutover.core.numbers import number
from pytest_cutover.report.accepted_view import decisions
from pytest_cutover.report.blocker import Blocker
from pytest_cutover.report.measured import Distribution
from pytest_cutover.report.model import (
    Accepted,
    Finding,
    Gate,
    GateVerdict,
    Latency,
    Report,
    UnderReview,
    Verdict,
)
from pytest_cutover.report.phase_words import (
    TRAFFIC,
    PhaseWords,
    Traffic,
    phase_named,
    words_of,
)

#: Accepted differences that expire within this many days are announced.
SOON_DAYS = 30

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def blockers(report: Report) -> tuple[Blocker, ...]:
    """Return what keeps the answer from GO, in the order that the gate room gave them."""
    if not report.blockers:
        return _unordered(report)
    gates = {gate.id: gate for gate in report.gates}
    findings = {finding.id: finding for finding in report.findings}
    causes = {cause.id: cause for cause in report.causes}
    return tuple(
        Blocker(
            gates[row.gate],
            findings.get(row.finding),
            causes.get(row.cause),
            tuple(gates[name] for name in row.others if name in gates),
        )
        for row in report.blockers
        if row.gate in gates
    )


def _unordered(report: Report) -> tuple[Blocker, ...]:
    """Return the blockers of a report that lists none, as versions wrote that knew of no
    severity.
    """
    findings = _by_code(open_findings(report))
    found: list[Blocker] = []
    for gate in failed(report):
        mine = findings.pop(gate.code, [])
        found += [Blocker(gate, finding) for finding in mine] or [Blocker(gate)]
    if report.verdict is not Verdict.PARTIAL:
        found += [Blocker(gate) for gate in inconclusive(report) if gate.required]
    return tuple(found)


def first(blocking: Sequence[Blocker], limit: int) -> tuple[Blocker, ...]:
    """Return the first blockers, in their order, but one of each gate before a second of any.

    Otherwise a gate with a hundred findings would hide that another gate failed too.
    """
    seen: set[str] = set()
    leading: list[int] = []
    following: list[int] = []
    for place, blocker in enumerate(blocking):
        (following if blocker.gate.id in seen else leading).append(place)
        seen.add(blocker.gate.id)
    return tuple(blocking[place] for place in sorted((leading + following)[:limit]))


def failed(report: Report) -> list[Gate]:
    """Return the gates that failed."""
    return [gate for gate in report.gates if gate.verdict is GateVerdict.FAIL]


def inconclusive(report: Report) -> list[Gate]:
    """Return the gates that could not answer."""
    return [gate for gate in report.gates if gate.verdict is GateVerdict.INCONCLUSIVE]


def passed(report: Report) -> list[Gate]:
    """Return the gates that passed."""
    return [gate for gate in report.gates if gate.verdict is GateVerdict.PASS]


def open_findings(report: Report) -> list[Finding]:
    """Return the findings that nobody accepted."""
    return [finding for finding in report.findings if finding.accepted is None]


def words(report: Report) -> PhaseWords:
    """Question, answer and action in the words of the phase that was judged."""
    return words_of(
        report.phase,
        report.verdict,
        report.action.name if report.action else "",
        baseline=report.baseline.name,
        candidate=report.candidate.name,
    )


def to_be_reviewed(report: Report) -> list[Finding]:
    """Return the findings that nobody accepted: of this run, and of an earlier one that asked
    more.
    """
    return [*open_findings(report), *report.remembered]


def answer(report: Report) -> str:
    """Return what the verdict means, in words that claim no more than was judged."""
    if _before_the_switch(report) and report.verdict is Verdict.GO and report.not_judged:
        unknown = plural(len(report.not_judged), "thing")
        return f"nothing judged here speaks against the switch; {unknown} could not be judged"
    return words(report).answer


def decision(report: Report) -> str:
    """Return the verdict and the action, as a headline: "NO-GO · do not switch"."""
    return f"{report.verdict} · {action(report)}"


def action(report: Report) -> str:
    """Return what is to be done, as a headline."""
    if _claims_less(report):
        return "nothing judged here speaks against the switch"
    return words(report).action


def _claims_less(report: Report) -> bool:
    """Whether a GO was given where no traffic is: the switch is decided elsewhere."""
    elsewhere = report.action is None and bool(report.not_judged)
    return report.verdict is Verdict.GO and elsewhere and _before_the_switch(report)


def _before_the_switch(report: Report) -> bool:
    return TRAFFIC[phase_named(report.phase)] is Traffic.ON_BASELINE


def scope(report: Report) -> str:
    """For which target and phase it was asked, and what: the question of the phase."""
    return f"{report.target}, {report.phase}: {words(report).question}"


def instruction(report: Report) -> str:
    """Return what carries out the action, in a sentence; empty where the headline says all of
    it.
    """
    if report.action is None or (report.action.name == "hold" and _before_the_switch(report)):
        return ""
    return report.action.sentence


def account(report: Report) -> str:
    """Return what became of everything that was observed, counted; empty where nothing was
    compared.
    """
    rows = report.account
    if not rows:
        return ""
    agreed = bool(report.findings) and all(one.accepted for one in report.findings)
    counts = {
        "constrained": sum(row.constrained for row in rows),
        "accepted" if agreed else "different": sum(row.different for row in rows),
        "waived": sum(row.waived for row in rows),
        "open": sum(row.open for row in rows),
    }
    told = [f"{n:,} {name}" for name, n in counts.items() if n or name == "open"]
    exact = plural(sum(row.exact for row in rows), "place")
    return f"{plural(report.requests, 'request')}: {exact} exact, {', '.join(told)}"


def to_review(report: Report) -> UnderReview | None:
    """Return what this pull request changed in the evidence, if it changed any or that is not
    known.
    """
    return None if report.under_review == UnderReview() else report.under_review


def changes(review: UnderReview) -> str:
    """Return what changed, counted: "this change itself brings 1 accepted difference, 3
    goldens".
    """
    counted = []
    if review.accepted:
        counted.append(plural(len(review.accepted), "accepted difference"))
    if review.goldens:
        counted.append(f"{plural(len(review.goldens), 'golden')} recorded, changed or removed")
    return f"this change itself brings {', '.join(counted)}; gate.md lists them"


def headline(report: Report) -> str:
    """How the gates stand, in one phrase: "2 of 7 gates failed, 1 inconclusive"."""
    count = len(report.gates)
    parts = []
    if failed(report):
        parts.append(f"{len(failed(report))} of {plural(count, 'gate')} failed")
    undecided = [gate for gate in inconclusive(report) if gate.required]
    if undecided:
        of = "" if parts else f" of {plural(count, 'gate')}"
        parts.append(f"{len(undecided)}{of} inconclusive")
    # They block nothing, and so stand in no list of blockers.
    unasked = len(inconclusive(report)) - len(undecided)
    if parts and unasked:
        parts.append(f"{plural(unasked, 'optional gate')} undecided")
    if parts:
        return ", ".join(parts)
    return f"{plural(count, 'gate')} passed" if count else "no gate was judged"


def evidence(report: Report) -> list[str]:
    """Return what the answer rests on, in phrases: tests, goldens, accepted differences."""
    tests = report.tests
    items = sum(not one.unasked for one in report.checklist)
    if items and not tests.both_sides:
        phrases = [f"{plural(items, 'item')} of the checklist asked"]
    else:
        phrases = [f"{plural(tests.both_sides, 'test')} on both backends"]
    counts = {
        "failed": tests.failed,
        "skipped": tests.skipped,
        "on one side only": tests.one_side,
        "unrecorded": tests.unrecorded,
        "sent no request": tests.no_request,
    }
    phrases += [f"{number:,} {name}" for name, number in counts.items() if number]
    if tests.stale or report.stale_goldens:
        phrases.append(f"{plural(max(tests.stale, len(report.stale_goldens)), 'golden')} stale")
    if report.accepted:
        phrases.append(f"{_accepted(report.accepted)}{_expiry(report.accepted)}")
    return phrases


def next_command(report: Report) -> str:
    """Return the one command to run now, or nothing after a GO that asks for nothing."""
    if report.action is not None and report.action.command:
        return report.action.command
    for blocker in blockers(report):
        return _repeat(blocker)
    if report.verdict is Verdict.PARTIAL:
        return f"pytest --cutover-target={shlex.quote(report.target)}"
    return ""


def explain_command(code: str) -> str:
    """Return the command that explains a code."""
    return f"pytest-cutover explain {code}"


def remedies(report: Report) -> list[str]:
    """Return what would change the answer, one sentence for each kind of blocker."""
    told = instruction(report)  # where this is shown, it stands beside what is next
    sentences = [report.action.sentence] if report.action and report.action.sentence else []
    sentences = [one for one in sentences if one != told]
    pending = [blocker for blocker in blockers(report) if blocker.finding]
    if pending:
        found = plural(len(open_findings(report)), "finding")
        causes = plural(len(pending), "cause")
        what = found if len(pending) == len(open_findings(report)) else f"{causes} ({found})"
        sentences.append(
            f"Repair {what} in the candidate, or accept each with scope,"
            " reason, approver and expiry (pytest-cutover review)."
        )
    known = {blocker.gate.id for blocker in pending}
    others = [gate for gate in failed(report) if gate.id not in known]
    if others:
        sentences.append(f"Fix what failed: {_gates(others)}.")
    if report.verdict is Verdict.PARTIAL:
        sentences.append("Run the whole suite: a part of it can say NO-GO, never GO.")
        return sentences
    lacking = [gate for gate in inconclusive(report) if gate.required]
    if lacking:
        sentences.append(f"Settle what is still open: {_gates(lacking)}.")
    return sentences


def quantiles(row: Latency) -> list[tuple[str, str, str]]:
    """Each quantile and the maximum, as numbers: (name, candidate, baseline)."""
    mine, other = _quantiles(row.candidate), _quantiles(row.baseline)
    names = ("P50", "P95", "P99", "max")
    return [(n, number(a), number(b)) for n, a, b in zip(names, mine, other, strict=True)]


def _quantiles(side: Distribution | None) -> tuple[float | None, ...]:
    if side is None:
        return (None,) * 4
    return side.p50_ms.estimate, side.p95_ms.estimate, side.p99_ms.estimate, side.max_ms


def plural(number: int, noun: str) -> str:
    """Return the number with its noun: "1 gate", "2 gates"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def day(date: str) -> str:
    """Return an ISO date as people say it, "3 Dec"; anything else as it is."""
    try:
        _, month, number = date.split("-")
        return f"{int(number)} {_MONTHS[int(month) - 1]}"
    except (ValueError, IndexError):
        return date


def _by_code(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    grouped: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        grouped[finding.code].append(finding)
    return grouped


def _gates(gates: Sequence[Gate]) -> str:
    """Return the first gates by name and place, the others counted."""
    names = [f"{gate.title} ({gate.place})" if gate.place else gate.title for gate in gates[:3]]
    more = [f"{len(gates) - 3} more"] if len(gates) > 3 else []
    return ", ".join([*names, *more])


def _accepted(entries: Sequence[Accepted]) -> str:
    """How many there are: "36 accepted differences in 6 decisions"."""
    number, told = decisions(entries), plural(len(entries), "accepted difference")
    return told if number == len(entries) else f"{told} in {plural(number, 'decision')}"


def _expiry(entries: Iterable[Accepted]) -> str:
    expired = sum(1 for entry in entries if entry.days_left < 0)
    if expired:
        return f" ({expired} expired)"
    soon = sorted(entry.expires for entry in entries if entry.days_left <= SOON_DAYS)
    if not soon:
        return ""
    count = soon.count(soon[0])
    return f" ({count} expire{'s' if count == 1 else ''} {day(soon[0])})"


def repeat_command(entry: Gate | Finding) -> str:
    """Return the command that repeats the first test behind it, or else explains its code."""
    for nodeid in entry.nodeids[:1]:
        return "pytest" if nodeid == SEED else f"pytest {_quoted(nodeid)}"
    return explain_command(entry.code)


def _repeat(blocker: Blocker) -> str:
    return blocker.gate.next or repeat_command(blocker.finding or blocker.gate)


def _quoted(nodeid: str) -> str:
    """Return the node id for a shell, in the double quotes people expect where they suffice."""
    return shlex.quote(nodeid) if any(sign in nodeid for sign in '"$`\\!') else f'"{nodeid}"'
