"""A file of recorded traffic as a test: replayed on both sides, compared as any other test is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from pytest_cutover.backends.http.transport import READING_METHODS
from pytest_cutover.compare.diff.account import MOST_OPEN
from pytest_cutover.compare.evidence.account import counts_of, open_places_of
from pytest_cutover.compare.evidence.failure_message import failure_text
from pytest_cutover.core.evidence import TEST, TestEvidence
from pytest_cutover.replay.evidence import REPLAY, ReplayEvidence
from pytest_cutover.replay.importers.entry import Importer
from pytest_cutover.replay.recording import RecordedStep, Recording, recording
from pytest_cutover.replay.replaying import Replay

if TYPE_CHECKING:
    from pytest_cutover.replay.replay_run import ReplayRun

_ROUNDS: Final = 2


class RecordingFile(pytest.File):
    """A file of recorded traffic."""

    room: ReplayRun
    importer: Importer

    def collect(self) -> Iterator[pytest.Item]:
        """Give the one item of the file: what its entries give out flows through all of it."""
        item: RecordingItem = RecordingItem.from_parent(self, name="replay")
        item.room, item.importer = self.room, self.importer
        yield item


class RecordingItem(pytest.Item):
    """The replay of one recording."""

    room: ReplayRun
    importer: Importer

    def runtest(self) -> None:
        """Replay on both sides, twice where something differs, and fail with what is left."""
        self._tell(requests=0)
        found = self._recording()
        sides = self.room.opened(self.session)
        if sides.problem:
            self.room.leave_out(self.nodeid)
            self._tell(requests=0, blocked=sides.problem)
            pytest.skip(sides.problem)
        replay = Replay(self.nodeid, found.steps, sides)
        judged, first = replay.judged()
        self._say(found, not_served=replay.not_served)
        observed, dropped = self.room.observer.observed(
            judged.differences,
            judged.unstable,
            nodeid=self.nodeid,
            test=self.nodeid,
            scenario=None,
            baseline=first.baseline,
            candidate=first.candidate,
        )
        why = judged.inconclusive or _no_evidence(replay.refused(), found)
        seen = Counter(
            (one.endpoint, one.response.status if one.response else 0)
            for one in first.baseline.exchanges
        )
        evidence = self._tell(
            requests=sum(len(one.exchanges) for one in (first.baseline, first.candidate)),
            compared="live",
            differences=observed,
            dropped_differences=dropped,
            inconclusive=why or None,
            rules_used=tuple(sorted(judged.rules_used)),
            account=counts_of(judged.account),
            open_places=open_places_of(judged.account, self.room.scrub),
            open_more=max(0, len(judged.account.open) - MOST_OPEN),
            endpoints=tuple(dict.fromkeys(endpoint for endpoint, _ in seen)),
            seen=tuple((endpoint, status, times) for (endpoint, status), times in seen.items()),
        )
        if any(one.accepted is None for one in observed):
            pytest.fail(self.room.scrub(failure_text(evidence, rounds=_ROUNDS)), pytrace=False)
        if why:
            pytest.fail(self.room.scrub(f"inconclusive: {why}"), pytrace=False)

    def _recording(self) -> Recording:
        """Return what is to be replayed; skips, saying why, where that is nothing or not
        allowed.
        """
        try:
            found = recording(
                self.importer.entries(self.path),
                origins=self.room.origins,
                bases=self.room.bases,
                observe=self.room.observe,
            )
        except ValueError as error:
            pytest.skip(
                f"{self.path.name} was not replayed as {self.importer.kind}: {error}. "
                "Export it again: HAR files and Postman collections of version 2 are read."
            )
        self._say(found)
        if not found.steps:
            reasons = {**found.left_out, **found.missed}
            told = ", ".join(f"{count} {why}" for why, count in reasons.items())
            pytest.skip(f"{self.path.name} has nothing to replay: {told or 'no request'}")
        writes = sorted({step.request.method for step in found.steps} - READING_METHODS)
        if writes and not self.room.may_write:
            pytest.skip(
                f"{self.path.name} was not replayed: it holds {', '.join(writes)}, and this target "
                "does not allow writes (writes = true, or --cutover-writes)"
            )
        return found

    def _say(self, found: Recording, *, not_served: int = 0) -> None:
        """Tell how many requests were replayed, and why others were not."""
        pages = {"a page that the baseline does not serve": not_served} if not_served else {}
        said = ReplayEvidence(
            nodeid=self.nodeid,
            file=self.path.name,
            replayed=len(found.steps) - not_served,
            left_out={**found.left_out, **pages},
        )
        REPLAY.attach(self.user_properties, said)

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


def _no_evidence(refused: list[tuple[RecordedStep, str]], found: Recording) -> str:
    """Why a replay proves less than the recording holds; empty where it proves all of it."""
    reasons = []
    expected = [one for one in refused if one[0].status]
    if expected:
        step, now = expected[0]
        was = f"{step.endpoint} was {step.status}"
        reasons.append(
            f"{len(expected)} of {len(found.steps)} recorded requests are not answered as they "
            f"were recorded: {was}, the baseline now says {now}. Log in "
            "(pytest_cutover_login in conftest.py), put the data there, or record again"
        )
    unknown = [one for one in refused if not one[0].status]
    if unknown:
        step, now = unknown[0]
        reasons.append(
            f"{len(unknown)} of {len(found.steps)} requests, recorded without their answers, were "
            f"let in by nobody: the baseline says {now} to {step.endpoint}. Log in, put the data "
            "there, or record the answer if that is what it should say"
        )
    if found.missed:
        told = ", ".join(f"{count} {why}" for why, count in found.missed.items())
        reasons.append(f"not replayed: {told}")
    return "; ".join(reasons)
