"""What was learned and compared in a test so far, so that no round is gone through twice. Pure.

A differing test is judged after each of its rounds, under the noise of all rounds so far. Where a
further round adds nothing to the noise, what was compared under it still holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pytest_cutover.compare.confirm import stale_goldens
from pytest_cutover.compare.confirm.confirmation import Compare
from pytest_cutover.compare.diff.fast_path import in_step, same_bytes
from pytest_cutover.compare.diff.paired_parse import SHORTEST
from pytest_cutover.compare.diff.read_beside import read_beside
from pytest_cutover.compare.diff.taken_apart import Bodies
from pytest_cutover.compare.diff.transcripts import ALONE, Comparison, RoundContext
from pytest_cutover.compare.noise.lists.rows_of_rounds import with_rows_of
from pytest_cutover.compare.noise.model import Golden, Recording, learn_from
from pytest_cutover.compare.noise.rules import Rules
from pytest_cutover.compare.noise.type_stability import wavering
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.body import BodyKind, Parser

_Key = tuple[Any, ...]


@dataclass(slots=True)
class Memory:
    """Noise and comparisons, by the ids of what they came of, which is kept with them."""

    _learned: dict[_Key, tuple[Golden, _Key]] = field(default_factory=dict)
    _compared: dict[_Key, tuple[Comparison, _Key]] = field(default_factory=dict)
    _recordings: dict[int, tuple[Recording, _Key]] = field(default_factory=dict)
    _with_rows: dict[_Key, tuple[Golden, _Key]] = field(default_factory=dict)
    _wavering: dict[int, tuple[tuple[str, str] | None, Golden]] = field(default_factory=dict)
    _bodies: Bodies = field(default_factory=Bodies)

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
            one, other = self._read(first), self._read(again, beside=first)
            golden = learn_from(one, other, earlier=earlier, rules=rules)
            golden = next((known for known, _ in self._learned.values() if known == golden), golden)
            self._learned[key] = golden, (first.exchanges, again.exchanges, earlier)
        return self._learned[key][0]

    def with_rows_of(
        self, golden: Golden, live: Golden, rounds: Sequence[tuple[Transcript, Transcript]]
    ) -> Golden:
        """Return a golden with what the rounds showed of the rows of its lists and of numbers."""
        last = rounds[-1][1].exchanges
        key = (id(golden), id(live), id(last))
        if key not in self._with_rows:
            found = with_rows_of(golden, live, stale_goldens.moving(rounds))
            self._with_rows[key] = found, (golden, live, last)
        return self._with_rows[key][0]

    def wavering(self, golden: Golden) -> tuple[str, str] | None:
        """Return where the baseline changed the type of a value, as the noise of all rounds has
        it.
        """
        if id(golden) not in self._wavering:
            self._wavering[id(golden)] = wavering(golden), golden
        return self._wavering[id(golden)][0]

    def _read(self, transcript: Transcript, beside: Transcript | None = None) -> Recording:
        key = id(transcript.exchanges)
        if key not in self._recordings:
            parsers = self._parsers(transcript, beside) if beside is not None else None
            self._recordings[key] = Recording.of(transcript, parsers), transcript.exchanges
        return self._recordings[key][0]

    def _parsers(self, transcript: Transcript, first: Transcript) -> dict[int, Parser]:
        """Return what reads the large answers of a later round beside those of the first, by what
        was found to differ in the rounds before.
        """
        golden = next((known for known, _ in reversed(self._learned.values())), None)
        if golden is None or not in_step(transcript, first):
            return {}
        known = self._read(first)
        found: dict[int, Parser] = {}
        places = zip(first.exchanges, known.exchanges, golden.exchanges, strict=False)
        for index, (sent, seen, mask) in enumerate(places):
            if sent.response is None or seen.response is None or mask.response is None:
                continue
            body, read = sent.response.body, seen.response.body
            if len(body) < SHORTEST or read.kind is not BodyKind.JSON or read.problems:
                continue
            parts = self._bodies.of(known.facts.marked(body))
            tree, noise = read.tree, mask.response.body.tree
            found[index] = partial(read_beside, parts, tree, noise, self._bodies)
        return found

    def comparing(self, golden: Golden, compare: Compare) -> Compare:
        """Return a comparison under a golden that asks `compare` once for each pair."""

        def compared(
            baseline: Transcript, candidate: Transcript, context: RoundContext = ALONE
        ) -> Comparison:
            origin = golden, baseline.exchanges, candidate.exchanges, context.known
            alone = (*map(id, origin), context.same_side)
            after = None if context.later is None else context.later.exchanges
            key = (*alone, id(after), context.is_last_round)
            if alone in self._compared:
                return self._compared[alone][0]
            if key not in self._compared:
                found = compare(baseline, candidate, replace(context, bodies=self._bodies))
                if not found.of_rounds:
                    key = alone
                self._compared[key] = found, (*origin, after)
            return self._compared[key][0]

        return compared
