"""`pytest-cutover accept --migrate`: bind entries of version 0.1 to what the last run showed.

Those name a signature and hold for whatever fits it, whoever reviewed what. Each is given the
change or the values that it covered; comments, approver and day stay. What cannot be told stays as
it is, and is listed with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pytest_cutover.cli.binding import NOT_BOUND, Pairs, binding_line, binding_of
from pytest_cutover.cli.echo import say
from pytest_cutover.config.accepted import Entry, load_accepted, loads
from pytest_cutover.config.load import read_text, shown_path
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.model import Finding, Report

_Binding = tuple[str, Pairs]
_GENERATED: Final = (
    "it holds for generated requests alone, and covered none in the last run: run with "
    "--cutover-fuzz N, then migrate again"
)


def migrate(path: Path, report: Report) -> int:
    """Bind what can be bound, all else as it stands; return the exit status.

    Raises `ConfigError`; nothing is then changed.
    """
    bound: list[tuple[Entry, _Binding]] = []
    left: list[tuple[Entry, str]] = []
    for entry in load_accepted(path).entries:
        if entry.is_bound or entry.of_limit:
            continue
        binding, why = _binding(_covered(entry, report.findings), entry)
        if why:
            left.append((entry, why))
        elif binding != NOT_BOUND:
            bound.append((entry, binding))
    if bound:
        write_whole(path, _with(path, bound))
    for entry, (change, values) in bound:
        say(f"bound: entry {entry.place}, {one_line(entry.signature)}")
        say(f"  {binding_line(change, values)}")
    for entry, why in left:
        say(f"left as it is: entry {entry.place}, {one_line(entry.signature)}")
        say(f"  {one_line(why)}")
    if not bound:
        say("nothing to bind: every entry says what it holds for, or nothing is known to say")
    elif any(not entry.of_generated for entry, _ in left):
        say("next: remove what was left, run the gate, and decide anew: pytest-cutover review")
    else:
        say(f"next: commit {shown_path(path)}, then run the gate again")
    return 0


def _covered(entry: Entry, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings that this entry covered in the run."""
    return [
        one
        for one in findings
        if one.accepted is not None
        and (one.accepted.signature, one.accepted.scope) == (entry.signature, entry.scope)
        and not (one.accepted.change or one.accepted.values)
    ]


def _binding(findings: list[Finding], entry: Entry) -> tuple[_Binding, str]:
    """Return what all of them have in common, else why there is nothing."""
    if not findings and entry.of_generated:
        return NOT_BOUND, _GENERATED
    if not findings:
        return NOT_BOUND, "it covered nothing in the last run, which knows no values to hold it to"
    try:
        found = list(dict.fromkeys(binding_of(one) for one in findings))
    except ConfigError as error:
        return NOT_BOUND, " ".join(str(error).split())
    if len(found) == 1:
        return found[0], ""
    if all(values and not change for change, values in found):
        pairs = tuple(sorted({pair for _, values in found for pair in values}))
        return ("", pairs), ""
    told = " · ".join(change or "listed values" for change, _ in found)
    return NOT_BOUND, f"it covers several changes, each a decision of its own: {told}"


def _with(path: Path, bound: list[tuple[Entry, _Binding]]) -> str:
    import tomlkit  # slow to import, and seldom needed

    document = tomlkit.parse(read_text(path))
    for entry, (change, values) in bound:
        table = document["accepted"][entry.number - 1]
        if entry.member:
            table = table["members"][entry.member - 1]
        if change:
            table["change"] = change
        if values:
            table["values"] = [list(pair) for pair in values]
    text = tomlkit.dumps(document)
    loads(text, source=shown_path(path))
    return text
