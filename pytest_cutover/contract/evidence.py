"""What one test showed of the contract, as the evidence channel carries it: without bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pytest_cutover.contract.validate import Violation
from pytest_cutover.core.evidence import Payload

MOST_VIOLATIONS: Final = 20
# Two values are enough to say that an input varied.
MOST_VALUES: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractEvidence:
    """The statuses, violations and inputs of one test on one side.

    `seen` are (operation, status) pairs; `inputs` has, by operation and input, up to two digests.
    """

    nodeid: str
    side: str
    seen: tuple[tuple[str, int], ...] = ()
    violations: tuple[Violation, ...] = ()
    inputs: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


# A crossover test is on both sides.
CONTRACT: Final = Payload("contract", ContractEvidence, lambda one: (one.nodeid, one.side))
