"""FlowViz's own part in its migration: the database, the node binary, the login."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_cutover import Backend

_ENVIRONMENT = pytest.StashKey[dict[str, str]]()


def pytest_cutover_environment(
    config: pytest.Config, target: str, side: str, cleanup: ExitStack
) -> Mapping[str, str]:
    """Both backends share one database, fresh for this run and gone after it."""
    from examples.flowviz.backends import express, fastapi
    from examples.flowviz.database import reference_database
    from examples.flowviz.node import node_binary

    if _ENVIRONMENT not in config.stash:
        database = cleanup.enter_context(reference_database())
        path = f"{node_binary().parent}{os.pathsep}{os.environ.get('PATH', '')}"
        config.stash[_ENVIRONMENT] = {
            **express(database).environment,
            **fastapi(database).environment,
            "PATH": path,
        }
    return config.stash[_ENVIRONMENT]


def pytest_cutover_pool(config: pytest.Config, target: str, side: str) -> Mapping[str, int] | None:
    """PostgreSQL knows the connections of both backends by their names."""
    from examples.flowviz.pool import pool_of

    environment = config.stash.get(_ENVIRONMENT, None)
    return pool_of(side, environment["DATABASE_URL"]) if environment else None


def pytest_cutover_login(backend: Backend) -> bool:
    """Everybody is logged in as the test user; the endpoints take it or leave it."""
    response = backend.post("/api/login", json={"email": "test@flowviz.com"})
    response.raise_for_status()
    backend.headers["Authorization"] = f"Bearer {response.json()['token']}"
    # The token is what identifies a user here; a cookie as well would hide which one is read.
    backend.cookies.clear()
    return True
