"""`pytest-cutover accept`: one finding of the last run becomes an accepted difference."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pytest_cutover.cli.command import Command
from pytest_cutover.cli.project import (
    accepted_path,
    approver,
    expiry,
    last_report,
    pending,
    project_root,
)
from pytest_cutover.config.errors import Mistake, MistakesError, did_you_mean
from pytest_cutover.config.load import shown_path
from pytest_cutover.config.nodeid import without_side
from pytest_cutover.parity.accepted import Entry, append, matches
from pytest_cutover.report.model import Finding, Report
from pytest_cutover.report.plain import one_line

_LISTED = 8


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "finding",
        metavar="SIGNATURE-OR-ID",
        help="the finding, by its 8 digits or its whole signature",
    )
    parser.add_argument(
        "--scope",
        action="append",
        required=True,
        metavar="TEST",
        help="where it is accepted: a test id or a scenario, * allowed; repeatable",
    )
    parser.add_argument("--reason", required=True, help="why this difference is meant")
    parser.add_argument("--approver", help="who accepts (default: git's user)")
    parser.add_argument("--expires", metavar="YYYY-MM-DD", help="last day (default: in 90 days)")
    parser.add_argument("--note", default="", help="anything else a reader should know")
    parser.add_argument("--report", metavar="DIR", help="the report's folder (default: .cutover)")


def _run(arguments: argparse.Namespace) -> int:
    root = project_root(Path.cwd())
    finding = find(last_report(root, arguments.report), arguments.finding)
    tests = tests_of(finding)
    scope = checked_scope(arguments.scope, finding)
    if not arguments.reason.strip():
        raise MistakesError(
            "command line",
            [Mistake(key="--reason", what="empty", advice="say why this difference is meant")],
        )
    entry = Entry(
        signature=finding.signature,
        scope=scope,
        reason=arguments.reason.strip(),
        approver=approver(arguments.approver),
        expires=expiry(arguments.expires, date.today()),
        note=arguments.note.strip(),
    )
    path = accepted_path(root)
    append(path, entry)
    covered = sum(1 for test in tests if entry.in_scope(test, None))
    print(
        f"accepted until {entry.expires} by {one_line(entry.approver)}: "
        f"{one_line(finding.signature)}"
    )
    print(f"  in scope: {covered} of {len(tests)} tests in which it was seen")
    print(f"next: commit {shown_path(path)}, then run the gate again")
    return 0


def find(report: Report, word: str) -> Finding:
    """The finding of that id or signature. Raises `MistakesError` with the nearest one."""
    # Outside the scope of its entry, an accepted signature is pending as well: that one is meant.
    for finding in (*pending(report), *report.findings):
        if word in (finding.id, finding.signature):
            return finding
    names = {finding.id: finding for finding in report.findings}
    by_signature = {finding.signature: finding for finding in report.findings}
    guess = did_you_mean(word, [*names, *by_signature])
    listed = [f"{finding.id} ({one_line(finding.signature)})" for finding in report.findings]
    more = f", and {len(listed) - _LISTED} more" if len(listed) > _LISTED else ""
    raise MistakesError(
        "command line",
        [
            Mistake(
                key=one_line(word),
                what="the last run has no such finding",
                valid=", ".join(listed[:_LISTED]) + more or "none: the last run found nothing",
                suggestion=one_line(by_signature[guess].id if guess in by_signature else guess),
                advice="pytest-cutover review lists what is pending",
            )
        ],
    )


def tests_of(finding: Finding) -> list[str]:
    """The tests in which it was seen, without their side, each once."""
    return list(dict.fromkeys(without_side(nodeid) for nodeid in finding.nodeids))


def checked_scope(scope: Sequence[str], finding: Finding) -> tuple[str, ...]:
    """The scope, its tests without their side. Raises `MistakesError` where it matches nothing.

    A part without ``::`` may be a scenario, which the report does not name; one part has to match
    a test, unless the report does not list them all.
    """
    tests = tests_of(finding)
    parts = tuple(dict.fromkeys(without_side(part.strip()) for part in scope))
    idle = [part for part in parts if not any(matches(part, test) for test in tests)]
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


COMMAND = Command(
    name="accept",
    summary="accept one finding of the last run, within a scope, until a day",
    description="Appends an accepted difference to cutover-accepted.toml. The same signature "
    "outside\nthe scope stays a finding.",
    examples="""\
  pytest-cutover accept 1a2b3c4d \\
      --scope "tests/test_lots.py::test_unknown_field*" \\
      --reason "FastAPI answers 422 to what its models refuse" """.rstrip(),
    add_arguments=_add_arguments,
    run=_run,
)
