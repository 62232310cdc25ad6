"""What a fuzz item tells the controller, beside the evidence of its test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pytest_cutover.core.evidence import DifferenceEvidence, Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A finding as one item saw it.

    `request` is the class of the request, empty where it does not matter, and `member` the one for
    which one side alone refuses it, empty where it is none in particular. `test` is the id that
    accepted differences are matched with. `kept` names the file of its case.
    """

    observed: DifferenceEvidence
    request: str
    member: str = ""
    test: str
    occurrences: int
    kept: str = ""
    calls: int = 1


def named_request(shown: Shown) -> str:
    """Return the class of a request in words: what is odd about it, or how valid it is."""
    if shown.observed.endpoint == "*":
        return shown.request
    return f"{shown.request} request" + (f": {shown.member}" if shown.member else "")


def identity_parts(signature: str, request: str, member: str) -> tuple[str, ...]:
    """Return what makes a finding the same in every run."""
    return ("fuzz", signature, request, *([member] if member else []))


@dataclass(frozen=True, slots=True)
class Reached:
    """How far requests came at one operation, by what the baseline answered."""

    sent: int = 0
    succeeded: int = 0
    redirected: int = 0

    def and_one(self, status: int) -> Reached:
        """Return the counts with one answer more."""
        kind = status // 100
        return Reached(self.sent + 1, self.succeeded + (kind == 2), self.redirected + (kind == 3))

    def and_all(self, other: Reached) -> Reached:
        """Return the counts of both."""
        return Reached(
            self.sent + other.sent,
            self.succeeded + other.succeeded,
            self.redirected + other.redirected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one item did: cases wanted and compared, and why it `stopped` early, if it did.

    `left_out` are requests that were too many for so few cases each.

    `operations` says how far it came at each operation that it asked, `cpu_s` what the parts of the
    work took of the processor here, in seconds. `alike` is what both sides did alike somewhere,
    which explains no difference elsewhere. `followed` cases show that the data of the two
    sides parted before; at `unknown_ids` nothing tells other rows from each side's own database.
    At `limited` endpoints the baseline limited the rate and was waited for, and the candidate
    did not so far.
    """

    nodeid: str
    endpoint: str
    kind: str
    wanted: int
    compared: int
    unsteady: int = 0
    asked_again: int = 0
    followed: int = 0
    requests: int = 0
    seconds: float = 0.0
    shrinking_s: float = 0.0
    cpu_s: Mapping[str, float] = field(default_factory=dict)
    stopped: str = ""
    left_out: int = 0
    reason: str = ""
    findings: tuple[Shown, ...] = ()
    operations: Mapping[str, Reached] = field(default_factory=dict)
    alike: tuple[str, ...] = ()
    unknown_ids: tuple[str, ...] = ()
    limited: tuple[str, ...] = ()


OPERATION: Final = "operation"
PROTOCOL: Final = "protocol"
TOLD: Final = Payload("fuzz", Told)
