"""Logging in once for each side and session, outside every transcript."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend
from pytest_cutover.core.exchange import Generated

FIXTURE = "cutover_login"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login left on the client, and the codes that it made by `backend.unique`."""

    headers: http.Headers
    cookies: http.Cookies
    auth: Any = None
    generated: tuple[Generated, ...] = ()


class LoginError(Exception):
    """The project's login did not succeed; the message says on which side and why."""


class LoginRequest(Protocol):
    """What a login needs of pytest's request; what is no test function has one of its own."""

    @property
    def config(self) -> pytest.Config:
        """The configuration whose hooks are called."""

    @property
    def session(self) -> pytest.Session:
        """The session whose fixtures are known."""

    @property
    def node(self) -> pytest.Item | pytest.Session:
        """For whom the login is done."""

    def getfixturevalue(self, argname: str) -> Any:
        """Return the value of a fixture that the login asks for."""


def log_in(backend: Backend, request: LoginRequest) -> Credentials:
    """Run the project's login, if it has one, and keep what it left on `backend`."""
    login = _fixture_function(request)
    try:
        if login is not None:
            login(backend)
        else:
            request.config.hook.pytest_cutover_login(backend=backend)
    except Exception as error:
        raise LoginError(
            f"the login on the {backend.name} backend failed: {type(error).__name__}: {error}\n"
            f"Expected {FIXTURE}(backend) to return; no test of this side can run as a user.\n"
            "Look at the login in conftest.py, and whether the account exists on this target."
        ) from error
    return Credentials(backend.headers, backend.cookies, backend.auth)


def _fixture_function(request: LoginRequest) -> Callable[[Backend], Any] | None:
    """The fixture `cutover_login` as a function of the backend.

    It is called rather than requested: as a fixture it would need `backend`, which needs it, and
    it would run for every test.
    """
    definitions = request.session._fixturemanager.getfixturedefs(FIXTURE, request.node)
    if not definitions:
        return None
    function = definitions[-1].func
    names = list(inspect.signature(function).parameters)

    def call(backend: Backend) -> Any:
        arguments = {
            name: backend if name == "backend" else request.getfixturevalue(name)
            for name in names
            if name != "self"
        }
        result = function(**arguments)
        return next(result) if inspect.isgenerator(result) else result

    return call
