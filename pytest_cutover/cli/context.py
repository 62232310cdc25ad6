"""Where the project and its last report are: what `accept` and `review` both need."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from pytest_cutover.config.accepted import matches
from pytest_cutover.config.load import FILE_NAME, load_config, shown_path
from pytest_cutover.core.errors import FileError, Mistake, MistakesError, did_you_mean
from pytest_cutover.core.nodeid import without_side
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.io.gate_json import ReportUnreadable, read_report
from pytest_cutover.report.model import Finding, Report

DEFAULT_DAYS: Final = 90
_LISTED: Final = 8
_MARKS: Final = (FILE_NAME, "pyproject.toml", "pytest.ini", ".git")


def project_root(start: Path) -> Path:
    """Return the nearest folder, from `start` upwards, that looks like a project's; else
    `start`.
    """
    for folder in (start, *start.parents):
        if any((folder / mark).exists() for mark in _MARKS):
            return folder
    return start


def accepted_path(root: Path, target: str) -> Path:
    """Where the accepted differences of a target stand; one made of two URLs has the project's.

    Raises `ConfigError`.
    """
    config = load_config(root)
    known = config.targets.get(target)
    return config.accepted_path_for(known) if known else config.accepted_path


def report_folder(root: Path, folder: str | None) -> Path:
    """Where the report of the last run is."""
    return Path(folder) if folder else root / ".cutover"


def last_report(root: Path, folder: str | None) -> Report:
    """Return the report of the last run. Raises `FileError` saying how to get one."""
    path = report_folder(root, folder) / "gate.json"
    if not path.exists():
        mistake = Mistake(
            key="",
            what="there is no report of a run here",
            advice="run pytest --cutover-target=NAME first, or give --report DIR",
        )
        raise FileError(shown_path(path), [mistake])
    return read(path)


def read(path: Path) -> Report:
    """Return the report in a file, or in the gate.json of a folder. Raises `FileError`."""
    if path.is_dir():
        path /= "gate.json"
    try:
        return read_report(path)
    except ReportUnreadable as error:
        raise FileError(shown_path(path), [Mistake(key="", what=str(error))]) from None


def tests_of(finding: Finding) -> list[str]:
    """The tests in which it was seen, without their side, each once."""
    return list(dict.fromkeys(without_side(nodeid) for nodeid in finding.nodeids))


def checked_scope(scope: Sequence[str], finding: Finding) -> tuple[str, ...]:
    """Return the scope, its tests without their side. Raises `MistakesError` where it matches
    nothing.

    A part without ``::`` may be a scenario, which the report does not name; one part has to match
    a test, unless the report does not list them all.
    """
    tests = tests_of(finding)
    parts = tuple(dict.fromkeys(without_side(part.strip()) for part in scope))
    idle = [part for part in parts if not any(_holds_for(part, test) for test in tests)]
    unlisted = finding.nodeids_total > len(finding.nodeids)
    wrong = idle if len(idle) == len(parts) else [part for part in idle if "::" in part]
    if (wrong and not unlisted) or not all(parts):
        listed = ", ".join(one_line(test) for test in tests[:_LISTED])
        raise MistakesError(
            "command line",
            [
                Mistake(
                    key="--scope",
                    value=f'"{one_line(part)}"',
                    what="matches no test in which this finding was seen",
                    valid=listed,
                    suggestion=one_line(did_you_mean(part, tests)),
                    advice="name one of them; * stands for anything",
                )
                for part in wrong
            ],
        )
    return parts


def _holds_for(part: str, test: str) -> bool:
    """Whether a part of a scope holds for a test; ``fuzz`` is the scenario of generated ones."""
    return matches(part, test) or (part == "fuzz" and test.startswith("fuzz::"))


def approver(given: str | None) -> str:
    """Who accepts: as given, else git's user. Raises `MistakesError` where there is neither."""
    if given and given.strip():
        return given.strip()
    name, email = _git("user.name"), _git("user.email")
    if name or email:
        return f"{name} <{email}>".strip() if name and email else name or email
    raise MistakesError(
        "command line",
        [
            Mistake(
                key="--approver",
                what="nobody is named, and git knows no user.name",
                advice='give --approver "Name <address>"',
            )
        ],
    )


def expiry(given: str | None, today: date) -> date:
    """Return the last day: as given, else in 90 days. Raises `MistakesError` for a past or odd
    date.
    """
    if given is None:
        return today + timedelta(days=DEFAULT_DAYS)
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise MistakesError(
            "command line",
            [
                Mistake(
                    key="--expires",
                    value=given,
                    what="not a date",
                    valid="YYYY-MM-DD",
                    advice="leave it out for 90 days from now",
                )
            ],
        ) from None
    if day < today:
        raise MistakesError(
            "command line",
            [
                Mistake(
                    key="--expires",
                    value=given,
                    what="this day is over",
                    valid=f"{today} or later",
                    advice="leave it out for 90 days from now",
                )
            ],
        )
    return day


def _git(key: str) -> str:
    try:
        found = subprocess.run(
            ["git", "config", "--get", key], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return found.stdout.strip()
