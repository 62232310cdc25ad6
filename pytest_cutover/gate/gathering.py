"""What a run gathers on the controller until it is over: evidence, outcomes, what went wrong."""

from __future__ import annotations

import shlex

import pytest

from pytest_cutover.backends.markers import is_evidence
from pytest_cutover.backends.session import Session
from pytest_cutover.core.evidence import TEST
from pytest_cutover.core.run_evidence import ItemOutcome, RunEvidence, RunProblem
from pytest_cutover.gate.outcome import outcome_of, worse

_INTERRUPTED = "interrupted"


class RunGathering:
    """The run as it arrives, in whatever order; `evidence` is what the gate decides by.

    `problems`, `deselected` and `narrowing` are told by workers too.
    """

    def __init__(self, session: Session) -> None:
        self._plan, self._session = session.plan, session
        self._from_outside = False
        self.outcomes: dict[str, ItemOutcome] = {}
        self.problems: list[RunProblem] = []
        self.deselected = 0
        self.narrowing: set[str] = set()

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Count what was left out of the suite."""
        self.deselected += len(items)
        self.narrowing.update(item.nodeid for item in items if is_evidence(item))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the evidence and the outcome of every phase, in whatever order they arrive."""
        self._session.received.add(report.user_properties)
        outcome = outcome_of(report)
        if outcome is not None:
            known = self.outcomes.get(report.nodeid)
            self.outcomes[report.nodeid] = worse(known, outcome)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note that an interrupted run has not seen everything."""
        self.interrupted(excinfo.value)

    def interrupted(self, why: BaseException) -> None:
        """Note what ended the run before it had ended by itself."""
        # pytest-xdist ends a run that has to stop (-x) by an interrupt of its own type.
        self._from_outside |= isinstance(why, pytest.exit.Exception) or (
            type(why) is KeyboardInterrupt
        )
        said = f" ({why.msg})" if isinstance(why, pytest.exit.Exception) else ""
        self._incomplete(
            _INTERRUPTED,
            f"the run was interrupted{said}; what it did not reach is not judged. Run it again.",
        )

    def pytest_internalerror(self) -> None:
        """Note that a run that broke cannot vouch for anything."""
        self._incomplete(
            "internal error",
            "pytest or a plugin broke; its error stands above. What came after is not judged.",
        )

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that cannot be collected: it holds tests that nobody asked."""
        if report.failed:
            where = report.nodeid or "the suite"
            message = f"{where} could not be collected: its tests are missing."
            self.problems.append(RunProblem("CUT303", "collection", message, (report.nodeid,)))

    def _incomplete(self, title: str, message: str) -> None:
        self.problems.append(RunProblem("CUT307", title, message))

    # -- when it is over ------------------------------------------------------------------------

    def evidence(self, session: pytest.Session) -> RunEvidence:
        """Return all that the run gathered, once it is over."""
        self._add_problems_of_sides()
        if session.shouldstop or session.shouldfail:
            why = session.shouldstop or session.shouldfail
            if not self._from_outside:
                self.problems = [one for one in self.problems if one.title != _INTERRUPTED]
            self._incomplete(
                "stopped early",
                f"the run stopped early: {why}. What it did not reach is not judged.",
            )
        narrowed = self._plan.narrowed
        # What belongs to another phase narrows nothing.
        deselected = self.deselected - len(self._session.set_aside)
        missing = len(self.narrowing.difference(self._session.set_aside))
        if missing and not narrowed:
            narrowed = f"{missing} items deselected"
        return RunEvidence(
            tests=self._session.received.of(TEST),
            outcomes=dict(self.outcomes),
            problems=tuple(dict.fromkeys(self.problems)),
            narrowed=narrowed,
            recording=self._plan.recording,
            deselected=deselected,
            left_out=tuple(self._session.left_out),
            command=self._plan.command,
            suite=self._plan.phase.runs_the_suite,
            received=self._session.received,
        )

    def _add_problems_of_sides(self) -> None:
        """Take a side that does not answer for a problem where a test needed it."""
        not_run = self._session.not_run
        for side, why in self._session.deaths.items():
            again = self._plan.command.whole()
            self.problems.append(RunProblem("CUT302", f"{side} ended", why, next=again))
        for side, why in self._session.rebuilt.items():
            message = (
                f"{why}: a deployment came in the middle of the run, and what was seen before and "
                "after it is not one backend. Run again when it is over."
            )
            again = self._plan.command.whole()
            self.problems.append(RunProblem("CUT311", f"another {side}", message, next=again))
        if not not_run:
            return
        for side, why in self._session.problems.items():
            first, _, rest = why.partition("\n")
            message = f"{first}\n{len(not_run)} marked tests were not run.\n{rest}".rstrip()
            url = self._session.urls.get(side, "")
            spec = self._plan.spec(side)
            look = f"curl -sS -v -o /dev/null {shlex.quote(url + spec.ready)}"
            # Asking again shows the same again; a launched side has its log above.
            again = self._plan.command.whole() if spec.launched or not url else look
            problem = RunProblem("CUT302", f"{side} unreachable", message, tuple(not_run), again)
            self.problems.append(problem)
