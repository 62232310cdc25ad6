"""`pytest-cutover accept`: what the last run found becomes an accepted difference.

Several findings, or all of a cause, are one decision: one entry with a reason, its members written
out.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from pytest_cutover.cli.accepted_file import renews, save
from pytest_cutover.cli.binding import binding_line, binding_of
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
from pytest_cutover.cli.finding_text import all_listed
from pytest_cutover.cli.migrating import migrate
from pytest_cutover.cli.pruning import prune
from pytest_cutover.config.accepted import Entry, load_accepted
from pytest_cutover.config.datetimes import utc_today
from pytest_cutover.config.load import shown_path
from pytest_cutover.core.errors import Mistake, MistakesError, did_you_mean
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.model import Finding, Report
from pytest_cutover.report.summary import to_be_reviewed

_LISTED = 8


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "finding",
        nargs="*",
        default=[],
        metavar="SIGNATURE-OR-ID",
        help="findings or causes, by 8 digits, or whole signatures; several are one decision",
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
    what.add_argument(
        "--migrate",
        action="store_true",
        help="bind the entries of version 0.1 to the changes and values that the last run showed",
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
    if not (arguments.prune or arguments.migrate) and arguments.reason is None:
        alone = len(arguments.finding) < 2 and arguments.scope is None
        raise _missing("scope", "reason") if alone else _missing("reason")
    root = project_root(Path.cwd())
    report = last_report(root, arguments.report)
    if arguments.prune:
        return prune(accepted_path(root, report.target), report)
    if arguments.migrate:
        return migrate(accepted_path(root, report.target), report)
    findings = meant(report, arguments.finding)
    if arguments.scope is None and len(findings) < 2:
        raise _missing("scope")
    if not arguments.reason.strip():
        raise MistakesError(
            "command line",
            [Mistake(key="--reason", what="empty", advice="say why this difference is meant")],
        )
    who, until = approver(arguments.approver), expiry(arguments.expires, utc_today())
    common = {"reason": arguments.reason.strip(), "approver": who, "expires": until}
    common |= {"note": arguments.note.strip()}
    if arguments.open:
        signature, scope = _checked_open(arguments.open), tuple(arguments.scope)
        entries = [Entry(signature=signature, scope=scope, **common)]
    else:
        entries = [_entry(one, arguments.scope, common) for one in findings]
    path, today = accepted_path(root, report.target), utc_today()
    known = load_accepted(path)
    renewed = [renews(known, entry, today) for entry in entries]
    save(path, [entries], today)
    if len(entries) > 1:
        say(f"accepted until {until} by {one_line(who)}, as one decision of {len(entries)} members")
    for number, (entry, expired) in enumerate(zip(entries, renewed, strict=True)):
        tests = tests_of(findings[number]) if findings else []
        _tell(entry, expired, tests, is_alone=len(entries) == 1)
    say(f"next: commit {shown_path(path)}, then run the gate again")
    return 0


def _missing(*names: str) -> MistakesError:
    options = ", ".join(f"--{name}" for name in names)
    what = f"the following arguments are required: {options}"
    advice = "pytest-cutover accept --help"
    return MistakesError("command line", [Mistake(key="", what=what, advice=advice)])


def _entry(finding: Finding, scope: list[str] | None, common: dict[str, Any]) -> Entry:
    change, values = binding_of(finding)
    return Entry(
        signature=finding.signature,
        change=change,
        values=values,
        scope=checked_scope(scope, finding) if scope else _seen_in(finding),
        **common,
    )


def _seen_in(finding: Finding) -> tuple[str, ...]:
    """Return the tests in which it was seen. Raises `MistakesError` where the report lists not
    all.
    """
    if all_listed(finding):
        return tuple(tests_of(finding))
    what = (
        f"{one_line(finding.id)} was seen in {finding.nodeids_total} tests, and not all are listed"
    )
    advice = "name where it is accepted; * stands for anything"
    raise MistakesError("command line", [Mistake(key="--scope", what=what, advice=advice)])


def _tell(entry: Entry, renewed: Entry | None, tests: list[str], *, is_alone: bool) -> None:
    told = one_line(entry.signature)
    who = one_line(entry.approver)
    say(f"accepted until {entry.expires} by {who}: {told}" if is_alone else f"  {told}")
    if entry.is_bound:
        say(f"  {binding_line(entry.change, entry.values)}")
    if tests:
        covered = sum(1 for test in tests if entry.in_scope(test, None))
        say(f"  in scope: {covered} of {len(tests)} tests in which it was seen")
    if renewed is not None:
        say(f"  renewed: the entry of {one_line(renewed.approver)} expired on {renewed.expires}")


def _checked_open(signature: str) -> str:
    """Return a signature of something that was not compared. Raises `MistakesError` for another
    one.
    """
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


def meant(report: Report, words: list[str]) -> list[Finding]:
    """Return the findings of these ids and signatures, those of a cause in its order, each once."""
    by_id = {one.id: one for one in report.findings}
    causes = {one.id: one for one in report.causes}
    found: list[Finding] = []
    for word in words:
        cause = causes.get(word)
        found += [by_id[one] for one in cause.findings] if cause else [find(report, word)]
    return list({one.id: one for one in found}.values())


def find(report: Report, word: str) -> Finding:
    """Return the finding of that id or signature. Raises `MistakesError` with the nearest one."""
    # Outside the scope of its entry, an accepted signature is pending as well: that one is meant.
    for finding in (*to_be_reviewed(report), *report.findings):
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
    summary="accept what the last run found, within a scope, until a day",
    description="Appends an accepted difference to cutover-accepted.toml. The same signature "
    "outside\nthe scope, or with a value that was not seen, stays a finding.",
    examples="""\
  pytest-cutover accept 1a2b3c4d \\
      --scope "tests/test_lots.py::test_unknown_field*" \\
      --reason "FastAPI answers 422 to what its models refuse"
  pytest-cutover accept 1a2b3c4d 99aabbcc --reason "FastAPI calls it detail" """.rstrip(),
    add_arguments=_add_arguments,
    run=_run,
)
