"""The project of `tests.integration.plugin`, with the checklist's modules imported once."""

from __future__ import annotations

from collections.abc import Iterator

import jsonschema
import psutil
import pytest
import tomlkit
import yaml

import pytest_cutover.checklist.checks
import pytest_cutover.checklist.plugin
from tests.integration.checklist.fake_prometheus import FakePrometheus
from tests.integration.plugin.conftest import no_ci, project, servers
from tests.integration.plugin.stub_server import StubServer

# In-process runs throw away what they imported; what the outer process has stays.
_PRELOADED = (pytest_cutover.checklist.plugin, jsonschema, psutil, tomlkit, yaml)
__all__ = ["no_ci", "project", "servers"]


@pytest.fixture
def prometheus() -> Iterator[FakePrometheus]:
    server = StubServer()
    fake = FakePrometheus(server)
    fake.said = {
        "R": lambda now: 10_000 * now,
        "E": 0.0,
        "A": 0.1,
        "P GET /thing": 20.0,
    }
    yield fake
    server.close()
