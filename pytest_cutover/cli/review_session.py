"""The walk through pending causes: one at a time, one key each, nothing written.

What one change of the candidate explains is looked at once, and accepted as one decision.
`ReviewSession.through` returns what is to be written once that was confirmed. Whatever raises on
the way (Ctrl-C, the terminal gone) leaves nothing behind, as nothing was written yet.
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
from pytest_cutover.cli.finding_text import all_listed, described, summary_line
from pytest_cutover.cli.prompt import Terminal
from pytest_cutover.config.accepted import AcceptedDifferences, Entry
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.sanitize import one_line
from pytest_cutover.report.model import Finding, Report
from pytest_cutover.report.summary import open_findings, plural

_KEYS: Final = "[a]ccept [r]eject [s]kip [o]pen [/] filter [?] help [u]ndo [q]uit: "
_HELP: Final = """\
  a  accept: it is meant. Asks where it holds, why, and until when; another value, place or test
     stays a finding. A cause of several findings becomes one decision with its members.
  r  reject: the candidate is to be repaired. It stays pending, and is named at the end.
  s  skip: decide later. It stays pending.
  o  open the page at this finding, with the whole of both answers.
  /  show only what names a text: an endpoint, a place, a change. Enter alone shows all again.
  u  take back the last decision.
  q  quit. What was accepted is written only if you confirm it then."""
_LISTED: Final = 12
_EARLIER: Final = "of an earlier run: the last one did not ask it"


class Choice(StrEnum):
    """What was said of a finding. A rejected one stays a finding: the candidate is to change."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Pending:
    """A cause to be looked at, with its findings, the worst first."""

    id: str
    title: str
    findings: tuple[Finding, ...]
    note: str = ""
    suggestion: str = ""

    @property
    def first(self) -> Finding:
        """The finding that is shown."""
        return self.findings[0]

    def names(self, text: str) -> bool:
        """Whether a text stands in what is told of it."""
        told = (self.id, self.title, *(one.signature for one in self.findings))
        return any(text.lower() in one.lower() for one in told)


def pending_of(report: Report) -> list[Pending]:
    """Return the causes of a report in their order; each finding alone where it has none."""
    findings = {one.id: one for one in open_findings(report)}
    found = []
    for cause in report.causes:
        members = tuple(findings.pop(one) for one in cause.findings if one in findings)
        if not members:
            continue
        agreed = cause.accepted
        note = f"accepted cause grew: {agreed.reason} ({agreed.approver})" if agreed else ""
        found.append(Pending(cause.id, cause.title, members, note, cause.suggestion))
    found += [Pending(one.id, "", (one,)) for one in findings.values()]
    earlier: dict[str, list[Finding]] = {}
    for one in report.remembered:
        earlier.setdefault(one.explanation or one.id, []).append(one)
    return found + [
        Pending(members[0].id, members[0].explanation, tuple(members), _EARLIER)
        for members in earlier.values()
    ]


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """One cause and what was said of it; with entries where it was accepted."""

    cause: Pending
    choice: Choice
    entries: tuple[Entry, ...] = ()


@dataclass(slots=True, kw_only=True)
class ReviewSession:
    """One review. `open_page` shows a finding in the browser and returns what to tell."""

    terminal: Terminal
    causes: Sequence[Pending]
    known: AcceptedDifferences
    approver: str
    expires: date
    today: date
    file: str
    open_page: Callable[[Finding], str]
    decisions: list[ReviewDecision] = field(default_factory=list)
    reason: str = ""
    shown_only: str = ""

    @property
    def accepted(self) -> list[tuple[Entry, ...]]:
        """What was accepted so far: the entries of each decision."""
        return [decision.entries for decision in self.decisions if decision.entries]

    def through(self) -> list[tuple[Entry, ...]]:
        """Return what was accepted and confirmed; empty where nothing is to be written."""
        while True:
            while (cause := self._next()) is not None and self._ask(cause):
                pass
            if not self.accepted:
                return []
            entries = plural(sum(map(len, self.accepted)), "accepted difference")
            together = len(self.accepted)
            said = entries
            if any(len(one) > 1 for one in self.accepted):
                said = f"{entries} in {plural(together, 'decision')}"
            question = f"\nwrite {said} to {self.file}? [y]es  [n]o  [u]ndo: "
            answer = self.terminal.key(question, "ynu")
            if answer != "u":
                return self.accepted if answer == "y" else []
            self._undo()

    def _next(self) -> Pending | None:
        """Return the first cause that nothing was said of; of those that the filter names."""
        decided = {decision.cause.id for decision in self.decisions}
        left = [one for one in self.causes if one.id not in decided]
        named = [one for one in left if one.names(self.shown_only)]
        if left and not named:
            self._say(f"  nothing else names {one_line(self.shown_only)}: all are shown again")
            self.shown_only = ""
        return next(iter(named or left), None)

    def _ask(self, cause: Pending) -> bool:
        """Show a cause and take one decision, or take one back; return False to stop."""
        self._show(cause)
        while True:
            key = self.terminal.key(f"  {_KEYS}", "arsouq/?")
            if key == "o":
                self._say(f"  {one_line(self.open_page(cause.first))}")
                continue
            if key == "?":
                self._say(*_HELP.splitlines())
                continue
            if key == "/":
                self.shown_only = self.terminal.line("  show only what names (Enter: all): ")
            elif key == "u":
                self._undo()
            elif key == "a":
                entries = self._entries(cause)
                if not entries:
                    continue
                self.decisions.append(ReviewDecision(cause, Choice.ACCEPTED, entries))
            elif key in "rs":
                choice = Choice.REJECTED if key == "r" else Choice.SKIPPED
                self.decisions.append(ReviewDecision(cause, choice))
            return key != "q"

    def _show(self, cause: Pending) -> None:
        width = self.terminal.width
        place = next(n for n, one in enumerate(self.causes, 1) if one.id == cause.id)
        heading = f" {place} of {len(self.causes)} · {one_line(cause.id)} "
        self._say("", heading.center(width, "─"))
        if cause.note:
            self._say(f"  {one_line(cause.note)}")
        if len(cause.findings) > 1:
            endpoints = plural(len({one.endpoint for one in cause.findings}), "endpoint")
            found = plural(len(cause.findings), "finding")
            self.terminal.show([[(f"  {one_line(cause.title)}", "bold")]])
            self._say(f"  {found} at {endpoints}, gone when that is undone:")
            self._say(*(f"    {summary_line(one)}" for one in cause.findings[:_LISTED]))
            if len(cause.findings) > _LISTED:
                self._say(f"    … and {len(cause.findings) - _LISTED} more")
            self._say("", "  the worst of them:")
        self.terminal.show(described(cause.first, width))
        if cause.suggestion:
            self._say("", "  in cutover.toml these lines say it for all that is to come:")
            self._say(*(f"    {one_line(line)}" for line in cause.suggestion.splitlines()))
        self._say("")

    def _undo(self) -> None:
        if not self.decisions:
            self._say("  nothing to undo: this is the first finding")
            return
        last = self.decisions.pop()
        self._say(f"  undone: {one_line(last.cause.id)} is no longer {last.choice}")

    # -- one entry --------------------------------------------------------------------------------

    def _entries(self, cause: Pending) -> tuple[Entry, ...]:
        """Return the entries that the answers make; none where it was not meant after all."""
        try:
            bindings = [binding_of(finding) for finding in cause.findings]
        except ConfigError as error:
            self._say(*(f"  {line}" for line in str(error).splitlines()), "  not accepted")
            return ()
        for change, values in dict.fromkeys(bindings):
            if change or values:
                self._say(f"  {binding_line(change, values)}")
        scopes = self._scopes(cause)
        if scopes is None:
            return ()
        again = f" (Enter: {one_line(self.reason, 50)})" if self.reason else ""
        reason = self.terminal.line(f"  reason, why this difference is meant{again}: ")
        reason = reason or self.reason
        if not reason:
            self._say("  not accepted: an accepted difference needs a reason")
            return ()
        until = self._expires()
        entries = tuple(
            Entry(
                signature=finding.signature,
                change=change,
                values=values,
                scope=scope,
                reason=reason,
                approver=self.approver,
                expires=until,
            )
            for finding, (change, values), scope in zip(
                cause.findings, bindings, scopes, strict=True
            )
        )
        try:
            renewed = [renews(self.known, entry, self.today) for entry in entries]
        except ConfigError as error:
            self._say(*(f"  {line}" for line in str(error).splitlines()), "  not accepted")
            return ()
        for expired in filter(None, renewed):
            who = one_line(expired.approver)
            self._say(f"  this renews the entry of {who} that expired on {expired.expires}")
        self.reason, self.expires = reason, until
        return entries

    def _scopes(self, cause: Pending) -> list[tuple[str, ...]] | None:
        """Where each finding is accepted; a cause of several in the tests that showed each."""
        if len(cause.findings) == 1:
            scope = self._scope(cause.first)
            return None if scope is None else [scope]
        if all(map(all_listed, cause.findings)):
            self._say("  each holds in the tests it was seen in")
            return [tuple(tests_of(finding)) for finding in cause.findings]
        scopes = []
        for finding in cause.findings:
            self._say(f"  {summary_line(finding)}")
            scope = self._scope(finding)
            if scope is None:
                return None
            scopes.append(scope)
        return scopes

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
        """Return the last day: a date, or a number of days from today."""
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
