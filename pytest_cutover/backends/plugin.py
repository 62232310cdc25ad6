"""The backends in a pytest session: started once, given to tests as clients, stopped at the end.

Parametrizes marked tests over the sides and keeps the variants of a test together. Knows nothing
of comparing.
"""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import (
    Callable,
    Collection,
    Generator,
    Iterable,
    Iterator,
    Sequence,
)
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.backends.answers import tell_answer
from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.async_client import AsyncBackend
from pytest_cutover.backends.http.client import Backend, open_backend
from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.http.transport import RefusedError
from pytest_cutover.backends.left_out import (
    beside,
    files_in,
    is_of_the_suite,
    not_collected,
    speaks_of_us,
)
from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.login import Credentials, ignored_functions
from pytest_cutover.backends.markers import endpoint_finder, marked, split_side
from pytest_cutover.backends.redaction.reports import (
    scrub_collect_report,
    scrub_report,
    scrub_traceback,
    scrub_warning,
)
from pytest_cutover.backends.selection import cannot_run, paired, unrunnable, usage_errors
from pytest_cutover.backends.session import AGAIN, COMPARED, RECORDERS, Session
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.run_evidence import LeftOut

_ASKED = pytest.StashKey[set[str]]()


class BackendsPlugin:
    """Fixtures, parametrization, and when the two backends start and stop.

    `has_golden` tells whether a test can be judged without the baseline.
    """

    def __init__(
        self, session: Session, backends: BothBackends, *, has_golden: Callable[[str], bool]
    ) -> None:
        self._plan, self._session = session.plan, session
        self._backends = backends
        self._has_golden = has_golden
        self._collected: dict[str, None] = {}
        self._functions: dict[str, set[str]] = {}
        self._told: set[str] = set()

    # -- life of the backends -------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        """Start the backends when there is something to ask them."""
        option = session.config.option
        idle = option.collectonly or getattr(option, "setupplan", False)
        # Once more: a hook may still have come after ours when the collection was finished.
        self._notice_taken_out(session.items)
        if not idle and any(marked(item) for item in session.items):
            self._backends.start(session.config)
            if not self._plan.is_worker:
                self._leave_out(session.items)
        return (yield)

    def _notice_taken_out(self, items: Iterable[pytest.Item]) -> None:
        """Notice marked items that are gone, whichever hook took them out."""
        known = {item.nodeid for item in items}
        known.update((*self._session.not_run, *self._session.set_aside))
        known.update(one.nodeid for one in self._session.left_out)
        self._session.left_out += [
            LeftOut(nodeid, "a hook took it out")
            for nodeid in self._collected
            if nodeid not in known
        ]

    def _leave_out(self, items: list[pytest.Item]) -> None:
        """Leave out what no silent backend could answer: one sentence, not 200 failures."""
        session = self._session
        without = set(unrunnable(items, session.problems, has_golden=self._has_golden))
        session.not_run += [item.nodeid for item in items if item in without]
        items[:] = [item for item in items if item not in without]

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Notice which backend has ended, or is another build, before anybody judges."""
        for side in Side:
            if self._backends.death(side, look_twice=True) is None:
                self._backends.look_for_another_build(side)

    def pytest_unconfigure(self) -> None:
        """Stop everything that was started."""
        self._backends.stop()

    # -- collection -----------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a compared test once for each side; last, so that the sides vary fastest."""
        if "backend" not in metafunc.fixturenames:
            return
        if not _is_compared(metafunc):
            return
        sides = [str(Side.BASELINE), AGAIN if self._plan.recording else str(Side.CANDIDATE)]
        metafunc.parametrize("backend", sides, ids=sides, indirect=True)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Refuse what cannot work, before anything runs; an editor may still list the tests."""
        self._learn_endpoints(items)
        wrong = []
        if not config.option.collectonly:
            wrong = [*ignored_functions(session, items), *usage_errors(items, __name__)]
        if wrong and not self._plan.is_worker:
            raise pytest.UsageError("\n\n".join(wrong))
        if wrong:
            # A worker cannot end the run: it does nothing, and the controller says why.
            self._session.usage_errors[:] = wrong
            items.clear()
        if self._plan.is_worker:
            self._backends.start(config)
            self._leave_out(items)

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Know the endpoints of tests, too, that this run leaves out: names depend on no choice."""
        self._learn_endpoints(items)
        for item in items:
            self._collected.pop(item.nodeid, None)  # pytest tells of them: the run is a part

    def _learn_endpoints(self, items: Iterable[pytest.Item]) -> None:
        for item in items:
            mark = marked(item)
            if mark is not None:
                self._session.endpoints.add(mark.endpoints)

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Remember every marked item, whatever becomes of it before it can run."""
        name = getattr(item, "originalname", item.name)
        self._functions.setdefault(item.nodeid.partition("::")[0], set()).add(name)
        if marked(item) is not None:
            self._collected[item.nodeid] = None

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Notice a file that skips itself, if there are tests of ours in it."""
        path = self._plan.config.root / report.nodeid
        if report.skipped and path.suffix == ".py" and speaks_of_us(path):
            self._session.left_out.append(LeftOut(report.nodeid, "the file skips itself"))
        elif report.passed and path.suffix == ".py" and "::" not in report.nodeid:
            self._functions.setdefault(report.nodeid, set())

    @pytest.hookimpl(wrapper=True)
    def pytest_ignore_collect(
        self, collection_path: Path, config: pytest.Config
    ) -> Generator[None, bool | None, bool | None]:
        """Notice what a conftest leaves out, by its list or by a hook, with tests of ours in it.

        What the command line ignores makes the run a part, and is told as that.
        """
        ignored = yield
        folder = collection_path.is_dir()
        if ignored and any(
            is_of_the_suite(one, config)
            for one in (files_in(collection_path) if folder else [collection_path])
        ):
            where = collection_path.relative_to(self._plan.config.root).as_posix()
            how = (
                "the project leaves the folder out" if folder else "a conftest leaves the file out"
            )
            left_out = LeftOut(where, how)
            if left_out not in self._session.left_out:
                self._session.left_out.append(left_out)
        return ignored

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put the variants of a test side by side, whatever other plugins did to the order.

        First of all: a worker of pytest-xdist tells the order to its controller here.
        """
        session.items[:] = paired(session.items)
        self._notice_taken_out(session.items)
        if not self._plan.narrowed:
            patterns = session.config.getini("python_functions")
            prefixes = [one.partition("*")[0] for one in patterns]
            root, told = self._plan.config.root, {one.nodeid for one in self._session.left_out}
            files: dict[str, Collection[str]] = dict(self._functions)
            files |= {one: () for one in beside(root, files, session.config) if one not in told}
            self._session.left_out += not_collected(root, files, prefixes)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Fail a test that cannot run as it is written, and no other; its reason is told once."""
        text = cannot_run(item)
        if text:
            test, _ = split_side(item)
            known = test in self._told
            self._told.add(test)
            pytest.fail("as on the other side" if known else text, pytrace=False)

    # -- fixtures -------------------------------------------------------------------------------

    @pytest.fixture
    def backend(self, request: pytest.FixtureRequest) -> Iterator[Backend]:
        """An httpx client bound to one of the two backends; the test runs on each of them."""
        variant = getattr(request, "param", None)
        if variant is None and marked(request.node) is not None:
            pytest.fail(
                f"{request.node.nodeid} asks for `backend` while it runs, too late to run on both "
                "sides.\nExpected `backend` among its parameters or those of its fixtures. Take it "
                "as one in place of request.getfixturevalue, and name the fixture in "
                '@pytest.mark.usefixtures("…").',
                pytrace=False,
            )
        if variant is None:
            pytest.fail(
                f"{request.node.nodeid} uses `backend` without a marker that says what it "
                'tests.\nExpected @pytest.mark.characterization("METHOD /path") or '
                '@pytest.mark.negative("METHOD /path").',
                pytrace=False,
            )
        with self._open(request, variant, self._session.side_of(variant)) as backend:
            yield backend

    @pytest.fixture
    def baseline(self, request: pytest.FixtureRequest) -> Iterator[Backend]:
        """An httpx client bound to the backend in service."""
        with self._open(request, str(Side.BASELINE), Side.BASELINE) as backend:
            yield backend

    @pytest.fixture
    def candidate(self, request: pytest.FixtureRequest) -> Iterator[Backend]:
        """An httpx client bound to the backend that is to replace it."""
        with self._open(request, str(Side.CANDIDATE), Side.CANDIDATE) as backend:
            yield backend

    @pytest.fixture
    def async_backend(self, backend: Backend) -> Iterator[AsyncBackend]:
        """What `backend` is, as an `httpx.AsyncClient` for `async def` tests."""
        client = AsyncBackend.over(backend)
        yield client
        client.retire()

    @contextlib.contextmanager
    def _open(self, request: pytest.FixtureRequest, variant: str, side: Side) -> Iterator[Backend]:
        session, item = self._session, request.node
        self._backends.start(request.config)
        if side in session.problems:
            pytest.fail(session.problems[side].splitlines()[0], pytrace=False)
        asked = item.stash.setdefault(_ASKED, set())
        death = self._backends.death(side)
        # The test under which it ended is asked again as any other that shows a difference.
        if death is not None and variant not in asked:
            pytest.fail(death.splitlines()[0], pytrace=False)
        asked.add(variant)
        credentials = self._backends.credentials(request, side)
        self._backends.seeded(request)
        recorder = Recorder(
            split_side(item)[0],
            side,
            session_started_s=self._plan.started_s,
            observe=session.secrets.observe,
            generated=credentials.generated,
        )
        item.stash.setdefault(RECORDERS, {})[variant] = recorder

        def opened(known: Credentials) -> Backend:
            return open_backend(
                session.transport(side),
                recorder,
                endpoint_of=endpoint_finder(marked(item), recorder, session.endpoints),
                headers=known.headers,
                cookies=http.Cookies(known.cookies),
                auth=known.auth,
                as_user=as_user,
            )

        def as_user(name: str | None) -> Backend:
            if name is None:
                return opened(self._backends.no_credentials(side))
            other = self._backends.credentials(request, side, name)
            recorder.generated += [one for one in other.generated if one not in recorder.generated]
            return opened(other)

        with opened(credentials) as backend:
            yield backend
            # What threads of the test have asked is a part of it.
            recorder.close()
        if marked(item) is None:
            # Nobody judges it, and pytest keeps its items, with every body, until the end.
            item.stash[RECORDERS].pop(variant, None)

    # -- refusals -------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Fail the test of a refused request, also when the body swallowed the error."""
        try:
            result = yield
        except RefusedError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        for recorder in item.stash.get(RECORDERS, {}).values():
            if recorder.refusals:
                pytest.fail(recorder.refusals[0], pytrace=False)
        return result

    # -- secrets --------------------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_makereport(
        self, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """No report leaves with a secret in it: terminal, JUnit and xdist read them."""
        tell_answer(call)
        report = yield
        scrub_report(report, self._session.secrets.scrub)
        return report

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Mask the values that a file shows which cannot be collected."""
        report = yield
        scrub_collect_report(report, self._session.secrets.scrub)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_warning_recorded(self, warning_message: warnings.WarningMessage) -> None:
        """Mask a warning of a test: it is shown at the end, and sent to the controller."""
        scrub_warning(warning_message, self._session.secrets.scrub)

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: Any) -> None:
        """Mask a defect of a plugin, or of ours, which shows the values it met."""
        scrub_traceback(excrepr, self._session.secrets.scrub)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Again, for what was added since: reports of subtests get their output late."""
        scrub_report(report, self._session.secrets.scrub)


def _is_compared(metafunc: pytest.Metafunc) -> bool:
    """Whether a function is marked, or any of its parameter sets is."""
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    for call in metafunc._calls:
        marks.update(mark.name for mark in call.marks)
    return not marks.isdisjoint(COMPARED)
