"""Runs with ``--cutover-phase=monitoring`` only: the watch, and something of FlowViz's own.

Read-only: a check that writes has no business here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cutover import Backend, CheckResult


@pytest.mark.checklist("monitoring.functionality")
def test_genealogy_is_whole_through_the_candidate(candidate: Backend) -> None:
    lot = candidate.get("/api/traceability/SEED-MIX-001").json()

    assert {parent["lot_code"] for parent in lot["parents"]} == {"SEED-DEB-001", "SEED-RAW-002"}
    assert len(lot["children"]) == 3


@pytest.mark.checklist("monitoring.functionality")
def test_users_are_served_for_the_whole_window(
    cutover_check: Callable[[str], CheckResult],
) -> None:
    cutover_check("monitoring.probes")
