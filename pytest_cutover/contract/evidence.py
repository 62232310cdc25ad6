"""What one test showed of the contract: travels as one ASCII line, without bodies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from pytest_cutover.contract.validate import Violation

PROPERTY = "cutover-contract"
_MOST = 20
# Two values are enough to say that an input varied.
_VALUES = 2


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

    def to_text(self) -> str:
        """One line of ASCII."""
        plain = {
            **asdict(self),
            "violations": [asdict(one) for one in self.violations[:_MOST]],
            "inputs": {
                operation: {name: list(values)[:_VALUES] for name, values in names.items()}
                for operation, names in self.inputs.items()
            },
        }
        return json.dumps(plain, ensure_ascii=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> ContractEvidence:
        """What a line holds. Raises ValueError for anything else."""
        raw = json.loads(text)
        try:
            return cls(
                nodeid=raw["nodeid"],
                side=raw["side"],
                seen=tuple((str(name), int(status)) for name, status in raw["seen"]),
                violations=tuple(Violation(**one) for one in raw["violations"]),
                inputs={
                    operation: {name: tuple(values) for name, values in names.items()}
                    for operation, names in raw["inputs"].items()
                },
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not contract evidence of this version: {error}") from error
