"""The backends in a pytest session: started once, given to tests as clients, stopped at the end.

Parametrizes marked tests over the sides and keeps the variants of a test together. Knows nothing
of comparing.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend, Recorder, open_backend
from pytest_cutover.backends.http.transport import RefusedError
from pytest_cutover.backends.login import Credentials, LoginError, log_in
from pytest_cutover.backends.markers import endpoint_finder, marked, split_side
from pytest_cutover.backends.process.launch import RunningTarget, start_target
from pytest_cutover.backends.process.liveness import Liveness
from pytest_cutover.backends.redaction.reports import (
    scrub_collect_report,
    scrub_report,
    scrub_traceback,
    scrub_warning,
)
from pytest_cutover.backends.run_dir import RunFolder, sweep
from pytest_cutover.backends.selection import complaints, in_want_of, paired
from pytest_cutover.backends.session import AGAIN, COMPARED, RECORDERS, SessionState
from pytest_cutover.core.exchange import Side

_ASKED = pytest.StashKey[set[str]]()


class BackendsPlugin:
    """Fixtures, parametrization, and the life of the two backends."""

    def __init__(self, state: SessionState) -> None:
        self._state = state
        self._running: RunningTarget | None = None
        self._spool: RunFolder | None = None
        self._vigil = Liveness(state)

    # -- life of the backends -------------------------------------------------------------------

    def start(self, config: pytest.Config) -> None:
        """Start or find both sides; on a worker, take over what the controller found."""
        state = self._state
        if state.urls:
            return
        state.remember_configured_secrets()
        if state.handed is not None:
            # In its place: what was made before holds this very mapping.
            state.urls.update({Side(side): url for side, url in state.handed["urls"].items()})
            state.problems = {Side(side): why for side, why in state.handed["problems"].items()}
            state.workers = state.handed["workers"]
            return
        self._make_spool()
        cleanup = ExitStack()

        def environment(side: Side) -> Mapping[str, str]:
            merged: dict[str, str] = {}
            for part in config.hook.pytest_cutover_environment(
                config=config, target=state.target.name, side=str(side), cleanup=cleanup
            ):
                merged.update(part)
            state.secrets.observe_environment(merged)
            return merged

        try:
            self._running = start_target(state.target, environment=environment, cleanup=cleanup)
        except BaseException:
            cleanup.close()
            raise
        self._vigil.running = self._running
        for side, running in self._running.sides.items():
            state.urls[side] = running.url
            if running.problem:
                state.problems[side] = state.secrets.scrub_log(running.problem)

    def _make_spool(self) -> None:
        directory = self._state.spool_dir
        # The report says of a folder that cannot be written that it cannot be written.
        with contextlib.suppress(OSError):
            sweep(directory.parent, ".run-*")
            self._spool = RunFolder.make(directory.parent, directory.name)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        """Start the backends when there is something to ask them."""
        option = session.config.option
        idle = option.collectonly or getattr(option, "setupplan", False)
        if not idle and any(marked(item) for item in session.items):
            self.start(session.config)
            if not self._state.is_worker:
                self._hold_back(session.items)
        return (yield)

    def _hold_back(self, items: list[pytest.Item]) -> None:
        """Leave out what no silent backend could answer: one sentence, not 200 failures."""
        state = self._state
        held = in_want_of(items, state.problems, remembered=state.remembered)
        state.held_back += [item.nodeid for item in held]
        unheard = set(held)
        items[:] = [item for item in items if item not in unheard]

    def pid(self, side: Side) -> int | None:
        """The process id of a side that this run launched."""
        running = self._running.sides.get(side) if self._running else None
        return running.pid if running else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Notice, before anybody judges, who has not lived to see it."""
        for side in Side:
            self._vigil.death(side, look_twice=True)

    def pytest_unconfigure(self) -> None:
        """Stop everything that was started; nothing may outlive the run."""
        self._state.close()
        running, self._running = self._running, None
        try:
            if running is not None:
                running.stop(self._state.report_dir / "logs", self._state.scrub_log)
        finally:
            if self._spool is not None:
                self._spool.remove()

    # -- collection -----------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a compared test once for each side; last, so that the sides vary fastest."""
        if "backend" not in metafunc.fixturenames:
            return
        if not _is_compared(metafunc):
            return
        sides = [str(Side.BASELINE), AGAIN if self._state.recording else str(Side.CANDIDATE)]
        metafunc.parametrize("backend", sides, ids=sides, indirect=True)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Refuse what cannot work, before anything runs; an editor may still list the tests."""
        state = self._state
        wrong = complaints(items, __name__) if not config.option.collectonly else []
        if wrong and not state.is_worker:
            raise pytest.UsageError("\n\n".join(wrong))
        if wrong:
            # A worker cannot end the run: it does nothing, and the controller says why.
            state.complaints = wrong
            items.clear()
        if state.handed is not None:
            self.start(config)
            self._hold_back(items)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put the variants of a test side by side, whatever other plugins did to the order.

        First of all: a worker of pytest-xdist tells the order to its controller here.
        """
        session.items[:] = paired(session.items)

    # -- fixtures -------------------------------------------------------------------------------

    @pytest.fixture
    def backend(self, request: pytest.FixtureRequest) -> Iterator[Backend]:
        """An httpx client bound to one of the two backends; the test runs on each of them."""
        variant = getattr(request, "param", None)
        if variant is None:
            pytest.fail(
                f"{request.node.nodeid} uses `backend` without a marker that says what it "
                'tests.\nExpected @pytest.mark.characterization("METHOD /path") or '
                '@pytest.mark.negative("METHOD /path").',
                pytrace=False,
            )
        with self._open(request, variant) as backend:
            yield backend

    @pytest.fixture
    def baseline(self, request: pytest.FixtureRequest) -> Iterator[Backend]:
        """An httpx client bound to the backend in service."""
        with self._open(request, str(Side.BASELINE)) as backend:
            yield backend

    @pytest.fixture
    def candidate(self, request: pytest.FixtureRequest) -> Iterator[Backend]:
        """An httpx client bound to the backend that is to replace it."""
        with self._open(request, str(Side.CANDIDATE)) as backend:
            yield backend

    @contextlib.contextmanager
    def _open(self, request: pytest.FixtureRequest, variant: str) -> Iterator[Backend]:
        state, item = self._state, request.node
        side = Side.BASELINE if variant == AGAIN else Side(variant)
        self.start(request.config)
        if side in state.problems:
            pytest.fail(state.problems[side].splitlines()[0], pytrace=False)
        asked = item.stash.setdefault(_ASKED, set())
        death = self._vigil.death(side)
        # The test under which it ended is asked again as any other that shows a difference.
        if death is not None and variant not in asked:
            pytest.fail(death.splitlines()[0], pytrace=False)
        asked.add(variant)
        mark = marked(item)
        recorder = Recorder(
            split_side(item)[0],
            side,
            session_started_s=state.started_s,
            observe=state.secrets.observe,
        )
        item.stash.setdefault(RECORDERS, {})[variant] = recorder
        credentials = self._credentials(request, side)
        backend = open_backend(
            state.transport(side),
            recorder,
            endpoint_of=endpoint_finder(mark, recorder),
            headers=credentials.headers,
            cookies=http.Cookies(credentials.cookies),
            auth=credentials.auth,
        )
        with backend:
            yield backend
        # pytest keeps its items until the end, and would keep every body with them.
        item.stash[RECORDERS].pop(variant, None)

    def _credentials(self, request: pytest.FixtureRequest, side: Side) -> Credentials:
        """What the login of this side left, logging in when it is the first test of the side."""
        state = self._state
        if side not in state.logins:
            recorder = Recorder(
                "login",
                side,
                session_started_s=state.started_s,
                observe=state.secrets.observe,
            )
            with open_backend(
                state.transport(side),
                recorder,
                endpoint_of=lambda method, path: f"{method} {path}",
                headers=http.Headers(dict(state.spec(side).headers)),
            ) as backend:
                try:
                    credentials = log_in(backend, request)
                except LoginError as error:
                    state.logins[side] = str(error)
                else:
                    state.logins[side] = credentials
                    state.secrets.observe_headers(credentials.headers.items())
                    for cookie in credentials.cookies.jar:
                        state.secrets.add(cookie.value or "")
        known = state.logins[side]
        if isinstance(known, str):
            pytest.fail(state.secrets.scrub(known), pytrace=False)
        return known

    # -- refusals -------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """A refused request fails the test, also when the body swallowed the error."""
        try:
            result = yield
        except RefusedError as error:
            pytest.fail(str(error), pytrace=False)
        for recorder in item.stash.get(RECORDERS, {}).values():
            if recorder.refusals:
                pytest.fail(recorder.refusals[0], pytrace=False)
        return result

    # -- secrets --------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self,
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """No report leaves with a secret in it: terminal, JUnit and xdist read them."""
        report = yield
        scrub_report(report, self._state.secrets.scrub)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """A file that cannot be collected shows its values too."""
        report = yield
        scrub_collect_report(report, self._state.secrets.scrub)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """A warning of a test is shown at the end, and sent to the controller."""
        scrub_warning(warning_message, self._state.secrets.scrub)

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: Any) -> None:
        """A defect of a plugin, or of ours, shows the values it met."""
        scrub_traceback(excrepr, self._state.secrets.scrub)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Again, for what was added since: reports of subtests get their output late."""
        scrub_report(report, self._state.secrets.scrub)


def _is_compared(metafunc: pytest.Metafunc) -> bool:
    """Whether a function is marked, or any of its parameter sets is."""
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    for call in metafunc._calls:
        marks.update(mark.name for mark in call.marks)
    return not marks.isdisjoint(COMPARED)
