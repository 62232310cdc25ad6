"""What runs and watches of one target left behind, in the folders of several machines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from pytest_cutover.config.checklist import Phase
from pytest_cutover.report.io.gate_json import ReportUnreadable, read_report
from pytest_cutover.report.live import Live, live_path, read_live, run_folder
from pytest_cutover.report.model import Report


@dataclass(frozen=True, slots=True)
class Left:
    """The newest report and the newest watch of each phase; `unreadable` files by their reasons."""

    reports: dict[Phase, Report] = field(default_factory=dict)
    lives: dict[Phase, Live] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()


def left_in(folders: Iterable[Path], target: str) -> Left:
    """Read every phase of a target in every folder; of two of one phase the newer counts."""
    reports: dict[Phase, Report] = {}
    lives: dict[Phase, Live] = {}
    unreadable: list[str] = []
    for folder in folders:
        for phase in Phase:
            path = run_folder(folder, target, phase) / "gate.json"
            if path.is_file():
                try:
                    report = read_report(path)
                except ReportUnreadable as error:
                    unreadable.append(str(error))
                else:
                    known = reports.get(phase)
                    if known is None or known.finished < report.finished:
                        reports[phase] = report
            path = live_path(folder, target, phase)
            live = read_live(path)
            if live is None and path.is_file():
                unreadable.append(f"{path} cannot be read: what watches there is not shown")
            if live is not None and (phase not in lives or lives[phase].updated < live.updated):
                lives[phase] = live
    return Left(reports, lives, tuple(unreadable))
