"""The two backends of a run: started or found once, asked after, logged in to, stopped at the end.

What rooms ask the backends for beside their clients; `plugin` calls the rest at pytest's hooks.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace

import pytest

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Recorder, open_backend
from pytest_cutover.backends.login import Credentials, LoginError, LoginRequest, log_in
from pytest_cutover.backends.process.launch import RunningTarget, start_target
from pytest_cutover.backends.process.supervised import is_gone
from pytest_cutover.backends.run_dir import RunFolder, sweep
from pytest_cutover.backends.session import Session
from pytest_cutover.core.exchange import Side


class BothBackends:
    """The life of the baseline and the candidate of one run."""

    def __init__(self, session: Session) -> None:
        self._plan, self._session = session.plan, session
        self._running: RunningTarget | None = None
        self._spool: RunFolder | None = None

    def start(self, config: pytest.Config) -> None:
        """Start or find both sides; on a worker, take over what the controller found."""
        session, given = self._session, self._plan.from_controller
        if session.urls:
            return
        session.learn_configured_secrets()
        if given is not None:
            session.urls.update({Side(side): url for side, url in given.urls.items()})
            session.problems.update({Side(side): why for side, why in given.problems.items()})
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
            return merged

        try:
            self._running = start_target(
                self._plan.target, environment=environment, cleanup=cleanup
            )
        except BaseException:
            cleanup.close()
            raise
        for side, running in self._running.sides.items():
            session.urls[side] = running.url
            if running.problem:
                session.problems[side] = session.secrets.scrub_log(running.problem)

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

    def credentials(self, request: LoginRequest, side: Side) -> Credentials:
        """Return what the login of a side left, logging in when nobody has asked that side yet.

        Fails the test that asks where the login failed.
        """
        session = self._session
        if side not in session.credentials:
            session.credentials[side] = self._logged_in(request, side)
        known = session.credentials[side]
        if isinstance(known, str):
            pytest.fail(session.secrets.scrub(known), pytrace=False)
        return known

    def _logged_in(self, request: LoginRequest, side: Side) -> Credentials | str:
        """Log in; what went wrong as text."""
        session = self._session
        recorder = Recorder(
            "login",
            side,
            session_started_s=self._plan.started_s,
            observe=session.secrets.observe,
        )
        with open_backend(
            session.transport(side),
            recorder,
            endpoint_of=lambda method, path: f"{method} {path}",
            headers=http.Headers(dict(self._plan.spec(side).headers)),
        ) as backend:
            try:
                credentials = log_in(backend, request)
            except LoginError as error:
                return str(error)
        session.secrets.observe_headers(credentials.headers.items())
        for cookie in credentials.cookies.jar:
            session.secrets.add(cookie.value or "")
        # A name of their own, so that a login that makes one more renames none in any golden.
        generated = (replace(one, label=f"{one.label} of the login") for one in recorder.generated)
        return replace(credentials, generated=tuple(generated))

    def stop(self) -> None:
        """Stop everything that was started; nothing may outlive the run."""
        self._session.close()
        running, self._running = self._running, None
        try:
            if running is not None:
                running.stop(self._plan.report_dir / "logs", self._session.scrub_log)
        finally:
            if self._spool is not None:
                self._spool.remove()
