"""gate.json: the report for other tools, and for the next run, `review`, `accept` and `compare`.

Written and read by the types in `model`, of which `schema` generates what other tools read. A
reader ignores members that it does not know, and takes the default of a member that an older
version did not write: version 1 and 2 are read alike. The text is ASCII, so that nothing in it can
act on a terminal, and bounded by the number of findings. `write` puts it on disk.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pytest_cutover.core.plain_json import ascii_json, plain, typed
from pytest_cutover.report.model import VERSION, Report
from pytest_cutover.report.truncation import bounded

READ_VERSIONS: Final = (1, VERSION)
_AGAIN: Final = "Run the gate again: pytest --cutover-target=NAME"


class ReportUnreadable(Exception):  # noqa: N818 - the house names the state, as httpx does
    """The file is no gate report of a version that is read; the message says what to do."""


def dumps(report: Report) -> str:
    """Return the text of gate.json: ASCII, indented by one, with a final newline."""
    return ascii_json(bounded(report), indent=1) + "\n"


def as_json(report: Report) -> dict[str, Any]:
    """Return the bounded report as dicts, lists and scalars; `version` stands first."""
    document: dict[str, Any] = plain(bounded(report))
    return document


def read_report(path: Path) -> Report:
    """Return the report in a gate.json. Raises `ReportUnreadable` for anything else."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ReportUnreadable(f"{path} cannot be read: {reason}. {_AGAIN}") from error
    return loads(text, source=str(path))


def loads(text: str, *, source: str = "the report") -> Report:
    """Return the report in a text of gate.json; `source` names it in errors."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ReportUnreadable(
            f"{source} is not whole JSON ({error}); it was cut off or edited. {_AGAIN}"
        ) from error
    version = _version(document, source)
    try:
        return typed(document, Report)
    except ValueError as error:
        raise ReportUnreadable(
            f"{source} is not a gate report: {error}. Expected the shape of"
            f" gate.v{version}.schema.json. {_AGAIN}"
        ) from error


def _version(document: object, source: str) -> int:
    if not isinstance(document, dict) or "version" not in document:
        raise ReportUnreadable(
            f"{source} is JSON, but no gate report: it has no 'version'."
            " Give the gate.json that a run left in .cutover/"
        )
    found = document["version"]
    if type(found) is not int or found not in READ_VERSIONS:
        raise ReportUnreadable(
            f"{source} is a gate report of version {found!r}, and this pytest-cutover reads"
            f" {' and '.join(map(str, READ_VERSIONS))}. Install the version that wrote it, or run"
            " the gate again"
        )
    return found
