"""Two launched backends, measured."""

from __future__ import annotations

from tests.harness.measured import project

__all__ = ["project"]
