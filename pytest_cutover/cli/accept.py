"""`pytest-cutover accept`: one finding of the last run becomes an accepted difference."""

from __future__ import annotations

import argparse
from pathlib import Path

from pytest_cutover.cli.accepted_file import renews, save
from pytest_cutover.cli.binding import NOT_BOUND, binding_line, binding_of
from pytest_cutover.cli.command import Subcommand
from pytest_cutover.cli.context import (
    accepted_path,
    approver,
    checked_scope,
    expiry,
    last_report,
    project_root,
    tests_of,
)
from pytest_cutover.cli.echo import say
from pytest_cutover.cli.pruning import prune
from pytest_cutover.config.accepted import Entry, load_accepted
from pytest_cutover.config.datetimes import utc_today
from pytest_cutover.config.load import shown_path
from pytest_cutover.core.errors import Mistake, MistakesError, did_you_mean
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.model import Finding, Report
from pytest_cutover.report.summary import open_findings

_LISTED = 8


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "finding",
        nargs="?",
        metavar="SIGNATURE-OR-ID",
        help="the finding, by its 8 digits or its whole signature",
    )
    what.add_argument(
        "--open",
        metavar="SIGNATURE",
        help="what was not compared: an endpoint and a reason, as the gate CUT112 says them",
    )
    what.add_argument(
        "--prune",
        action="store_true",
        help="remove the entries that matched nothing in the last full run",
    )
    parser.add_argument(
        "--scope",
        action="append",
        metavar="TEST",
        help="where it is accepted: a test id or a scenario, * allowed; repeatable",
    )
    parser.add_argument("--reason", help="why this difference is meant")
    parser.add_argument("--approver", help="who accepts (default: git's user)")
    parser.add_argument("--expires", metavar="YYYY-MM-DD", help="last day (default: in 90 days)")
    parser.add_argument("--note", default="", help="anything else a reader should know")
    parser.add_argument("--report", metavar="DIR", help="the report's folder (default: .cutover)")


def _run(arguments: argparse.Namespace) -> int:
    missing = [name for name in ("scope", "reason") if getattr(arguments, name) is None]
    if missing and not arguments.prune:
        options = ", ".join(f"--{name}" for name in missing)
        what = f"the following arguments are required: {options}"
        advice = "pytest-cutover accept --help"
        raise MistakesError("command line", [Mistake(key="", what=what, advice=advice)])
    root = project_root(Path.cwd())
    report = last_report(root, arguments.report)
    if arguments.prune:
        return prune(accepted_path(root, report.target), report)
    change, values = NOT_BOUND
    if arguments.open:
        signature, tests, scope = _checked_open(arguments.open), [], tuple(arguments.scope)
    else:
        finding = find(report, arguments.finding)
        signature, tests = finding.signature, tests_of(finding)
        scope = checked_scope(arguments.scope, finding)
        change, values = binding_of(finding)
    if not arguments.reason.strip():
        raise MistakesError(
            "command line",
            [Mistake(key="--reason", what="empty", advice="say why this difference is meant")],
        )
    entry = Entry(
        signature=signature,
        change=change,
        values=values,
        scope=scope,
        reason=arguments.reason.strip(),
        approver=approver(arguments.approver),
        expires=expiry(arguments.expires, utc_today()),
        note=arguments.note.strip(),
    )
    path, today = accepted_path(root, report.target), utc_today()
    renewed = renews(load_accepted(path), entry, today)
    save(path, [[entry]], today)
    covered = sum(1 for test in tests if entry.in_scope(test, None))
    say(f"accepted until {entry.expires} by {one_line(entry.approver)}: {one_line(signature)}")
    if entry.is_bound:
        say(f"  {binding_line(change, values)}")
    if tests:
        say(f"  in scope: {covered} of {len(tests)} tests in which it was seen")
    if renewed is not None:
        say(f"  renewed: the entry of {one_line(renewed.approver)} expired on {renewed.expires}")
    say(f"next: commit {shown_path(path)}, then run the gate again")
    return 0


def _checked_open(signature: str) -> str:
    """A signature of something that was not compared. Raises `MistakesError` for another one."""
    if signature.split(" | ")[1:2] in (["open"], ["left-out"]) and len(signature.split(" | ")) == 4:
        return signature
    raise MistakesError(
        "command line",
        [
            Mistake(
                key="--open",
                what=f"{one_line(signature)} names nothing that was left open",
                valid='"METHOD /path | open |  | REASON"',
                advice="paste the line that the gate CUT112 shows under `next`",
            )
        ],
    )


def find(report: Report, word: str) -> Finding:
    """The finding of that id or signature. Raises `MistakesError` with the nearest one."""
    # Outside the scope of its entry, an accepted signature is pending as well: that one is meant.
    for finding in (*open_findings(report), *report.findings):
        if word in (finding.id, finding.signature):
            return finding
    names = {finding.id: finding for finding in report.findings}
    by_signature = {finding.signature: finding for finding in report.findings}
    guess = did_you_mean(word, [*names, *by_signature])
    listed = [
        f"{one_line(finding.id)} ({one_line(finding.signature, 200)})"
        for finding in report.findings
    ]
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


COMMAND = Subcommand(
    name="accept",
    summary="accept one finding of the last run, within a scope, until a day",
    description="Appends an accepted difference to cutover-accepted.toml. The same signature "
    "outside\nthe scope, or with a value that was not seen, stays a finding.",
    examples="""\
  pytest-cutover accept 1a2b3c4d \\
      --scope "tests/test_lots.py::test_unknown_field*" \\
      --reason "FastAPI answers 422 to what its models refuse" """.rstrip(),
    add_arguments=_add_arguments,
    run=_run,
)
