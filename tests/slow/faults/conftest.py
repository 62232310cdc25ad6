"""Answers without end, on the sides that they do not meet in make test."""

from __future__ import annotations

from tests.harness.fixtures import no_ci
from tests.integration.faults.conftest import project, servers

__all__ = ["no_ci", "project", "servers"]
