"""`pytest-cutover accept --prune`: remove what matched nothing in the last full run."""

from __future__ import annotations

from pathlib import Path

from pytest_cutover.cli.echo import say
from pytest_cutover.config.accepted import Entry, load_accepted, loads
from pytest_cutover.config.load import read_text, shown_path
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.model import Report


def prune(path: Path, report: Report) -> int:
    """Remove them from the file, all else as it stands; return the exit status.

    A run of a part of the suite knows of none. Raises `ConfigError`; nothing is then changed.
    """
    unused = {
        (one.signature, one.scope, one.change, one.values) for one in report.accepted if one.unused
    }
    gone = [one for one in load_accepted(path).entries if _identity(one) in unused]
    if not gone:
        say("nothing to remove: the last run names no entry that matched nothing")
        say("next: only a full run can say it, pytest --cutover-target=NAME")
        return 0
    write_whole(path, _without(path, gone))
    for one in gone:
        say(f"removed: {one_line(one.signature)}, accepted by {one_line(one.approver)}")
    say(f"next: commit {shown_path(path)}, then run the gate again")
    return 0


def _identity(entry: Entry) -> tuple[object, ...]:
    return entry.signature, entry.scope, entry.change, entry.values


def _without(path: Path, gone: list[Entry]) -> str:
    import tomlkit  # slow to import, and seldom needed

    document = tomlkit.parse(read_text(path))
    for entry in reversed(gone):
        table = document["accepted"][entry.number - 1]
        if entry.member and len(table["members"]) > 1:
            del table["members"][entry.member - 1]
        else:
            del document["accepted"][entry.number - 1]
    text = tomlkit.dumps(document)
    loads(text, source=shown_path(path))
    return text
