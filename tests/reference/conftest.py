"""What runs of the repository's own suite share."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from examples.flowviz.postgres import postgres_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """One PostgreSQL for many runs: every run makes a schema of its own in it, and drops it."""
    given = os.environ.get("FLOWVIZ_DATABASE_URL")
    if given:
        yield given
    else:
        with postgres_server() as url:
            yield url
