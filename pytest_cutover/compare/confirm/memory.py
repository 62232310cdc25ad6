"""What was learned and compared in a test so far, so that no round is gone through twice. Pure.

A differing test is judged after each of its rounds, under the noise of all rounds so far. Where a
further round adds nothing to the noise, what was compared under it still holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from pytest_cutover.compare.confirm.confirmation import Compare
from pytest_cutover.compare.diff.correspondence import Correspondence
from pytest_cutover.compare.diff.fast_path import same_bytes
from pytest_cutover.compare.diff.transcripts import Comparison
from pytest_cutover.compare.noise.model import Golden, learn
from pytest_cutover.compare.rules import Rules
from pytest_cutover.core.exchange import Transcript

_Key = tuple[Any, ...]


@dataclass(slots=True)
class Memory:
    """Noise and comparisons, by the ids of what they came of, which is kept with them."""

    _learned: dict[_Key, tuple[Golden, _Key]] = field(default_factory=dict)
    _compared: dict[_Key, tuple[Comparison, _Key]] = field(default_factory=dict)

    def learn(
        self, first: Transcript, again: Transcript, earlier: Golden | None, rules: Rules
    ) -> Golden:
        """Return the noise of two recordings; `earlier` itself where they add nothing to it.

        `earlier` is what was learned from `first` and others. Raises `UnsteadyBaseline`.
        """
        if earlier is not None and same_bytes(first, again):
            return earlier
        key = (id(first.exchanges), id(again.exchanges), id(earlier))
        if key not in self._learned:
            golden = learn(first, again, earlier=earlier, rules=rules)
            if earlier is not None and golden == earlier:
                golden = earlier
            self._learned[key] = golden, (first.exchanges, again.exchanges, earlier)
        return self._learned[key][0]

    def comparing(self, golden: Golden, compare: Compare) -> Compare:
        """Return a comparison under a golden that asks `compare` once for each pair."""

        def compared(
            baseline: Transcript,
            candidate: Transcript,
            known: Correspondence | None = None,
            *,
            later: Transcript | None = None,
            is_last_round: bool = False,
            same_side: bool = False,
        ) -> Comparison:
            after = None if later is None else later.exchanges
            origin = golden, baseline.exchanges, candidate.exchanges, known, after
            key = (*map(id, origin), is_last_round, same_side)
            if key not in self._compared:
                found = compare(
                    baseline,
                    candidate,
                    known,
                    later=later,
                    is_last_round=is_last_round,
                    same_side=same_side,
                )
                self._compared[key] = found, origin
            return self._compared[key][0]

        return compared
