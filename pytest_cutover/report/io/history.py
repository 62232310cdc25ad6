"""history/: one small file for each of the last runs, beside the report.

In CI the folder of the base branch's report, `$CUTOVER_BASE_REPORT`, has a history of its own,
which is read beside it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from pytest_cutover.core.plain_json import ascii_json, typed
from pytest_cutover.report.history import KEPT, PastRun
from pytest_cutover.report.io.pull_request import BASE_REPORT

_FOLDER = "history"


def past_runs(report_dir: Path, environ: Mapping[str, str]) -> tuple[PastRun, ...]:
    """Return the runs that are kept beside a report, and beside the base branch's."""
    found = {one.run: one for one in _read(report_dir / _FOLDER)}
    base = environ.get(BASE_REPORT, "")
    if base:
        folder = Path(base) if Path(base).is_dir() else Path(base).parent
        found |= {one.run: one for one in _read(folder / _FOLDER)}
    return tuple(found.values())


def _read(folder: Path) -> Iterator[PastRun]:
    for path in sorted(folder.glob("*.json"))[-KEPT:]:
        with suppress(OSError, ValueError, RecursionError):
            yield typed(json.loads(path.read_text("utf-8")), PastRun)


def history_file(report_dir: Path, run: PastRun) -> Path:
    """Return where a run is kept: names in the order of time."""
    moment = re.sub(r"[^0-9]", "", run.finished)[:17]
    name = re.sub(r"[^0-9A-Za-z]", "", run.run) or "run"
    return report_dir / _FOLDER / f"{moment}-{name}.json"


def history_text(run: PastRun) -> str:
    """Return what is written of a run."""
    return ascii_json(run) + "\n"


def outdated(report_dir: Path) -> Iterable[Path]:
    """Return the files of runs before the last that are kept."""
    return sorted((report_dir / _FOLDER).glob("*.json"))[:-KEPT]
