"""All the files of a report: gate.json, gate.md, gate.html, diffs/<finding>.json, its history.

Called once by the gate room at the end of a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pytest_cutover.core.codes import Code
from pytest_cutover.report.history import History, remembered_of
from pytest_cutover.report.io import gate_json
from pytest_cutover.report.io.history import history_file, history_text, outdated
from pytest_cutover.report.io.write import write_texts
from pytest_cutover.report.model import Report
from pytest_cutover.report.renderers import diffs, markdown
from pytest_cutover.report.renderers.html import page as html

_NO_CODES: Mapping[str, Code] = {}


@dataclass(frozen=True, slots=True)
class Artifacts:
    """Where the files are."""

    json: Path
    html: Path
    markdown: Path
    diffs: tuple[Path, ...]


def write_report(
    report: Report,
    folder: Path,
    *,
    base: Report | None = None,
    codes: Mapping[str, Code] = _NO_CODES,
    kept_in: Path | None = None,
    history: History | None = None,
) -> Artifacts:
    """Write all the files into the folder, whole or not at all, and remove outdated diffs.

    `base` is the base branch's report: gate.md then marks the findings that are new since.
    `codes` explain the gates on the page. `kept_in` gets a copy of gate.json.
    `history` has the runs before this one; where it is given, this run is added to them.
    Raises `write.ReportNotWritten`, with the files of an earlier run left as they were.
    """
    shown = diffs.render(report)
    texts = {folder / "diffs" / name: text for name, text in shown.items()}
    written = Artifacts(
        json=folder / "gate.json",
        html=folder / "gate.html",
        markdown=folder / "gate.md",
        diffs=tuple(texts),
    )
    data = gate_json.dumps(report)
    digest = hashlib.sha256(data.encode("utf-8")).hexdigest()
    texts |= {
        written.html: html.render(report, codes, digest=digest, history=history),
        written.markdown: markdown.render(report, base=base),
        written.json: data,  # last: who sees it finds the others there
    }
    if kept_in is not None:
        texts = {kept_in / "gate.json": data, **texts}
    if history is not None:
        kept = remembered_of(report)
        texts = {history_file(folder, kept): history_text(kept), **texts}
    write_texts(texts, unsynced=frozenset(written.diffs))
    for path in (*diffs.outdated(folder / "diffs", shown), *outdated(folder)):
        with suppress(OSError):
            path.unlink()
    return written
