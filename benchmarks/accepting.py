"""Differences accepted as `pytest-cutover accept` writes them, and what they leave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from pytest_cutover.cli.binding import binding_of
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.evidence.reviewed_values import Acceptance
from pytest_cutover.config.accepted import AcceptedDifferences, Entry
from pytest_cutover.core.errors import MistakesError
from pytest_cutover.core.seen_values import SeenValues

_TODAY, _TEST = date(2026, 3, 2), "tests/test_one.py::test_one"


@dataclass(frozen=True, slots=True)
class _Finding:
    """What `binding_of` asks of a finding."""

    id: str
    endpoint: str
    pointer: str
    kind: str
    change: str
    values: SeenValues | None
    explanation: str


@dataclass(frozen=True, slots=True)
class Agreed:
    """Entries that somebody wrote for the differences of one run."""

    acceptance: Acceptance

    @classmethod
    def of(cls, differences: Sequence[Difference]) -> Agreed | None:
        """An entry for each finding; None where there is none, or one that cannot be accepted."""
        nothing = Acceptance(AcceptedDifferences(), _TODAY, str)
        found: dict[str, list[Difference]] = defaultdict(list)
        for one in differences:
            found[one.signature].append(one)
        entries = []
        for signature, same in found.items():
            first = same[0]
            finding: Any = _Finding(
                "", first.endpoint, first.pointer, str(first.kind), first.change,
                nothing.seen(same), nothing.explain(first),
            )  # fmt: skip
            try:
                change, values = binding_of(cast("Any", finding))
            except MistakesError:
                return None
            entries.append(
                Entry(signature=signature, scope=(_TEST,), reason="as agreed", approver="ana",
                      expires=_TODAY, change=change, values=values)
            )  # fmt: skip
        if not entries:
            return None
        return cls(Acceptance(AcceptedDifferences(tuple(entries)), _TODAY, str))

    @property
    def entries(self) -> tuple[str, ...]:
        """What they hold for, a line each."""
        return tuple(f"{one.signature} {one.change} {one.values}"[:160]
                     for one in self.acceptance.accepted.entries)  # fmt: skip

    def left(self, differences: Sequence[Difference]) -> tuple[Difference, ...]:
        """What no entry covers."""
        return tuple(
            one for one in differences if self.acceptance.key_for(one, _TEST, None) is None
        )

    def covers(self, differences: Sequence[Difference]) -> bool:
        """Whether nothing is left of them."""
        return not self.left(differences)
