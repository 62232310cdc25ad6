"""Measuring that takes minutes or a quiet machine."""

from __future__ import annotations

from tests.harness.fixtures import no_ci
from tests.harness.measured import project

__all__ = ["no_ci", "project"]
