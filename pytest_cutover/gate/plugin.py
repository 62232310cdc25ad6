"""Decides once, when a run is over: writes the report, sets the exit status, has the last word."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from pytest_cutover.backends.run_dir import in_turn
from pytest_cutover.backends.session import Session
from pytest_cutover.backends.terminal import terminal_of
from pytest_cutover.config.load import shown_path
from pytest_cutover.core.codes import Code
from pytest_cutover.core.nodeid import sparing_ids
from pytest_cutover.gate.collect import assembled
from pytest_cutover.gate.gathering import RunGathering
from pytest_cutover.gate.integrity import own_contribution
from pytest_cutover.gate.order import ordered
from pytest_cutover.gate.signals import TERMINATED, Signals
from pytest_cutover.gate.verdict import exit_status
from pytest_cutover.report.io.write import ReportNotWritten
from pytest_cutover.report.model import Gate, GateVerdict, Report, Verdict

REPORT = pytest.StashKey[Report]()
# Options with which pytest tells something about the suite and runs none of it.
_ONLY_TELLING = (
    "collectonly",
    "setupplan",
    "showfixtures",
    "show_fixtures_per_test",
    "markers",
    "cacheshow",
)


class GatePlugin:
    """The controller's side of a run, or the whole of it without workers."""

    def __init__(
        self,
        config: pytest.Config,
        session: Session,
        gathering: RunGathering,
        signals: Signals,
        codes: Mapping[str, Code],
    ) -> None:
        self._config = config
        self._plan, self._session = session.plan, session
        self._gathering, self._codes = gathering, codes
        self.signals = signals
        self._started = datetime.now(UTC)
        self._written = False
        self._finished = False

    # -- deciding -------------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Decide, write every artifact, and set the exit status, whatever comes between."""
        try:
            self._conclude(session)
        except (KeyboardInterrupt, pytest.exit.Exception) as why:
            self.conclude_interrupted(session, why)

    def conclude_interrupted(self, session: pytest.Session, why: BaseException) -> None:
        """Decide again: somebody wanted the run to end before it had ended by itself."""
        self._gathering.interrupted(why)
        if int(session.exitstatus) in (0, 1):
            status = getattr(why, "returncode", None)
            session.exitstatus = pytest.ExitCode.INTERRUPTED if status is None else status
        with self.signals.held():
            self._conclude(session)

    def _conclude(self, session: pytest.Session) -> None:
        self._finished = True
        option = self._config.option
        if any(getattr(option, name, False) for name in _ONLY_TELLING):
            return
        if self._session.usage_errors:
            # Workers cannot end a run with a usage error; here, after all who add to the status.
            session.exitstatus = pytest.ExitCode.USAGE_ERROR
            return
        if int(session.exitstatus) == pytest.ExitCode.USAGE_ERROR:
            return
        evidence = self._gathering.evidence(session)
        requested = self._plan.gate_requested or self._plan.only_checklist
        if not requested and not evidence.tests and not evidence.incomplete:
            return
        contributions = self._config.hook.pytest_cutover_judge(
            config=self._config, evidence=evidence
        )
        report = assembled(
            self._session,
            evidence,
            [own_contribution(evidence), *(part for part in contributions if part is not None)],
            codes=self._codes,
            started=self._started,
            arguments=self._config.invocation_params.args,
        )
        with self.signals.held() as came:
            report = self._write(report)
            self._config.stash[REPORT] = report
            if getattr(option, "xmlpath", None):
                self._record_in_junit(report)
            status = exit_status(
                report.verdict,
                gate_requested=self._plan.gate_requested,
                pytest_status=int(session.exitstatus),
                not_run=bool(self._session.not_run),
                only_checklist=self._plan.only_checklist,
            )
        if came:
            raise _wish_to_end(came)
        session.exitstatus = status

    # -- writing and telling --------------------------------------------------------------------

    def _write(self, report: Report) -> Report:
        """Return the report as it stands after writing it: one that is not on disk never says
        GO.
        """
        from pytest_cutover.gate.artifacts import write_artifacts

        try:
            with in_turn(self._plan.report_dir):
                written = write_artifacts(
                    report, self._plan.report_dir, self._scrubber(), self._codes
                )
        except Exception as error:
            # Whatever it was, a disk or a defect in a renderer: the decision cannot be reviewed.
            gate = Gate(
                id="evidence.report",
                code="CUT309",
                title="report not written",
                verdict=GateVerdict.INCONCLUSIVE,
                place=shown_path(self._plan.report_dir),
                limit="every artifact written",
                observed="not written"
                if isinstance(error, ReportNotWritten)
                else type(error).__name__,
                message=str(error),
                next=self._plan.command.whole("--cutover-report=DIR"),
            )
            no_go = report.verdict is Verdict.NO_GO
            verdict = Verdict.NO_GO if no_go else Verdict.INCONCLUSIVE
            gates = (gate, *report.gates)
            return ordered(replace(report, verdict=verdict, gates=gates, action=None), self._codes)
        self._written = True
        return written

    def _scrubber(self) -> Callable[[str], str]:
        return sparing_ids(self._session.secrets.scrub, self._gathering.outcomes)

    def _record_in_junit(self, report: Report) -> None:
        from pytest_cutover.gate.junit import record

        directory = self._plan.report_dir if self._written else None
        record(self._config, report, directory, self._scrubber())

    def finish_broken(self, session: pytest.Session) -> None:
        """Decide although a plugin broke while the session finished, if that kept us from it."""
        if not self._finished:
            self._gathering.pytest_internalerror()
            self.pytest_sessionfinish(session)

    def tell(self) -> None:
        """Print the last screen: the decision first, then what blocks it, then what to do next.

        Who wants the run to end from here on has waited long enough: it is over, and what is said
        stands in the report.
        """
        with self.signals.held():
            self._tell()

    def _tell(self) -> None:
        report = self._config.stash.get(REPORT, None)
        terminal = terminal_of(self._config)
        if report is None or terminal is None:
            return
        from pytest_cutover.gate.screen import show

        scrub = self._scrubber()
        directory = self._plan.report_dir if self._written else None
        problems = self._session.problems.values() if self._session.not_run else ()
        for why in (*problems, *self._session.deaths.values()):
            if self._config.get_verbosity() >= 0:
                terminal.write_line("")
                terminal.write_line(scrub(why))
        # Last, and within the terminal: whatever stands below it scrolls the verdict away.
        show(report, terminal, directory, scrub)


class LastScreen:
    """Has the last word, after pytest's own summaries: a verdict that scrolled away is none."""

    def __init__(self, gate: GatePlugin) -> None:
        self._gate = gate

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionstart(self, session: pytest.Session) -> Iterator[None]:
        """Give a run that is interrupted here its word: it comes to no `pytest_sessionfinish`."""
        try:
            return (yield)
        except (KeyboardInterrupt, pytest.exit.Exception) as why:
            self._gate.conclude_interrupted(session, why)
            self._gate.tell()
            raise

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Iterator[None]:
        """Wait until everybody else has said what they had to say, or has broken saying it."""
        try:
            return (yield)
        except KeyboardInterrupt as why:
            # pytest would end with a traceback of its own.
            self._gate.conclude_interrupted(session, why)
            return None
        except pytest.exit.Exception as why:
            self._gate.conclude_interrupted(session, why)
            raise
        except Exception:
            self._gate.finish_broken(session)
            raise
        finally:
            self._gate.tell()


def _wish_to_end(came: list[int]) -> BaseException:
    """Return what the first of these signals would have raised, had it not been held back."""
    if came[0] == signal.SIGTERM:
        return pytest.exit.Exception("terminated by SIGTERM", TERMINATED)
    return KeyboardInterrupt()
