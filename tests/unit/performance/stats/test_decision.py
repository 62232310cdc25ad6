"""How much evidence a verdict takes."""

from __future__ import annotations

import pytest

from pytest_cutover.performance.stats.decision import Strictness


@pytest.mark.parametrize(("gates", "alpha"), [(0, 0.05), (1, 0.0), (1, 1.0)])
def test_levels_that_decide_everything_or_nothing_are_refused(gates: int, alpha: float) -> None:
    with pytest.raises(ValueError, match="strictness"):
        Strictness(gates=gates, alpha=alpha)
