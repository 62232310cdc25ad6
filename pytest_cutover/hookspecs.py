"""What a project may tell the plugin, in its conftest.py."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_cutover.backends.http.client import Backend
    from pytest_cutover.core.run_evidence import RunEvidence
    from pytest_cutover.gate.verdict import Contribution


def pytest_cutover_environment(
    config: pytest.Config, target: str, side: str, cleanup: ExitStack
) -> Mapping[str, str] | None:
    """Environment variables for a backend that is about to be launched.

    Called once for each launched side (``baseline``, ``candidate``), before it starts. Whatever the
    project starts for it (a database, a queue) is put on `cleanup`, which is unwound after both
    backends have stopped. What is returned is added to the environment and wins over
    ``[targets.NAME.SIDE] env``.
    """


@pytest.hookspec(firstresult=True)
def pytest_cutover_login(backend: Backend, user: str | None) -> bool | None:
    """Log in on one side, once in a session and outside every transcript.

    Send what it takes through `backend` and leave the credentials on it: ``backend.headers``,
    ``backend.cookies``, ``backend.params`` or ``backend.auth``. Every test of that side then has
    them. Return True when logged in. The fixture ``cutover_login(backend)`` is the same in another
    place.

    `user` is None for the login that all tests share, and a name when a test asked for it by
    ``backend.as_user(name)``; a project with one user need not take it.
    """


@pytest.hookspec(firstresult=True)
def pytest_cutover_seed(baseline: Backend, candidate: Backend) -> bool | None:
    """Make the data that tests rely on, on both sides, before the first test asks them.

    Called once in a session, and once in each worker of pytest-xdist; logged in, recorded and
    compared as a transcript of its own. Return True when seeded. The fixture
    ``cutover_seed(baseline, candidate)`` is the same in another place.
    """


@pytest.hookspec(firstresult=True)
def pytest_cutover_pool(config: pytest.Config, target: str, side: str) -> Mapping[str, int] | None:
    """Return the database connections of a side (``baseline``, ``candidate``) at this moment.

    Called before, every half second during, and after a load: the plugin knows no database.
    Return ``connections`` (all that are open), ``busy`` (those not idle) and ``bound`` (the most
    there may be), for PostgreSQL from ``pg_stat_activity``; None where a side is not watched.
    """


def pytest_cutover_judge(config: pytest.Config, evidence: RunEvidence) -> Contribution | None:
    """Return what a room concludes from a run's evidence: its gates and its part of the report."""
