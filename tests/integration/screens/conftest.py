"""A small suite between two servers on loopback, run for real: what its user sees."""

from __future__ import annotations

from tests.integration.plugin.conftest import no_ci, project, servers

__all__ = ["no_ci", "project", "servers"]
