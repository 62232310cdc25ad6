"""A file of recorded traffic as a test: replayed on both sides, compared as any other test is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pytest_cutover.backends.http.transport import READING_METHODS
from pytest_cutover.compare.evidence.failure_message import failure_text
from pytest_cutover.core.evidence import TEST, TestEvidence
from pytest_cutover.replay.importers.har import Recording, recording
from pytest_cutover.replay.importers.har_stream import HarError, entries
from pytest_cutover.replay.replaying import Replay

if TYPE_CHECKING:
    from pytest_cutover.replay.replay_run import ReplayRun

_ROUNDS: Final = 2


class RecordingFile(pytest.File):
    """A file of recorded traffic."""

    room: ReplayRun

    def collect(self) -> Iterator[pytest.Item]:
        """Give the one item of the file: what its entries give out flows through all of it."""
        item: RecordingItem = RecordingItem.from_parent(self, name="replay")
        item.room = self.room
        yield item


class RecordingItem(pytest.Item):
    """The replay of one recording."""

    room: ReplayRun

    def runtest(self) -> None:
        """Replay on both sides, twice where something differs, and fail with what is left."""
        self._tell(requests=0)
        found = self._recording()
        sides = self.room.opened(self.session)
        if sides.problem:
            self.room.leave_out(self.nodeid)
            self._tell(requests=0, blocked=sides.problem)
            pytest.skip(sides.problem)
        judged, first = Replay(self.nodeid, found.steps, sides).judged()
        observed, dropped = self.room.observer.observed(
            judged.differences,
            judged.unstable,
            nodeid=self.nodeid,
            test=self.nodeid,
            scenario=None,
            baseline=first.baseline,
            candidate=first.candidate,
        )
        evidence = self._tell(
            requests=sum(len(one.exchanges) for one in (first.baseline, first.candidate)),
            compared="live",
            differences=observed,
            dropped_differences=dropped,
            inconclusive=judged.inconclusive,
            endpoints=tuple(dict.fromkeys(step.endpoint for step in found.steps)),
        )
        if judged.inconclusive or any(one.accepted is None for one in observed):
            pytest.fail(self.room.scrub(failure_text(evidence, rounds=_ROUNDS)), pytrace=False)

    def _recording(self) -> Recording:
        """What is to be replayed; skips, saying why, where that is nothing or not allowed."""
        try:
            found = recording(entries(self.path), self.room.observe)
        except (HarError, ValueError) as error:
            pytest.skip(f"{self.path.name} was not replayed: {error}. Export it again.")
        if not found.steps:
            reasons = ", ".join(f"{count} {why}" for why, count in found.left_out.items())
            pytest.skip(f"{self.path.name} has nothing to replay: {reasons or 'no entry'}")
        writes = sorted({step.request.method for step in found.steps} - READING_METHODS)
        if writes and not self.room.may_write:
            pytest.skip(
                f"{self.path.name} was not replayed: it holds {', '.join(writes)}, and this target "
                "does not allow writes (writes = true, or --cutover-writes)"
            )
        return found

    def _tell(self, *, requests: int, **said: object) -> TestEvidence:
        """Put the evidence where reports take it from, in place of what was there."""
        evidence = TestEvidence(
            nodeid=self.nodeid,
            test=self.nodeid,
            side="both",
            marker="characterization",
            requests=requests,
        )
        evidence = replace(evidence, **said)  # type: ignore[arg-type]
        TEST.attach(self.user_properties, evidence)
        return evidence

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the file."""
        return self.path, None, f"{self.path.name} replay"
