"""The fixtures of the harness; a conftest imports those that its tests use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer, StubServer

_OF_THE_MACHINE = (
    *("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_SHA", "GITHUB_BASE_REF"),
    *("CHANGE_TARGET", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "CUTOVER_BASE_REF", "CUTOVER_BASE_REPORT"),
    *("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT"),
)


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine that runs these tests is no part of what they are about."""
    for name in _OF_THE_MACHINE:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def servers() -> Iterator[tuple[StubServer, StubServer]]:
    with StubServer() as baseline, StubServer() as candidate:
        for server in (baseline, candidate):
            server["GET /"] = Answer(200, {"ok": True})
            server["GET /thing"] = Answer(200, {"size": 3})
        yield baseline, candidate


@pytest.fixture
def project(pytester: pytest.Pytester, servers: tuple[StubServer, StubServer]) -> Project:
    return Project(pytester, *servers)
