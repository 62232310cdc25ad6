"""`pytest-cutover review`: the pending findings of the last run, one at a time.

At a terminal it asks for each; nothing is written before that is confirmed, and then all at once.
Without one it prints what to run. `--list` and `--json` are for scripts.
"""

from __future__ import annotations

import argparse
import json
import shlex
import urllib.parse
import webbrowser
from pathlib import Path

from pytest_cutover.cli.accepted_file import save
from pytest_cutover.cli.command import Subcommand
from pytest_cutover.cli.context import (
    accepted_path,
    approver,
    expiry,
    last_report,
    project_root,
    report_folder,
    tests_of,
)
from pytest_cutover.cli.echo import say
from pytest_cutover.cli.finding_text import all_listed, described, summary_line
from pytest_cutover.cli.prompt import Tty, at_a_terminal
from pytest_cutover.cli.review_session import Choice, ReviewSession, pending_of
from pytest_cutover.config.accepted import as_toml, load_accepted
from pytest_cutover.config.datetimes import utc_today
from pytest_cutover.config.load import ADHOC, shown_path
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.sanitize import block, one_line
from pytest_cutover.report.model import Finding, Report
from pytest_cutover.report.renderers import terminal
from pytest_cutover.report.summary import plural, repeat_command, to_be_reviewed


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--approver", help="who accepts (default: git's user)")
    parser.add_argument("--expires", metavar="YYYY-MM-DD", help="last day (default: in 90 days)")
    parser.add_argument("--report", metavar="DIR", help="the report's folder (default: .cutover)")
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--list", action="store_true", help="print one line for each, ask nothing")
    kinds.add_argument("--json", action="store_true", help="print them as JSON, ask nothing")


def _run(arguments: argparse.Namespace) -> int:
    root = project_root(Path.cwd())
    report = last_report(root, arguments.report)
    findings = to_be_reviewed(report)
    if arguments.json:
        print(json.dumps([_as_json(finding) for finding in findings], indent=1, ensure_ascii=True))
    elif arguments.list:
        asked = {finding.id for finding in report.findings}
        for finding in findings:
            earlier = "" if finding.id in asked else "  (of an earlier run; not asked in the last)"
            say(f"{summary_line(finding)}{earlier}")
    elif not findings:
        say("nothing is pending: every finding of the last run is accepted, or there was none")
    elif not at_a_terminal():
        say(_as_commands(findings, arguments.report))
    else:
        _ask(report, findings, arguments, root)
    return 0


def _ask(
    report: Report, findings: list[Finding], arguments: argparse.Namespace, root: Path
) -> None:
    """Hold the review itself, from the first question to the last word."""
    today = utc_today()
    causes = pending_of(report)
    path = accepted_path(root, report.target)
    page = (report_folder(root, arguments.report) / "gate.html").resolve()
    walk = ReviewSession(
        terminal=Tty(),
        causes=causes,
        known=load_accepted(path),  # a mistake in the file is told before any question is asked
        approver=approver(arguments.approver),
        expires=expiry(arguments.expires, today),
        today=today,
        file=shown_path(path),
        open_page=lambda finding: _opened(page, finding),
    )
    several = f" of {plural(len(causes), 'cause')}" if len(causes) < len(findings) else ""
    run = f"target {one_line(report.target)}, {one_line(report.finished)}"
    say(f"{plural(len(findings), 'pending finding')}{several} of the last run ({run}).")
    say("Nothing is written before you confirm it; quit whenever you like.")
    accepted = walk.through()
    counts = {choice: sum(1 for one in walk.decisions if one.choice is choice) for choice in Choice}
    left = len(causes) - len(walk.decisions)
    told = [f"{number} {choice}" for choice, number in counts.items() if number]
    say("\n" + " · ".join([*told, *([f"{left} not looked at"] if left else [])]))
    if accepted:
        try:
            save(path, accepted, today)
        except ConfigError:
            say("not written; what you decided, to be added by hand:\n")
            say(block(as_toml(accepted)))
            raise
        say(f"written to {shown_path(path)}, approved by {one_line(accepted[0][0].approver)}")
    else:
        say("nothing was written")
    for decision in walk.decisions:
        if decision.choice is Choice.REJECTED:
            for finding in decision.cause.findings:
                say(f"to be repaired in the candidate: {summary_line(finding)}")
            say(f"  {one_line(_again(report, decision.cause.first))}")
    if accepted:
        say(f"next: commit {shown_path(path)}, then run the gate again")


def _again(report: Report, finding: Finding) -> str:
    """Return the command that repeats a finding on the target of the run."""
    words = [f"--cutover-target={report.target}"]
    if report.target == ADHOC:
        sides = {"baseline": report.baseline.url, "candidate": report.candidate.url}
        words = [f"--cutover-{name}={url}" for name, url in sides.items()]
    return f"{repeat_command(finding)} {shlex.join(words)}"


def _opened(page: Path, finding: Finding) -> str:
    """Open the page at the finding; return what to tell about it."""
    if not page.exists():
        return f"there is no page: {shown_path(page)} was not written by the last run"
    url = f"{page.as_uri()}#f-{urllib.parse.quote(finding.id, safe='')}"
    try:
        opened = webbrowser.open(url)
    except (OSError, webbrowser.Error):
        opened = False
    return f"opened {url}" if opened else f"no browser could be started; open {url}"


def _as_json(finding: Finding) -> dict[str, object]:
    return {
        "id": finding.id,
        "signature": finding.signature,
        "endpoint": finding.endpoint,
        "kind": finding.kind,
        "pointer": finding.pointer,
        "change": finding.change,
        "baseline": finding.baseline,
        "candidate": finding.candidate,
        "occurrences": finding.occurrences,
        "unstable": finding.unstable,
        "tests": tests_of(finding),
        "all_tests_listed": all_listed(finding),
    }


def _as_commands(findings: list[Finding], report: str | None) -> str:
    """Return what to run where nobody can be asked."""
    lines = [f"{len(findings)} pending, and no terminal to ask at. For each that is meant:"]
    for finding in findings:
        words = ["pytest-cutover", "accept", one_line(finding.id)]
        for test in tests_of(finding) if all_listed(finding) else ["TEST"]:
            words += ["--scope", one_line(test)]
        words += ["--report", report] if report else []
        shown = terminal.text(described(finding)).rstrip()
        lines += ["", f"{one_line(finding.id)}", shown, f"    {shlex.join(words)} --reason WHY"]
    return "\n".join(lines)


COMMAND = Subcommand(
    name="review",
    summary="walk through the findings of the last run that nobody accepted yet",
    description="Shows each pending finding with both sides and asks for one key: accept (with "
    "scope,\nreason and last day), reject, skip, open in the browser, undo, quit. Nothing is "
    "written\nbefore it is confirmed at the end. Without a terminal it prints what to run instead.",
    examples="  pytest-cutover review\n  pytest-cutover review --report build/cutover\n"
    "  pytest-cutover review --list\n  pytest-cutover review --json",
    add_arguments=_add_arguments,
    run=_run,
)
