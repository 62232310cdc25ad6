"""The backends in a pytest session: started once, given to tests as clients, stopped at the end.

Parametrizes marked tests over the sides and keeps the variants of a test together. Knows nothing
of comparing.
"""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import pytest

from pytest_cutover.backends import http_library as http
from pytest_cutover.backends.client import Backend, Recorder, open_backend
from pytest_cutover.backends.exchange import Side
from pytest_cutover.backends.launch import RunningTarget, start_target
from pytest_cutover.backends.login import Credentials, LoginError, log_in
from pytest_cutover.backends.marks import MarkedTest, endpoint_finder, marked, split_side
from pytest_cutover.backends.state import AGAIN, COMPARED, CROSSOVER, RECORDERS, SessionState
from pytest_cutover.backends.transport import RefusedError

_FIXTURES = ("backend", "baseline", "candidate")


class BackendsPlugin:
    """Fixtures, parametrization, and the life of the two backends."""

    def __init__(self, state: SessionState) -> None:
        self._state = state
        self._running: RunningTarget | None = None

    # -- life of the backends -------------------------------------------------------------------

    def start(self, config: pytest.Config) -> None:
        """Start or find both sides; on a worker, take over what the controller found."""
        state = self._state
        if state.urls:
            return
        state.remember_configured_secrets()
        if state.handed is not None:
            state.urls = {Side(side): url for side, url in state.handed["urls"].items()}
            state.problems = {Side(side): why for side, why in state.handed["problems"].items()}
            state.workers = state.handed["workers"]
            return
        cleanup = ExitStack()

        def environment(side: Side) -> Mapping[str, str]:
            merged: dict[str, str] = {}
            for part in config.hook.pytest_cutover_environment(
                config=config, target=state.target.name, side=str(side), cleanup=cleanup
            ):
                merged.update(part)
            return merged

        try:
            self._running = start_target(state.target, environment=environment, cleanup=cleanup)
        except BaseException:
            cleanup.close()
            raise
        for side, running in self._running.sides.items():
            state.urls[side] = running.url
            if running.problem:
                state.problems[side] = state.secrets.scrub(running.problem)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Iterator[None]:
        """Start the backends when there is something to ask them."""
        if any(marked(item) for item in session.items) and not session.config.option.collectonly:
            self.start(session.config)
        return (yield)

    def pytest_unconfigure(self) -> None:
        """Stop everything that was started; nothing may outlive the run."""
        self._state.close()
        running, self._running = self._running, None
        if running is not None:
            running.stop(self._state.report_dir / "logs", self._state.secrets.scrub)

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

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Refuse what cannot work, before anything runs."""
        complaints = [text for item in items if (text := _complaint(item))]
        if complaints:
            raise pytest.UsageError("\n\n".join(dict.fromkeys(complaints)))

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Put the variants of a test side by side, whatever other plugins did to the order."""
        session.items[:] = _paired(session.items)

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
        mark = marked(item)
        recorder = Recorder(split_side(item)[0], side, session_started_s=state.started_s)
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

    def _credentials(self, request: pytest.FixtureRequest, side: Side) -> Credentials:
        """What the login of this side left, logging in when it is the first test of the side."""
        state = self._state
        if side not in state.logins:
            recorder = Recorder("login", side, session_started_s=state.started_s)
            with open_backend(
                state.transport(side),
                recorder,
                endpoint_of=lambda method, path: f"{method} {path}",
                headers=http.Headers(dict(state.spec(side).headers)),
            ) as backend:
                try:
                    state.logins[side] = log_in(backend, request)
                except LoginError as error:
                    state.logins[side] = str(error)
                finally:
                    for exchange in recorder.exchanges:
                        state.secrets.observe(exchange)
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


def _is_compared(metafunc: pytest.Metafunc) -> bool:
    """Whether a function is marked, or any of its parameter sets is."""
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    for call in metafunc._calls:
        marks.update(mark.name for mark in call.marks)
    return not marks.isdisjoint(COMPARED)


def _complaint(item: pytest.Item) -> str | None:
    mark: MarkedTest | None = marked(item)
    if mark is None:
        return None
    function: Any = getattr(item, "function", None)
    if inspect.iscoroutinefunction(function):
        return (
            f"{item.nodeid} is `async def` and marked {mark.name}.\n"
            "Expected a plain function: `backend` is a synchronous client, and both sides must be "
            "asked in the same order.\nRemove `async` and `await`."
        )
    for name in _FIXTURES:
        definitions = getattr(item, "_fixtureinfo").name2fixturedefs.get(name, ())  # noqa: B009
        if definitions and inspect.getmodule(definitions[-1].func) is not inspect.getmodule(
            BackendsPlugin
        ):
            where = definitions[-1].baseid or "a plugin"
            return (
                f"the fixture `{name}` of {where} hides the one of pytest-cutover, and "
                f"{item.nodeid} would be compared with nothing.\n"
                f"Expected `{name}` to be the client of pytest-cutover. Rename the fixture; to add "
                "headers or to log in, define `cutover_login(backend)`."
            )
    if mark.name == CROSSOVER and "backend" in getattr(item, "fixturenames", ()):
        return (
            f"{item.nodeid} is marked crossover and uses `backend`.\n"
            "Expected `baseline` and `candidate`: a crossover test speaks to both sides in one run."
        )
    return mark.complaint


def _paired(items: list[pytest.Item]) -> list[pytest.Item]:
    """The candidate right after its baseline; second recordings of the baseline last of all."""
    first: dict[str, list[pytest.Item]] = {}
    last: list[pytest.Item] = []
    for item in items:
        test, variant = split_side(item)
        if variant == AGAIN:
            last.append(item)
        else:
            first.setdefault(test if variant else item.nodeid, []).append(item)
    ordered: list[pytest.Item] = []
    for group in first.values():
        ordered += sorted(group, key=lambda item: split_side(item)[1] != str(Side.BASELINE))
    return ordered + last
