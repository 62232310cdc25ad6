"""What a replay tells the controller beside the evidence of its test, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pytest_cutover.core.evidence import Payload
from pytest_cutover.report.model import NotJudged

_MOST_REASONS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayEvidence:
    """How many requests of a file were replayed, and how many were not, for which reasons."""

    nodeid: str
    file: str
    replayed: int
    left_out: Mapping[str, int] = field(default_factory=dict)


REPLAY: Final = Payload("replay", ReplayEvidence)


def not_judged(told: Iterable[ReplayEvidence]) -> Iterator[NotJudged]:
    """Give a line for each reason for which requests of a recording were left out."""
    for one in told:
        reasons = sorted(one.left_out.items(), key=lambda entry: (-entry[1], entry[0]))
        for why, count in reasons[:_MOST_REASONS]:
            advice = "; if it is yours, name it: origins in [replay]" if "origin" in why else ""
            every = one.replayed + sum(one.left_out.values())
            yield NotJudged(
                title=f"{one.file}: {count} of {every} requests",
                reason=f"{why}{advice}",
                code="CUT303",
            )
