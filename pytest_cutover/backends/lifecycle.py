"""The two backends of a run: started or found once, asked after, logged in to, stopped at the end.

What rooms ask the backends for beside their clients; `plugin` calls the rest at pytest's hooks.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace

import pytest

from pytest_cutover.backends.builds import BuildUnknown, build_of
from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend, open_backend
from pytest_cutover.backends.http.query_login import QueryLogin
from pytest_cutover.backends.http.recorder import Recorder
from pytest_cutover.backends.login import (
    Credentials,
    LoginError,
    LoginRequest,
    let_in,
    log_in,
    seed,
    seeds,
)
from pytest_cutover.backends.markers import endpoint_finder
from pytest_cutover.backends.process.launch import RunningTarget, start_target
from pytest_cutover.backends.process.supervised import is_gone
from pytest_cutover.backends.process.twins import StandIn, Twins
from pytest_cutover.backends.redaction.secrets import is_secret_name
from pytest_cutover.backends.run_dir import RunFolder, sweep
from pytest_cutover.backends.session import Session
from pytest_cutover.backends.waiting import told_when_long
from pytest_cutover.core.exchange import OF_THE_LOGIN, Side
from pytest_cutover.core.nodeid import SEED

# What counts whole seconds beside its build has another answer then: that is no deployment.
_LATER_S = 1.1
_CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie"})


class BothBackends:
    """The life of the baseline and the candidate of one run."""

    def __init__(self, session: Session) -> None:
        self._plan, self._session = session.plan, session
        self._running: RunningTarget | None = None
        self._spool: RunFolder | None = None
        self._users: dict[tuple[Side, str], Credentials | str] = {}
        self._seed: str | None = None
        self._twins = Twins()
        self._environments: dict[Side, Mapping[str, str]] = {}

    def start(self, config: pytest.Config) -> None:
        """Start or find both sides; on a worker, take over what the controller found."""
        session, given = self._session, self._plan.from_controller
        if session.urls:
            return
        session.learn_configured_secrets()
        if given is not None:
            session.urls.update({Side(side): url for side, url in given.urls.items()})
            session.problems.update({Side(side): why for side, why in given.problems.items()})
            self._environments = {Side(side): env for side, env in given.environments.items()}
            session.launched_s = given.launched_s
            return
        self._make_spool()
        cleanup = ExitStack()

        def environment(side: Side) -> Mapping[str, str]:
            merged: dict[str, str] = {}
            for part in config.hook.pytest_cutover_environment(
                config=config, target=self._plan.target.name, side=str(side), cleanup=cleanup
            ):
                merged.update(part)
            session.secrets.observe_environment(merged)
            self._environments[side] = merged
            return merged

        began_s = time.time()
        try:
            with told_when_long(config, self._waiting()):
                self._running = start_target(
                    self._plan.target, environment=environment, cleanup=cleanup
                )
        except BaseException:
            cleanup.close()
            raise
        if all(self._plan.spec(side).launched for side in Side):
            session.launched_s = began_s, time.time()
        for side, running in self._running.sides.items():
            session.urls[side] = running.url
            if running.problem:
                session.problems[side] = session.secrets.scrub_log(running.problem)
            else:
                self._learn_build(side)

    def _learn_build(self, side: Side) -> None:
        """Ask once which build a side is, so that a report says what it judged."""
        try:
            if build := self._asked_build(side):
                self._session.builds[side] = build
        except BuildUnknown as why:
            told = self._session.secrets.scrub(str(why))
            self._session.notes.append(f"which build the {side} is could not be told: {told}")

    def look_for_another_build(self, side: Side) -> None:
        """Notice a side that is not the build any more that it was; the session keeps it.

        It is asked again where its configuration names a path that tells, but by no worker;
        otherwise the headers of its answers tell.
        """
        session, version = self._session, self._plan.spec(side).version or ""
        if side not in session.urls or side in session.rebuilt:
            return
        known = session.builds.get(side)
        if known is not None and version.startswith("/"):
            try:
                build = self._asked_build(side)
                if build != known:
                    time.sleep(_LATER_S)
                    if self._asked_build(side) != build:
                        raise BuildUnknown(f"GET {version} answers something else each time")
                    session.rebuilt[side] = (
                        f"{version} said {known} when the run began, and {build} at its end"
                    )
                return
            except BuildUnknown as why:
                told = session.secrets.scrub(str(why))
                session.notes.append(
                    f"which build the {side} is at the end of the run could not be told: {told}"
                )
        headers, others = (session.transport(one).builds for one in (side, side.other))
        if said := headers.changed(others):
            session.rebuilt[side] = said

    def _asked_build(self, side: Side) -> str:
        """Return which build a side is now; raises `BuildUnknown`."""
        session, spec = self._session, self._plan.spec(side)
        recorder = Recorder(
            "version",
            side,
            session_started_s=self._plan.started_s,
            observe=session.secrets.observe,
        )
        with open_backend(
            session.transport(side),
            recorder,
            endpoint_of=lambda method, path: f"{method} {path}",
            headers=http.Headers(dict(spec.headers)),
        ) as backend:
            return build_of(spec, backend.get, self._plan.config.root)

    def _waiting(self) -> str:
        """Return what is waited for while the sides start or are found."""
        names = []
        for side in Side:
            spec = self._plan.spec(side)
            how = (
                "to start" if spec.launched else f"at {self._session.secrets.scrub(spec.url or '')}"
            )
            names.append(f"the {side} {how} (up to {spec.ready_timeout_s:g} s)")
        return f"still waiting for {' and '.join(names)}"

    def _make_spool(self) -> None:
        directory = self._plan.spool_dir
        # The report says of a folder that cannot be written that it cannot be written.
        with contextlib.suppress(OSError):
            sweep(directory.parent, ".run-*")
            self._spool = RunFolder.make(directory.parent, directory.name)

    def pid(self, side: Side) -> int | None:
        """Return the process id of a side that this run launched."""
        running = self._running.sides.get(side) if self._running else None
        return running.pid if running else None

    @property
    def environments(self) -> Mapping[Side, Mapping[str, str]]:
        """What the project gave to the processes of each side, for further ones of them."""
        return self._environments

    def start_twin(self, side: Side) -> StandIn | None:
        """Start one more process of a side that the run launched; None for one that it did not.

        A target by URL names its own (`twin_url`), which is not started.
        """
        spec = self._plan.spec(side)
        if spec.launched:
            twin = self._twins.start(side, spec, self._environments.get(side, {}))
            twin.problem = twin.problem and self._session.secrets.scrub_log(twin.problem)
            return twin
        return self._twins.named(spec.twin_url) if spec.twin_url else None

    @contextlib.contextmanager
    def standing_in(self, side: Side, twin: StandIn) -> Iterator[None]:
        """Have a twin asked in the place of a side."""
        users = {key: known for key, known in self._users.items() if key[0] is side}
        for key in users:
            del self._users[key]
        self._users |= {(side, name): known for name, known in twin.users.items()}
        try:
            with self._session.standing_in(side, twin):
                yield
        finally:
            twin.users = {name: one for (at, name), one in self._users.items() if at is side}
            self._users = {key: one for key, one in self._users.items() if key[0] is not side}
            self._users |= users

    def death(self, side: Side, *, look_twice: bool = False) -> str | None:
        """Say what became of a side that was launched, when it is no more; the session keeps it.

        Asked before a side is: whatever answers at the port of one that ended is another program.
        """
        session, given = self._session, self._plan.from_controller
        if given is not None:
            pid = given.pids.get(str(side))
            if pid is not None and is_gone(pid):
                return f"the {side} backend ended during the run: its process {pid} is no more."
            return None
        running = self._running.sides.get(side) if self._running else None
        if running is not None and side not in session.deaths:
            death = running.death(look_twice=look_twice)
            if death is not None:
                session.deaths[side] = session.scrub_log(death)
        return session.deaths.get(side)

    def credentials(
        self, request: LoginRequest, side: Side, user: str | None = None
    ) -> Credentials:
        """Return what the login of a side left, logging in when nobody has asked that side yet.

        `user` asks for another login than that of all tests. Fails the test that asks where the
        login failed.
        """
        session = self._session
        known = self._users.get((side, user)) if user else session.credentials.get(side)
        if isinstance(known, str):
            first = session.secrets.scrub(known.partition("\n")[0])
            pytest.fail(
                f"{first}\nIt was told in full by the first test of the {side}.", pytrace=False
            )
        if known is None:
            known = self._logged_in(request, side, user)
            if user:
                self._users[side, user] = known
            else:
                session.credentials[side] = known
        if isinstance(known, str):
            pytest.fail(session.secrets.scrub(known), pytrace=False)
        return known

    def no_credentials(self, side: Side) -> Credentials:
        """Return what nobody sends: the configured headers but those that say who asks."""
        headers = {
            name: value
            for name, value in self._plan.spec(side).headers.items()
            if name.lower() not in _CREDENTIALS and not is_secret_name(name)
        }
        return Credentials(http.Headers(headers), http.Cookies())

    def seeded(self, request: LoginRequest) -> None:
        """Let the project make its data, when no test of this process has asked for it yet.

        Fails the test that asks, and each after it, where the project's own code failed.
        """
        if self._seed is None:
            self._seed = self._make_data(request)
        if self._seed:
            pytest.fail(self._session.secrets.scrub(self._seed), pytrace=False)

    def _make_data(self, request: LoginRequest) -> str:
        """Run the seed of the project, recorded; what went wrong as text."""
        if not seeds(request):
            return ""
        session = self._session
        with ExitStack() as stack:
            clients: dict[Side, Backend] = {}
            for side in Side:
                if side in session.problems:
                    return ""  # tests say what is wrong with it
                credentials = self.credentials(request, side)
                recorder = session.seeds[side] = self._recorder(SEED, side, credentials)
                stack.callback(recorder.close)
                clients[side] = stack.enter_context(
                    open_backend(
                        session.transport(side),
                        recorder,
                        endpoint_of=endpoint_finder(None, recorder, session.endpoints),
                        headers=credentials.headers,
                        cookies=http.Cookies(credentials.cookies),
                        auth=credentials.auth,
                    )
                )
            try:
                seed(clients[Side.BASELINE], clients[Side.CANDIDATE], request)
            except Exception as error:
                return (
                    f"{SEED} failed: {type(error).__name__}: {error}\n"
                    "Expected it to make the data of the suite on both sides.\n"
                    "Look at it in conftest.py, and at what the two backends answered."
                )
        return ""

    def _recorder(self, test: str, side: Side, credentials: Credentials | None = None) -> Recorder:
        secrets = self._session.secrets
        return Recorder(
            test,
            side,
            session_started_s=self._plan.started_s,
            observe=secrets.observe if credentials else secrets.observe_login,
            generated=credentials.generated if credentials else (),
        )

    def _logged_in(
        self, request: LoginRequest, side: Side, user: str | None = None
    ) -> Credentials | str:
        """Log in; what went wrong as text."""
        session = self._session
        recorder = self._recorder("login", side)
        with open_backend(
            session.transport(side),
            recorder,
            endpoint_of=lambda method, path: f"{method} {path}",
            headers=http.Headers(dict(self._plan.spec(side).headers)),
        ) as backend:
            try:
                credentials = log_in(backend, request, user)
            except LoginError as error:
                return str(error)
        if user is None:
            session.logins[side] = recorder
        session.secrets.observe_headers(credentials.headers.items())
        for cookie in credentials.cookies.jar:
            session.secrets.add(cookie.value or "", credential=True)
        if isinstance(credentials.auth, QueryLogin):
            for value in credentials.auth.params.values():
                session.secrets.add(value, credential=True)
        # A name of their own, so that a login that makes one more renames none in any golden.
        generated = (
            replace(one, label=f"{one.label}{OF_THE_LOGIN}")
            for one in let_in(recorder.generated, recorder.exchanges)
        )
        return replace(credentials, generated=tuple(generated))

    def stop(self) -> None:
        """Stop everything that was started; nothing may outlive the run."""
        self._session.close()
        self._twins.stop()
        running, self._running = self._running, None
        try:
            if running is not None:
                running.stop(self._plan.report_dir / "logs", self._session.scrub_log)
        finally:
            if self._spool is not None:
                self._spool.remove()
