"""Collects evidence on the controller, decides once, writes the report, sets the exit status."""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.backends.exchange import Side
from pytest_cutover.backends.state import SessionState
from pytest_cutover.gate.evidence import (
    PROPERTY,
    Outcome,
    Problem,
    RunEvidence,
    gathered,
)
from pytest_cutover.gate.narrowing import how_narrowed
from pytest_cutover.gate.own import own_contribution
from pytest_cutover.gate.verdict import Contribution, decide, exit_status
from pytest_cutover.report.model import (
    Backend,
    Counts,
    Gate,
    GateVerdict,
    NotJudged,
    Report,
    Verdict,
)

REPORT = pytest.StashKey[Report]()
# What only a real environment can show; `staging` and `production` have it.
_NEEDS_A_REAL_ENVIRONMENT = (
    "containers",
    "production's environment variables and secrets",
    "real users and the people on call",
)


class GatePlugin:
    """The controller's side of a run, or the whole of it without workers."""

    def __init__(self, config: pytest.Config, state: SessionState) -> None:
        self._config = config
        self._state = state
        self._texts: list[str] = []
        self._outcomes: dict[str, Outcome] = {}
        self.problems: list[Problem] = []
        self.deselected = 0
        self._started = datetime.now(UTC)
        self._write_error = ""

    # -- gathering ------------------------------------------------------------------------------

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Count what was left out of the suite."""
        self.deselected += len(items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the evidence and the outcome of every phase, in whatever order they arrive."""
        for name, value in report.user_properties:
            if name == PROPERTY:
                self._texts.append(str(value))
        word = _word(report)
        if word is not None:
            known = self._outcomes.get(report.nodeid)
            if known is None or known.word in ("passed",):
                reason = _reason(report) if word != "passed" else ""
                self._outcomes[report.nodeid] = Outcome(report.nodeid, word, reason)

    def pytest_keyboard_interrupt(self) -> None:
        """An interrupted run has not seen everything."""
        self.problems.append(
            Problem("CUT307", "interrupted", "the run was interrupted; what it did not reach is "
                    "not judged. Run it again.")
        )

    def pytest_internalerror(self, excrepr: object) -> None:
        """A run that broke cannot vouch for anything."""
        self.problems.append(
            Problem("CUT307", "internal error", "pytest or a plugin broke; its error stands above. "
                    "What came after is not judged.")
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be collected holds tests that nobody asked."""
        if report.failed:
            self.problems.append(
                Problem("CUT303", "collection", f"{report.nodeid} could not be collected: its "
                        "tests are missing.", (report.nodeid,))
            )

    # -- deciding -------------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Decide, write every artifact, and set the exit status."""
        option = self._config.option
        if option.collectonly or getattr(option, "setupplan", False):
            return
        evidence = self._evidence(session)
        if not self._state.asked and not evidence.tests and not evidence.problems:
            return
        report = self._report(evidence)
        self._config.stash[REPORT] = report
        self._write(report)
        session.exitstatus = exit_status(
            self._config.stash[REPORT].verdict,
            asked=self._state.asked,
            pytest_status=int(session.exitstatus),
        )

    def _evidence(self, session: pytest.Session) -> RunEvidence:
        for side, why in self._state.problems.items():
            self.problems.append(Problem("CUT302", f"{side} unreachable", why))
        if session.shouldstop or session.shouldfail:
            why = session.shouldstop or session.shouldfail
            self.problems.append(
                Problem("CUT307", "stopped early", f"the run stopped early: {why}. What it did not "
                        "reach is not judged.")
            )
        narrowed = how_narrowed(self._config)
        if self.deselected and not narrowed:
            narrowed = f"{self.deselected} items deselected"
        return RunEvidence(
            tests=gathered(self._texts),
            outcomes=dict(self._outcomes),
            problems=tuple(dict.fromkeys(self.problems)),
            narrowed=narrowed,
            recording=self._state.recording,
            deselected=self.deselected,
        )

    def _report(self, evidence: RunEvidence) -> Report:
        contributions: list[Contribution] = [own_contribution(evidence)]
        contributions += [
            part
            for part in self._config.hook.pytest_cutover_judge(
                config=self._config, evidence=evidence
            )
            if part is not None
        ]
        required = self._state.config.required(self._state.target)
        gates = [
            replace(gate, required=gate.required and part.family in ("evidence", *required))
            for part in contributions
            for gate in part.gates
        ]
        gates += _unjudged(required, contributions)
        verdict = decide(gates, narrowed=bool(evidence.narrowed) or evidence.recording)
        return self._assembled(verdict, gates, contributions, evidence)

    def _assembled(
        self,
        verdict: Verdict,
        gates: list[Gate],
        contributions: list[Contribution],
        evidence: RunEvidence,
    ) -> Report:
        state = self._state

        def all_of(name: str) -> tuple[Any, ...]:
            return tuple(entry for part in contributions for entry in getattr(part, name))

        not_judged = list(all_of("not_judged"))
        if state.target.launched:
            not_judged += [
                NotJudged(title=title, reason="only a real environment can show it")
                for title in _NEEDS_A_REAL_ENVIRONMENT
            ]
        counts = next((part.counts for part in contributions if part.counts), Counts())
        return Report(
            verdict=verdict,
            target=state.target.name,
            phase=state.phase,
            started=_timestamp(self._started),
            finished=_timestamp(datetime.now(UTC)),
            baseline=Backend("baseline", state.urls.get(Side.BASELINE, "")),
            candidate=Backend("candidate", state.urls.get(Side.CANDIDATE, "")),
            gates=tuple(gates),
            findings=all_of("findings"),
            latency=all_of("latency"),
            load=all_of("load"),
            resources=all_of("resources"),
            coverage=all_of("coverage"),
            checklist=all_of("checklist"),
            rules=all_of("rules"),
            accepted=all_of("accepted"),
            not_judged=tuple(not_judged),
            stale_goldens=all_of("stale_goldens"),
            tests=replace(counts, deselected=evidence.deselected),
            environment=_environment(state),
            notes=all_of("notes"),
        )

    # -- writing and telling --------------------------------------------------------------------

    def _write(self, report: Report) -> None:
        from pytest_cutover.gate.artifacts import write_artifacts

        try:
            write_artifacts(report, self._state.report_dir, self._state.secrets.scrub)
        except Exception as error:
            self._write_error = str(error)
            gate = Gate(
                id="evidence.report",
                code="CUT309",
                title="report not written",
                verdict=GateVerdict.INCONCLUSIVE,
                place=str(self._state.report_dir),
                limit="every artifact written",
                observed=type(error).__name__,
                message=self._write_error,
            )
            verdict = (
                report.verdict if report.verdict is Verdict.NO_GO else Verdict.INCONCLUSIVE
            )
            self._config.stash[REPORT] = replace(
                report, verdict=verdict, gates=(*report.gates, gate)
            )
        finally:
            shutil.rmtree(self._state.spool_dir, ignore_errors=True)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The last screen: the decision first, then what blocks it, then what to do next."""
        report = self._config.stash.get(REPORT, None)
        if report is None:
            return
        from pytest_cutover.gate.screen import show

        show(report, terminalreporter, self._state.report_dir, self._state.secrets.scrub)
        for running in self._state.problems.values():
            if self._config.get_verbosity() >= 0 and "\n" in running:
                terminalreporter.write_line(running)


def _unjudged(required: Iterable[str], contributions: list[Contribution]) -> list[Gate]:
    """A family that must be judged and was not: inconclusive, never passed."""
    judged = {part.family for part in contributions if part.gates}
    return [
        Gate(
            id=f"{family}.missing",
            code="CUT210" if family == "performance" else "CUT301",
            title=f"{family} not judged",
            verdict=GateVerdict.INCONCLUSIVE,
            limit="judged",
            observed="no evidence",
            message=f"[gate] require names {family}, and nothing in this run measured it.",
        )
        for family in required
        if family not in judged
    ]


def _word(report: pytest.TestReport) -> str | None:
    if hasattr(report, "wasxfail"):
        return "xfailed" if report.skipped or report.failed else "xpassed"
    if report.skipped:
        return "skipped"
    if report.failed:
        return "failed" if report.when == "call" else "error"
    return "passed" if report.when == "call" else None


def _reason(report: pytest.TestReport) -> str:
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        return str(crash.message).splitlines()[0] if crash.message else ""
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2])
    lines = str(report.longrepr or "").strip().splitlines()
    return lines[0] if lines else ""


def _timestamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _environment(state: SessionState) -> dict[str, str]:
    environment = {
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "run": state.run_id,
    }
    for name in ("pytest-cutover", "pytest", "httpx", "syrupy"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            environment[name] = metadata.version(name)
    for variable in ("GITHUB_SHA", "CI_COMMIT_SHA", "GIT_COMMIT"):
        if os.environ.get(variable):
            environment["commit"] = os.environ[variable]
            break
    else:
        commit = _head(Path.cwd())
        if commit:
            environment["commit"] = commit
    environment["command"] = f"pytest {' '.join(sys.argv[1:])}"
    environment["seconds"] = f"{time.time() - state.started_s:.0f}"
    return environment


def _head(directory: Path) -> str:
    """The commit that is checked out, read without running git."""
    with contextlib.suppress(OSError):
        for folder in (directory, *directory.parents):
            head = folder / ".git" / "HEAD"
            if head.is_file():
                text = head.read_text("utf-8").strip()
                if text.startswith("ref: "):
                    return (folder / ".git" / text[5:]).read_text("utf-8").strip()
                return text
    return ""
