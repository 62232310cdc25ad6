"""Logging in once for each side and session, and making data, by functions of the project."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pytest

from pytest_cutover.backends.answers import said
from pytest_cutover.backends.http import library as http
from pytest_cutover.backends.http.client import Backend
from pytest_cutover.backends.http.query_login import QueryLogin
from pytest_cutover.core.exchange import Exchange, Generated
from pytest_cutover.core.nodeid import SEED

LOGIN = "cutover_login"


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


def log_in(backend: Backend, request: LoginRequest, user: str | None = None) -> Credentials:
    """Run the project's login, if it has one, and keep what it left on `backend`.

    Raises LoginError where it fails, or knows no users by name and one is asked for.
    """
    login = _fixture(LOGIN, request)
    if user is not None and login is not None and "user" not in login.names:
        raise LoginError(
            f"backend.as_user({user!r}) was asked for, and {LOGIN} logs in one user only.\n"
            f"Expected {LOGIN}(backend, user), where user is None for the login of all tests.\n"
            "Take the second argument in conftest.py, and log in as whom it names."
        )
    try:
        if login is not None:
            login(request, backend=backend, user=user)
        else:
            request.config.hook.pytest_cutover_login(backend=backend, user=user)
    except Exception as error:
        who = "" if user is None else f" as {user}"
        raise LoginError(
            f"the login on the {backend.name} backend{who} failed: {said(error)}\n"
            f"Expected {LOGIN}(backend) to return; no test of this side can run as a user.\n"
            "Look at the login in conftest.py, and whether the account exists on this target."
        ) from error
    auth = QueryLogin(backend.params, backend.auth) if backend.params else backend.auth
    return Credentials(backend.headers, backend.cookies, auth)


def let_in(generated: Sequence[Generated], exchanges: Iterable[Exchange]) -> list[Generated]:
    """Return the codes of a login without those of its tries that were refused.

    One that tries again, with a name of its own each time, may have to on one side alone; the last
    try of each side is the one that tests meet.
    """
    asked = list(exchanges)

    def is_refused(one: Generated) -> bool:
        code = one.value.encode()
        with_it = [x for x in asked if code in x.request.body or one.value in x.request.target]
        return bool(with_it) and all(
            x.response is None or x.response.status >= 400 for x in with_it
        )

    kept = [one for one in generated if not is_refused(one)]
    labels = {one.label for one in kept}
    return [one for one in generated if one in kept or one.label not in labels]


def logs_in(session: pytest.Session) -> bool:
    """Return whether the project logs in before its tests."""
    return _is_taken_up(LOGIN, session, ())


def ignored_functions(session: pytest.Session, items: Iterable[pytest.Item]) -> list[str]:
    """Return, as usage errors, functions of a conftest.py that look like ours and are called by
    nobody.
    """
    return [
        f"{name} in {module.__file__} is a plain function: pytest never calls it, and every "
        f"request would be sent {without}.\nExpected a fixture, or a hook.\n"
        f"Put @pytest.fixture above it, or rename it to pytest_{name} and let it return True."
        for name, without in ((LOGIN, "without a login"), (SEED, "without its data"))
        for module in session.config.pluginmanager.get_plugins()
        if str(getattr(module, "__file__", "")).endswith("conftest.py")
        and _is_plain(getattr(module, name, None))
        and not _is_taken_up(name, session, items)
    ]


def _is_taken_up(name: str, session: pytest.Session, items: Iterable[pytest.Item]) -> bool:
    """Whether there is a hook for it, or a fixture that the session or one of the items sees."""
    if getattr(session.config.hook, f"pytest_{name}").get_hookimpls():
        return True
    known = session._fixturemanager.getfixturedefs
    return any(known(name, node) for node in (session, *items))


def _is_plain(function: object) -> bool:
    return inspect.isfunction(function) and not hasattr(function, "_pytestfixturefunction")


def seeds(request: LoginRequest) -> bool:
    """Return whether the project makes data before its tests."""
    hook = request.config.hook.pytest_cutover_seed
    return _fixture(SEED, request) is not None or bool(hook.get_hookimpls())


def seed(baseline: Backend, candidate: Backend, request: LoginRequest) -> None:
    """Let the project make its data on both sides. Raises what its own code raises."""
    fixture = _fixture(SEED, request)
    if fixture is not None:
        fixture(request, baseline=baseline, candidate=candidate)
    else:
        request.config.hook.pytest_cutover_seed(baseline=baseline, candidate=candidate)


@dataclass(frozen=True, slots=True)
class _Fixture:
    """A fixture of the project as a function of our clients.

    It is called rather than requested: as a fixture it would need `backend`, which needs it, and
    it would run for every test.
    """

    function: Callable[..., Any]
    names: tuple[str, ...]

    def __call__(self, request: LoginRequest, **given: Any) -> None:
        arguments = {
            name: given[name] if name in given else request.getfixturevalue(name)
            for name in self.names
            if name != "self"
        }
        result = self.function(**arguments)
        if inspect.isgenerator(result):
            next(result)


def _fixture(name: str, request: LoginRequest) -> _Fixture | None:
    definitions = request.session._fixturemanager.getfixturedefs(name, request.node)
    if not definitions:
        return None
    function = definitions[-1].func
    return _Fixture(function, tuple(inspect.signature(function).parameters))
