"""The prepared reports of the unit tests, which are not installed anywhere."""

from __future__ import annotations

from tests.unit.report.reports import FULL, GO, INCONCLUSIVE, PARTIAL
from tests.unit.report.scale import filled, large

__all__ = ["FULL", "GO", "INCONCLUSIVE", "PARTIAL", "filled", "large"]
