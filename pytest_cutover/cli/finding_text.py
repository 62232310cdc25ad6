"""A finding as `review` shows it: both sides, how often and where, and why it is one finding."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator
from typing import Final

from pytest_cutover.cli.context import tests_of
from pytest_cutover.core.sanitize import fit, one_line
from pytest_cutover.report.model import BothSides, Finding
from pytest_cutover.report.renderers.terminal_lines import Line
from pytest_cutover.report.summary import plural
from pytest_cutover.report.truncation import total

_TESTS: Final = 5
_DIFF_LINES: Final = 24
_AROUND: Final = 3
_VALUE_WIDTHS: Final = 4
_STYLES: Final = {"-": "red", "+": "green"}


def summary_line(finding: Finding) -> str:
    """Return a finding in one line: id, how often, where, and what changed."""
    place = one_line(finding.pointer) or "(whole)"
    unstable = "  unstable" if finding.unstable else ""
    return (
        f"{one_line(finding.id)}  {finding.occurrences}×  {one_line(finding.endpoint)}"
        f"  {one_line(finding.kind)}  {place}  {one_line(finding.change)}{unstable}"
    )


def described(finding: Finding, width: int = 100) -> list[Line]:
    """Return a finding on the screen; nothing is wider than `width` but values and node ids."""
    where = f"{one_line(finding.endpoint)}   {one_line(finding.pointer) or '(whole)'}"
    unstable = "   not every time" if finding.unstable else ""
    return [
        [(f"  {where}   {one_line(finding.change)}{unstable}", "bold")],
        *_values(finding, width),
        *_around(finding.context, width),
        *_tests(finding),
        *_why_one(finding, width),
    ]


def _values(finding: Finding, width: int) -> Iterator[Line]:
    for name, value, style in (
        ("baseline ", finding.baseline, "red"),
        ("candidate", finding.candidate, "green"),
    ):
        yield [(f"    {name}  ", style), (fit(one_line(value, 2_000), width * _VALUE_WIDTHS), "")]


def _around(context: BothSides | None, width: int) -> Iterator[Line]:
    """Yield the two bodies as a diff, the changed lines with their neighbours."""
    if context is None:
        return
    before, after = context.baseline.split("\n"), context.candidate.split("\n")
    lines = list(difflib.unified_diff(before, after, lineterm="", n=_AROUND))[2:]
    if not lines:
        return
    yield [("", "")]
    for line in lines[:_DIFF_LINES]:
        sign = line[:1]
        if sign == "@":
            yield [("    …", "")]
        else:
            shown = f"    {sign} {one_line(line[1:].replace(chr(9), '  '), 2_000)}"
            yield [(fit(shown, width), _STYLES.get(sign, ""))]
    if len(lines) > _DIFF_LINES:
        yield [(f"    … {len(lines) - _DIFF_LINES} more lines: press o for the page", "")]


def _tests(finding: Finding) -> Iterator[Line]:
    tests = tests_of(finding)
    count = max(len(tests), finding.nodeids_total)
    yield [("", "")]
    yield [(f"    {finding.occurrences}× in {plural(count, 'test')}:", "")]
    for test in tests[:_TESTS]:
        yield [(f"      {one_line(test)}", "")]
    if count > _TESTS:
        yield [(f"      … and {count - min(len(tests), _TESTS)} more", "")]


def _why_one(finding: Finding, width: int) -> Iterator[Line]:
    """Yield what all of them share, and what accepting them therefore covers."""
    place = f"at {one_line(finding.pointer)}" if finding.pointer else "of the whole answer"
    many = f"all {finding.occurrences} occurrences" if finding.occurrences > 1 else "this one"
    sentence = (
        f"One finding, because {many} changed the same way: {one_line(finding.kind)} {place},"
        f" {one_line(finding.change)}, answering {one_line(finding.endpoint)}."
        " Another change, place or endpoint would be a finding of its own."
    )
    yield [("", "")]
    for part in textwrap.wrap(sentence, width - 4, break_on_hyphens=False):
        yield [(f"    {part}", "")]


def all_listed(finding: Finding) -> bool:
    """Whether the report names every test in which it was seen."""
    return total(finding) <= len(finding.nodeids)
