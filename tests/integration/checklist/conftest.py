"""What is asked of Prometheus, of which a stand-in answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.harness.stub_server import StubServer
from tests.integration.checklist.fake_prometheus import FakePrometheus


@pytest.fixture
def prometheus() -> Iterator[FakePrometheus]:
    with StubServer() as server:
        fake = FakePrometheus(server)
        fake.said = {
            "R": lambda now: 10_000 * now,
            "E": 0.0,
            "A": 0.1,
            "P GET /thing": 20.0,
        }
        yield fake
