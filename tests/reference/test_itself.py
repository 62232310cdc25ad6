"""Express against Express, with a fresh database each time: whatever is found is a false alarm."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.flowviz.postgres import postgres_server
from tests.reference.runs import SUITE, not_passed, run_suite

RUNS = 20


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """One PostgreSQL; every run makes a schema of its own in it."""
    given = os.environ.get("FLOWVIZ_DATABASE_URL")
    if given:
        yield given
    else:
        with postgres_server() as url:
            yield url


@pytest.mark.parametrize("number", range(1, RUNS + 1))
def test_express_never_departs_from_express(tmp_path: Path, server: str, number: int) -> None:
    run = run_suite(tmp_path, SUITE, "--cutover-target=itself", "-q", FLOWVIZ_DATABASE_URL=server)
    assert (run.report["findings"], not_passed(run)) == ([], []), run.screen[-4000:]
    assert run.report["tests"]["both_sides"] > 400
