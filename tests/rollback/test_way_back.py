"""Can traffic come back: whether the baseline can live with what the candidate leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_cutover import CheckResult


@pytest.mark.checklist("rollback.compatible")
def test_the_baseline_can_live_with_the_migrations(
    cutover_check: Callable[[str], CheckResult],
) -> None:
    cutover_check("migrations.compatible")
