"""`pytest-cutover review`: the pending findings of the last run, one at a time.

With a terminal it asks for each; nothing is written until the end, and then all at once. Without
one it prints what to run.
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pytest_cutover.cli.accept import checked_scope, tests_of
from pytest_cutover.cli.command import Command
from pytest_cutover.cli.project import (
    accepted_path,
    approver,
    expiry,
    last_report,
    pending,
    project_root,
)
from pytest_cutover.config.errors import ConfigError
from pytest_cutover.config.load import shown_path
from pytest_cutover.parity.accepted import Entry, append, load_accepted
from pytest_cutover.report.model import Finding
from pytest_cutover.report.plain import one_line

Ask = Callable[[str], str]
_VALUE_WIDTH = 100


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--approver", help="who accepts (default: git's user)")
    parser.add_argument("--expires", metavar="YYYY-MM-DD", help="last day (default: in 90 days)")
    parser.add_argument("--report", metavar="DIR", help="the report's folder (default: .cutover)")


def _run(arguments: argparse.Namespace) -> int:
    root = project_root(Path.cwd())
    findings = pending(last_report(root, arguments.report))
    if not findings:
        print("nothing is pending: every finding of the last run is accepted, or there was none")
        return 0
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(_as_commands(findings, arguments.report))
        return 0
    path = accepted_path(root)
    load_accepted(path)  # A mistake in the file is told before any question is asked.
    who, until = approver(arguments.approver), expiry(arguments.expires, date.today())
    entries = ask_each(findings, input, approver=who, expires=until)
    if not entries:
        print("nothing accepted, nothing written")
        return 0
    if (
        input(f"write {_count(len(entries), 'entry', 'entries')} to {shown_path(path)}? [y/N] ")
        .strip()
        .lower()
        != "y"
    ):
        print("nothing written")
        return 0
    append(path, *entries)
    print(f"written until {until} by {one_line(who)}")
    print(f"next: commit {shown_path(path)}, then run the gate again")
    return 0


def ask_each(findings: list[Finding], ask: Ask, *, approver: str, expires: date) -> list[Entry]:
    """What was accepted, finding by finding; `ask` is `input`, or stands in for it."""
    entries: list[Entry] = []
    for number, finding in enumerate(findings, start=1):
        print(f"\n{number} of {len(findings)}\n{described(finding)}")
        key = _key(ask)
        if key == "q":
            break
        if key == "s":
            continue
        entry = _entry(finding, ask, approver=approver, expires=expires)
        if entry is not None:
            entries.append(entry)
    return entries


def described(finding: Finding) -> str:
    """A finding on the screen: where, what, the two values, and how often."""
    tests = tests_of(finding)
    lines = [
        f"  {finding.id}  {one_line(finding.endpoint)}  {finding.kind}"
        f"  {one_line(finding.pointer) or '(whole)'}  {one_line(finding.change)}"
        + ("  unstable" if finding.unstable else ""),
        f"    baseline   {one_line(finding.baseline, _VALUE_WIDTH)}",
        f"    candidate  {one_line(finding.candidate, _VALUE_WIDTH)}",
        f"    {finding.occurrences}× in {_count(len(tests), 'test', 'tests')}:",
        *(f"      {one_line(test)}" for test in tests[:5]),
    ]
    if len(tests) > 5:
        lines.append(f"      … and {len(tests) - 5} more")
    return "\n".join(lines)


def _key(ask: Ask) -> str:
    while True:
        answer = ask("  (a)ccept  (s)kip  (q)uit: ").strip().lower()[:1]
        if answer in ("a", "s", "q"):
            return answer


def _entry(finding: Finding, ask: Ask, *, approver: str, expires: date) -> Entry | None:
    """The entry that the answers make; None where no reason is given."""
    reason = ask("  reason (empty: skip): ").strip()
    if not reason:
        print("  skipped: an accepted difference needs a reason")
        return None
    while True:
        answer = ask("  scope, several with spaces (empty: the tests above and no other): ")
        try:
            given = shlex.split(answer)
            scope = checked_scope(given, finding) if given else tuple(tests_of(finding))
        except (ConfigError, ValueError) as error:
            print(f"  {error}")
            continue
        return Entry(
            signature=finding.signature,
            scope=scope,
            reason=reason,
            approver=approver,
            expires=expires,
        )


def _as_commands(findings: list[Finding], report: str | None) -> str:
    """What to run where nobody can be asked."""
    lines = [f"{len(findings)} pending, and no terminal to ask at. For each that is meant:"]
    for finding in findings:
        words = ["pytest-cutover", "accept", finding.id]
        for test in tests_of(finding):
            words += ["--scope", one_line(test)]
        words += ["--report", report] if report else []
        lines += ["", described(finding), f"    {shlex.join(words)} --reason WHY"]
    return "\n".join(lines)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


COMMAND = Command(
    name="review",
    summary="walk through the findings of the last run that nobody accepted yet",
    description="Shows each pending finding and asks whether it is accepted. Nothing is written "
    "before\nthe end. Without a terminal it prints the commands to run instead.",
    examples="  pytest-cutover review\n  pytest-cutover review --report build/cutover",
    add_arguments=_add_arguments,
    run=_run,
)
