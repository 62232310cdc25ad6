"""What a fuzz item tells the controller: one ASCII JSON string beside the evidence of its test."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from pytest_cutover.core.evidence import DifferenceEvidence

PROPERTY: Final = "cutover-fuzz"


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

    def to_text(self) -> str:
        """One line of ASCII."""
        return json.dumps(asdict(self), ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Told:
        """What a line holds. Raises ValueError for anything else."""
        raw: dict[str, Any] = json.loads(text)
        try:
            raw["findings"] = tuple(
                Shown(**{**entry, "observed": DifferenceEvidence(**entry["observed"])})
                for entry in raw["findings"]
            )
            return cls(**raw)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a message of this version: {error}") from error


def gathered(texts: Iterable[str]) -> tuple[Told, ...]:
    """One entry for each item, in a fixed order: reports repeat their properties."""
    latest = {told.nodeid: told for told in map(Told.from_text, texts)}
    return tuple(latest[nodeid] for nodeid in sorted(latest))
