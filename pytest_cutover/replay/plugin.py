"""Recorded traffic inside pytest: collects the recordings of a suite and gives them both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.session import Session
from pytest_cutover.core.run_evidence import RunEvidence
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.replay.importers import OTHER_SUFFIXES, SUFFIXES

if TYPE_CHECKING:
    from pytest_cutover.replay.replay_run import ReplayRun


class UnknownFile(pytest.File):
    """A recording of a kind that is not read; pytest would say that there is no such file."""

    def collect(self) -> Iterator[pytest.Item]:
        """Refuse, saying what is read."""
        raise self.CollectError(
            f"{self.path.name} is no recording that is read: HAR files and Postman collections of "
            "version 2 are. Export it again as HAR (1.2), and name that."
        )


class ReplayPlugin:
    """The room's part of a run; what it needs is imported when there is a recording."""

    def __init__(
        self,
        config: pytest.Config,
        run: Session,
        backends: BothBackends,
        *,
        open_parity: Callable[[], object],
    ) -> None:
        self._config, self._run, self._backends = config, run, backends
        self._open_parity = open_parity
        self._shared: ReplayRun | None = None

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Collect a recording; while goldens are recorded there is nothing to compare."""
        suffix = file_path.suffix.lower()
        if self._run.plan.recording or suffix not in SUFFIXES | OTHER_SUFFIXES:
            return None
        from pytest_cutover.replay.importers.registry import importer_for

        named = parent.session.isinitpath(file_path)
        importer = importer_for(file_path, named=named)
        if importer is None:
            kept = file_path.is_relative_to(self._run.plan.report_dir)
            unknown = named and not kept
            return UnknownFile.from_parent(parent, path=file_path) if unknown else None
        from pytest_cutover.replay.item import RecordingFile
        from pytest_cutover.replay.replay_run import ReplayRun

        if self._shared is None:
            self._open_parity()  # which judges what a replay shows
            self._shared = ReplayRun(self._config, self._run, self._backends)
        file: RecordingFile = RecordingFile.from_parent(parent, path=file_path)
        file.room, file.importer = self._shared, importer
        return file

    def pytest_cutover_judge(self, evidence: RunEvidence) -> Contribution | None:
        """Say which requests of the recordings were left out."""
        from pytest_cutover.replay.evidence import REPLAY, not_judged

        told = evidence.received.of(REPLAY)
        return Contribution(family="replay", not_judged=tuple(not_judged(told))) if told else None

    def pytest_unconfigure(self) -> None:
        """Close what was opened."""
        if self._shared is not None:
            self._shared.close()
