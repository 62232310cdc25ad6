"""Migrations: applied, without drift, and such that the baseline can live with them."""

from __future__ import annotations

from pytest_cutover.checklist.commands import checked
from pytest_cutover.checklist.context import Context
from pytest_cutover.checklist.results import PASS, CheckResult, passed, undecided
from pytest_cutover.config.command import Command


def applied(context: Context) -> CheckResult:
    """Check that the target's database is at the newest revision, and the models have no drift."""
    table = context.table.migrations
    return _all(context, {"at head": table.head, "no drift": table.drift})


def compatible(context: Context) -> CheckResult:
    """Lint the migrations, and run the baseline's suite on what they leave behind."""
    table = context.table.migrations
    if table.compatible is None:
        return undecided("not configured", "[checklist.migrations] compatible is the command")
    return _all(context, {"lint": table.lint, "compatible": table.compatible})


def _all(context: Context, commands: dict[str, Command | None]) -> CheckResult:
    given = {what: command for what, command in commands.items() if command is not None}
    if not given:
        return undecided("not configured", "[checklist.migrations] has the commands")
    for what, command in given.items():
        result = checked(command, context, what=what, as_candidate=True)
        if result.verdict is not PASS:
            return result
    missing = [what for what in commands if what not in given]
    said = f" ({', '.join(missing)}: not configured)" if missing else ""
    return passed(f"{', '.join(given)}{said}")
