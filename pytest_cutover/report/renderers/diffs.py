"""diffs/<finding>.json: one small file for each finding, for review in a pull request.

Stable: sorted, without times, counts, ports and example values (ids among them are new in every
run), so that a commit of the folder, or an artifact of it, diffs well; `change` says what changed.
A finding that is repaired loses its file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from re import compile as pattern

from pytest_cutover.report.model import Finding, Report
from pytest_cutover.report.truncation import NODEIDS

_NAME = pattern(r"[0-9a-f]{8}\.json")


def render(report: Report) -> dict[str, str]:
    """File names and texts, one for each finding that nobody accepted."""
    pending = [finding for finding in report.findings if finding.accepted is None]
    return {
        f"{finding.id}.json": json.dumps(_shown(finding), indent=1, sort_keys=True) + "\n"
        for finding in sorted(pending, key=lambda finding: finding.id)
    }


def outdated(folder: Path, current: Mapping[str, str]) -> list[Path]:
    """Return the files of findings that are no more; files of other names are not ours to
    remove.
    """
    if not folder.is_dir():
        return []
    return sorted(
        path for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.name not in current
    )


def _shown(finding: Finding) -> dict[str, object]:
    return {
        "signature": finding.signature,
        "endpoint": finding.endpoint,
        "kind": finding.kind,
        "pointer": finding.pointer,
        "change": finding.change,
        "nodeids": sorted(finding.nodeids)[:NODEIDS],
        "unstable": finding.unstable,
    }
