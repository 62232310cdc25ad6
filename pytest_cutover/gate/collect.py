"""From the contributions of all rooms to one report with its verdict."""

from __future__ import annotations

import contextlib
import os
import platform
import shlex
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from typing import Any

from pytest_cutover.backends.session import Session
from pytest_cutover.config.run_plan import RunPlan
from pytest_cutover.core.checkout import commit_of
from pytest_cutover.core.codes import Code
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.run_evidence import RunEvidence
from pytest_cutover.gate.causes.explanations import confirmed
from pytest_cutover.gate.order import ordered
from pytest_cutover.gate.remembered import remembered
from pytest_cutover.gate.verdict import Contribution, decide, with_requirement
from pytest_cutover.report.io.gate_json import ReportUnreadable, read_report
from pytest_cutover.report.io.pull_request import under_review
from pytest_cutover.report.model import (
    Action,
    BackendInfo,
    Counts,
    Gate,
    GateVerdict,
    NotJudged,
    Report,
    Verdict,
)

# What only a real environment can show; `staging` and `production` have it.
_NEEDS_A_REAL_ENVIRONMENT = (
    "containers",
    "production's environment variables and secrets",
    "real users and the people on call",
)
_HOLD = "Do not move traffic until what is open is closed."
_COMMIT_VARIABLES = ("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT")


def assembled(
    session: Session,
    evidence: RunEvidence,
    contributions: Sequence[Contribution],
    *,
    codes: Mapping[str, Code],
    started: datetime,
    arguments: Iterable[str],
) -> Report:
    """Return the report of a run, in its order. `arguments` are the words pytest was called with.

    `codes` say how much a gate matters.
    """
    plan = session.plan
    required = plan.required
    gates = [gate for part in contributions for gate in with_requirement(part, required)]
    gates += _one_backend(session, evidence)
    gates += _unjudged(required, contributions, evidence)
    gates = [_repeatable(gate, evidence) for gate in gates]

    def all_of(name: str) -> tuple[Any, ...]:
        return tuple(entry for part in contributions for entry in getattr(part, name))

    narrowed = bool(evidence.narrowed) or evidence.recording
    verdict = decide(gates, narrowed=narrowed, incomplete=evidence.incomplete)
    counts = next((part.counts for part in contributions if part.counts), Counts())
    report = Report(
        verdict=verdict,
        narrowed=evidence.narrowed,
        target=plan.target.name,
        phase=str(plan.phase),
        started=_timestamp(started),
        finished=_timestamp(datetime.now(UTC)),
        baseline=BackendInfo(_name(plan, Side.BASELINE), session.urls.get(Side.BASELINE, "")),
        candidate=BackendInfo(_name(plan, Side.CANDIDATE), session.urls.get(Side.CANDIDATE, "")),
        gates=tuple(gates),
        findings=confirmed(
            all_of("findings"),
            frozenset(name for one in evidence.tests for name in one.alike),
            _blind(evidence),
        ),
        latency=all_of("latency"),
        load=all_of("load"),
        resources=all_of("resources"),
        account=all_of("account"),
        requests=sum(part.requests for part in contributions),
        coverage=all_of("coverage"),
        generated=all_of("generated"),
        checklist=all_of("checklist"),
        rules=all_of("rules"),
        violations=all_of("violations"),
        exchanges=all_of("exchanges"),
        exchanges_left_out=sum(part.exchanges_left_out for part in contributions),
        accepted=all_of("accepted"),
        not_judged=(*_set_aside(session), *all_of("not_judged"), *_only_elsewhere(plan)),
        stale_goldens=all_of("stale_goldens"),
        tests=replace(counts, deselected=evidence.deselected),
        environment=_environment(session, arguments),
        notes=(*session.notes, *all_of("notes")),
        action=_where_it_can_be_done(_action(verdict, evidence, contributions), plan),
        under_review=under_review(
            plan.config.root,
            accepted=plan.config.accepted_path_for(plan.target),
            goldens=plan.config.snapshots_path,
            environ=os.environ,
        ),
    )
    asked = [one.nodeid for one in evidence.tests]
    return ordered(remembered(report, _before(plan), asked), codes)


def _blind(evidence: RunEvidence) -> frozenset[str]:
    """Return the tests that do not say what both sides do alike, by all the names they have."""
    silent = [one for one in evidence.tests if one.differences and not one.alike]
    items = (name for one in silent for name in (one.nodeid, one.test))
    return frozenset((*items, *(each.test for one in silent for each in one.differences)))


def _before(plan: RunPlan) -> Report | None:
    """Return what the last run left in the same folder, if it can be read."""
    try:
        return read_report(plan.report_dir / "gate.json")
    except ReportUnreadable:
        return None


def _name(plan: RunPlan, side: Side) -> str:
    """Return what screens call a side: the framework that its profile names, where the two
    differ.
    """
    names = {
        each: next((name for name in plan.spec(each).profile if name != "process"), "")
        for each in Side
    }
    told = names[Side.BASELINE] != names[Side.CANDIDATE]
    return (told and names[side]) or str(side)


def _action(
    verdict: Verdict, evidence: RunEvidence, contributions: Iterable[Contribution]
) -> Action | None:
    """Return what a room says is to be done; after a part of the suite agreed, to run the whole of
    it.

    Traffic is switched on a GO only, whatever a room found.
    """
    asked = next((part.action for part in contributions if part.action is not None), None)
    if asked is not None and asked.name == "switch" and verdict is not Verdict.GO:
        asked = Action(command="", name="hold", sentence=_HOLD)
    urgent = asked is not None and asked.name == "roll back"
    if verdict is Verdict.PARTIAL and not urgent:
        return Action(command=evidence.command.whole(), name=asked.name if asked else "")
    return asked


def _where_it_can_be_done(action: Action | None, plan: RunPlan) -> Action | None:
    """Leave the phases out for backends that the run launched: they have no traffic to switch."""
    if action is not None and action.name == "switch" and plan.target.launched:
        return None
    return action


def _only_elsewhere(plan: RunPlan) -> list[NotJudged]:
    if not plan.target.launched:
        return []
    return [
        NotJudged(title=title, reason="only a real environment can show it")
        for title in _NEEDS_A_REAL_ENVIRONMENT
    ]


def _set_aside(session: Session) -> list[NotJudged]:
    """Return what other phases ask and judge, in one line; nothing of it was asked here."""
    families = [str(one.family) for one in session.plan.set_aside]
    tests = len(session.set_aside)
    if not families and not tests:
        return []
    counted = f"{tests} test{'' if tests == 1 else 's'} set aside" if tests else ""
    title = ", ".join(families) or "the suite"
    return [
        NotJudged(
            title=f"{title} ({counted})" if counted else title,
            reason=f"in the phase {session.plan.phase} only the checklist runs",
        )
    ]


def _repeatable(gate: Gate, evidence: RunEvidence) -> Gate:
    """Give a gate that names no command the one that runs its first test again on this target."""
    return gate if gate.next else replace(gate, next=evidence.again(gate.nodeids))


def _one_backend(session: Session, evidence: RunEvidence) -> list[Gate]:
    """Return a backend that was compared with itself says nothing about another."""
    if not (session.plan.target.one_backend and evidence.suite):
        return []
    return [
        Gate(
            id="evidence.one-backend",
            code="CUT310",
            title="one backend",
            verdict=GateVerdict.INCONCLUSIVE,
            place=session.urls.get(Side.CANDIDATE, ""),
            limit="two backends",
            observed="one on both sides",
            message="baseline and candidate are the same server, which agrees with itself. Give "
            "the candidate's own URL, or the header that leads to it.",
            next=evidence.command.whole(),
        )
    ]


def _unjudged(
    required: Iterable[str], contributions: Iterable[Contribution], evidence: RunEvidence
) -> list[Gate]:
    """Return a family that must be judged and was not: inconclusive, never passed."""
    judged = {part.family for part in contributions if part.gates}
    return [
        Gate(
            id=f"{family}.missing",
            code="CUT210" if family == "performance" else "CUT301",
            title=f"{family} not judged",
            verdict=GateVerdict.INCONCLUSIVE,
            limit="judged",
            observed="no evidence",
            message=f"{family} is required here, and nothing in this run measured it.",
            next=evidence.command.whole(),
        )
        for family in required
        if family not in judged
    ]


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _environment(session: Session, arguments: Iterable[str]) -> dict[str, str]:
    plan = session.plan
    environment = {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "run": plan.run_id,
    }
    for name in ("pytest-cutover", "pytest", "httpx", "syrupy"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            environment[name] = metadata.version(name)
    given = (os.environ[name] for name in _COMMIT_VARIABLES if os.environ.get(name))
    commit = next(given, None) or commit_of(plan.config.root)
    if commit:
        environment["commit"] = commit
    environment |= {str(side): build for side, build in session.builds.items()}
    environment["command"] = " ".join(["pytest", *map(shlex.quote, arguments)])
    environment["seconds"] = f"{time.time() - plan.started_s:.0f}"
    return environment
