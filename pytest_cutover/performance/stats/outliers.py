"""Are the outliers of a run the candidate's, or the machine's?

An outlier of the machine strikes whichever side happens to be asked: in balanced blocks each side
half of the time. So of the blocks in which one side alone was struck, at most half may be the
candidate's, and that is a Bernoulli test which may be looked at after every block. Two against
none, as the rule was first worded, happen by chance one time in four. Called by the maximum rule.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pytest_cutover.performance.stats.counters import JudgedLimits
from pytest_cutover.performance.stats.decision import Strictness
from pytest_cutover.performance.stats.eprocess import RateTest
from pytest_cutover.performance.stats.samples import Block, Side

OF_ONE_SIDE = RateTest(0.5, (4, 0.5))
"""The prior expects what is worth finding: outliers that are nearly all the candidate's."""


@dataclass(slots=True)
class Outliers:
    """Blocks of the whole run in which one side alone took more than twice its maximum.

    A failed request is no outlier: the error rate judges it.
    """

    limits: Mapping[str, JudgedLimits]
    candidate: int = 0
    baseline: int = 0

    def add(self, block: Block) -> None:
        """Count the next block of the run, of whatever endpoint."""
        limit = self.limits.get(block.endpoint, JudgedLimits()).max_ms
        if limit is None:
            return
        struck = {
            request.side
            for request in block.requests
            if not request.failed and request.latency_ms > 2 * limit
        }
        self.candidate += struck == {Side.CANDIDATE}
        self.baseline += struck == {Side.BASELINE}

    def proven(self, strictness: Strictness) -> bool:
        """Whether they are the candidate's, at the strictness of a fail."""
        if not self.candidate:
            return False
        total = self.candidate + self.baseline
        return bool(OF_ONE_SIDE.log_e_above(self.candidate, total) >= strictness.log_fail)

    def needed(self, strictness: Strictness) -> int | None:
        """How many more of the candidate alone would prove it; None where half are not."""
        if self.candidate <= self.baseline:
            return None
        for more in range(1000):
            c = self.candidate + more
            if OF_ONE_SIDE.log_e_above(c, c + self.baseline) >= strictness.log_fail:
                return more
        return None
