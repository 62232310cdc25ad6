"""Recorded traffic inside pytest: collects the recordings of a suite and gives them both sides."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.session import Session

if TYPE_CHECKING:
    from pytest_cutover.replay.replay_run import ReplayRun


class ReplayPlugin:
    """The room's part of a run; what it needs is imported when there is a recording."""

    def __init__(self, config: pytest.Config, run: Session, backends: BothBackends) -> None:
        self._config, self._run, self._backends = config, run, backends
        self._shared: ReplayRun | None = None

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Collect a recording; while goldens are recorded there is nothing to compare."""
        if self._run.plan.recording or file_path.suffix.lower() != ".har":
            return None
        from pytest_cutover.replay.item import RecordingFile
        from pytest_cutover.replay.replay_run import ReplayRun

        if self._shared is None:
            self._shared = ReplayRun(self._config, self._run, self._backends)
        file: RecordingFile = RecordingFile.from_parent(parent, path=file_path)
        file.room = self._shared
        return file

    def pytest_unconfigure(self) -> None:
        """Close what was opened."""
        if self._shared is not None:
            self._shared.close()
