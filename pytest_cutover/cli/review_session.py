"""The walk through pending findings: one at a time, one key each, nothing written.

`Walk.through` returns what is to be written once that was confirmed. Whatever raises on the way
(Ctrl-C, the terminal gone) leaves nothing behind, as nothing was written yet.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from pytest_cutover.cli.accepted_file import renews
from pytest_cutover.cli.binding import binding_line, binding_of
from pytest_cutover.cli.context import checked_scope, expiry, tests_of
from pytest_cutover.cli.finding_text import all_listed, described
from pytest_cutover.cli.prompt import Terminal
from pytest_cutover.config.accepted import AcceptedDifferences, Entry
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.model import Finding
from pytest_cutover.report.summary import plural

_KEYS: Final = "[a]ccept  [r]eject  [s]kip  [o]pen in the browser  [u]ndo  [q]uit: "


class Choice(StrEnum):
    """What was said of a finding. A rejected one stays a finding: the candidate is to change."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """One finding and what was said of it; with an entry where it was accepted."""

    finding: Finding
    choice: Choice
    entry: Entry | None = None


@dataclass(slots=True, kw_only=True)
class ReviewSession:
    """One review. `open_page` shows a finding in the browser and returns what to tell."""

    terminal: Terminal
    findings: Sequence[Finding]
    known: AcceptedDifferences
    approver: str
    expires: date
    today: date
    file: str
    open_page: Callable[[Finding], str]
    decisions: list[ReviewDecision] = field(default_factory=list)

    @property
    def entries(self) -> list[Entry]:
        """What was accepted so far."""
        return [decision.entry for decision in self.decisions if decision.entry is not None]

    def through(self) -> list[Entry]:
        """What was accepted and confirmed; empty where nothing is to be written."""
        while True:
            while len(self.decisions) < len(self.findings) and self._ask():
                pass
            if not self.entries:
                return []
            entries = plural(len(self.entries), "accepted difference")
            question = f"\nwrite {entries} to {self.file}? [y]es  [n]o  [u]ndo: "
            answer = self.terminal.key(question, "ynu")
            if answer != "u":
                return self.entries if answer == "y" else []
            self._undo()

    def _ask(self) -> bool:
        """Shows the next finding and takes one decision, or takes one back; False to stop."""
        finding = self.findings[len(self.decisions)]
        heading = f" {len(self.decisions) + 1} of {len(self.findings)} · {one_line(finding.id)} "
        self._say("", heading.center(self.terminal.width, "─"))
        self.terminal.show(described(finding, self.terminal.width))
        self._say("")
        while True:
            key = self.terminal.key(f"  {_KEYS}", "arsouq")
            if key == "o":
                self._say(f"  {one_line(self.open_page(finding))}")
                continue
            if key == "u":
                self._undo()
            elif key == "a":
                entry = self._entry(finding)
                if entry is None:
                    continue
                self.decisions.append(ReviewDecision(finding, Choice.ACCEPTED, entry))
            elif key in "rs":
                choice = Choice.REJECTED if key == "r" else Choice.SKIPPED
                self.decisions.append(ReviewDecision(finding, choice))
            return key != "q"

    def _undo(self) -> None:
        if not self.decisions:
            self._say("  nothing to undo: this is the first finding")
            return
        last = self.decisions.pop()
        self._say(f"  undone: {one_line(last.finding.id)} is no longer {last.choice}")

    # -- one entry --------------------------------------------------------------------------------

    def _entry(self, finding: Finding) -> Entry | None:
        """The entry that the answers make; None where it was not meant after all."""
        try:
            change, values = binding_of(finding)
        except ConfigError as error:
            self._say(*(f"  {line}" for line in str(error).splitlines()), "  not accepted")
            return None
        if change or values:
            self._say(f"  {binding_line(change, values)}")
        scope = self._scope(finding)
        if scope is None:
            return None
        reason = self.terminal.line("  reason, why this difference is meant: ")
        if not reason:
            self._say("  not accepted: an accepted difference needs a reason")
            return None
        entry = Entry(
            signature=finding.signature,
            change=change,
            values=values,
            scope=scope,
            reason=reason,
            approver=self.approver,
            expires=self._expires(),
        )
        try:
            expired = renews(self.known, entry, self.today)
        except ConfigError as error:
            self._say(*(f"  {line}" for line in str(error).splitlines()), "  not accepted")
            return None
        if expired is not None:
            who = one_line(expired.approver)
            self._say(f"  this renews the entry of {who} that expired on {expired.expires}")
        return entry

    def _scope(self, finding: Finding) -> tuple[str, ...] | None:
        """Where it is accepted; None where nothing was said and not all tests are known."""
        tests = tests_of(finding)
        whole = all_listed(finding)
        default = f"Enter: the {plural(len(tests), 'test')} it was seen in" if whole else "needed"
        self._say("  scope: tests or scenarios, with spaces between them; * stands for anything")
        while True:
            answer = self.terminal.line(f"  scope ({default}): ")
            if not answer and not whole:
                self._say("  not accepted: the report does not list all its tests; name a scope")
                return None
            try:
                given = shlex.split(answer)
                return checked_scope(given, finding) if given else tuple(tests)
            except (ConfigError, ValueError) as error:
                self._say(*(f"  {one_line(line)}" for line in str(error).splitlines()))

    def _expires(self) -> date:
        """The last day: a date, or a number of days from today."""
        while True:
            answer = self.terminal.line(f"  until, a date or a number of days ({self.expires}): ")
            if not answer:
                return self.expires
            try:
                if answer.isascii() and answer.isdecimal():
                    return self.today + timedelta(days=int(answer))
                return expiry(answer, self.today)
            except (ConfigError, OverflowError) as error:
                self._say(*(f"  {one_line(line)}" for line in str(error).splitlines()))

    def _say(self, *lines: str) -> None:
        self.terminal.show([[(line, "")] for line in lines])
