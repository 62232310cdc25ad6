"""What a fuzz item tells the controller, beside the evidence of its test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pytest_cutover.core.evidence import DifferenceEvidence, Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A finding as one item saw it.

    `request` is the class of the request, empty where it does not matter. `test` is the id that
    accepted differences are matched with. `kept` names the file of its case.
    """

    observed: DifferenceEvidence
    request: str
    test: str
    occurrences: int
    kept: str = ""
    calls: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one item did: cases wanted and compared, and why it `stopped` early, if it did.

    `cpu_s` says what the parts of the work took of the processor here, in seconds.
    """

    nodeid: str
    endpoint: str
    kind: str
    wanted: int
    compared: int
    unsteady: int = 0
    asked_again: int = 0
    requests: int = 0
    seconds: float = 0.0
    shrinking_s: float = 0.0
    cpu_s: Mapping[str, float] = field(default_factory=dict)
    stopped: str = ""
    reason: str = ""
    findings: tuple[Shown, ...] = ()


TOLD: Final = Payload("fuzz", Told)
