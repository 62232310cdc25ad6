"""Entries of version 0.1 are bound to what they covered: the same findings, and not one more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pytest_cutover.cli import main
from pytest_cutover.config.accepted import AcceptedDifferences, Entry, load_accepted
from pytest_cutover.config.datetimes import utc_today
from pytest_cutover.config.transformation import ValuePair
from pytest_cutover.core.seen_values import SeenValues
from pytest_cutover.report.accepted_view import shown_entry
from pytest_cutover.report.io.gate_json import dumps, read_report
from pytest_cutover.report.model import Finding
from tests.unit.cli.last_run import PATH, WEIGHT

OF_0_1 = (Path(__file__).with_name("accepted_of_0_1.toml")).read_text("utf-8")
RENAMED = "renamed: error → detail"
REFUSED = "error status: 400 → 422, {error} → {detail}"
Shown = tuple[str, tuple[tuple[str, str], ...]]


def shown(entry: Entry) -> Shown:
    """What the reference shows for an entry: its explanation, and its values."""
    _, kind, pointer, change = entry.signature.split(" | ")
    if kind in ("missing", "added"):
        return RENAMED, ()
    if change == "400 → 422":
        return REFUSED, ()
    if pointer == "/headers/content-length":
        return "", (("25", "26"),)
    return "", ((f"{change.split(' → ')[0]} 1", "eyJ.x"),) if "jwt" in change else ()


def finding(entry: Entry, number: int) -> Finding:
    """What an entry covered in the run."""
    endpoint, kind, pointer, change = entry.signature.split(" | ")
    explanation, pairs = shown(entry)
    return replace(
        WEIGHT,
        id=f"{number:08x}",
        signature=entry.signature,
        endpoint=endpoint,
        kind=kind,
        pointer=pointer,
        change=change,
        explanation=explanation,
        values=SeenValues(pairs, varying="jwt" in change) if pairs else None,
        accepted=shown_entry(entry, today=utc_today(), matched=1),
    )


@pytest.fixture
def migrated(project: Path) -> tuple[AcceptedDifferences, AcceptedDifferences, str]:
    """The entries before and after, and the text after."""
    path = project / PATH
    path.write_text(OF_0_1, encoding="utf-8")
    before = load_accepted(path)
    found = tuple(finding(entry, number) for number, entry in enumerate(before.entries))
    last = project / ".cutover" / "gate.json"
    last.write_text(dumps(replace(read_report(last), findings=found)), encoding="utf-8")

    assert main(["accept", "--migrate"]) == 0

    return before, load_accepted(path), path.read_text("utf-8")


def covers(known: AcceptedDifferences, entry: Entry, told: Shown) -> bool:
    pairs = tuple(ValuePair(*pair) for pair in told[1])
    scope = entry.scope[0].replace("*", "x")
    today = utc_today()
    return known.covering(entry.signature, scope, None, today, pairs, told[0]) is not None


def test_the_entries_of_the_reference_cover_the_same_and_no_more(
    migrated: tuple[AcceptedDifferences, AcceptedDifferences, str],
) -> None:
    before, after, text = migrated

    assert len(after.entries) == len(before.entries) == 36
    narrower = 0
    for entry in before.entries:
        assert covers(before, entry, shown(entry))
        assert covers(after, entry, shown(entry)), entry.signature
        other = ("renamed: error → message", (("25", "99999"),))
        assert covers(before, entry, other)
        narrower += not covers(after, entry, other)
    assert narrower == 16 + 4 + 1  # the renamed, the refused, and the length of a HEAD
    # All that stood there stands there still, comments too.
    kept = [line for line in text.splitlines() if not line.startswith(("change", "values"))]
    assert kept == OF_0_1.splitlines()


def test_what_cannot_be_told_stays_and_is_listed(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / PATH
    path.write_text(OF_0_1, encoding="utf-8")
    entry = next(one for one in load_accepted(path).entries if "/error" in one.signature)
    one, other = finding(entry, 1), replace(finding(entry, 2), explanation="renamed: error → x")
    last = project / ".cutover" / "gate.json"
    last.write_text(dumps(replace(read_report(last), findings=(one, other))), encoding="utf-8")

    assert main(["accept", "--migrate"]) == 0

    assert path.read_text("utf-8") == OF_0_1
    told = capsys.readouterr().out
    assert f"left as it is: entry {entry.place}, {entry.signature}" in told
    assert "several changes, each a decision of its own: renamed: error → detail · renamed" in told
    assert "it covered nothing in the last run" in told
    assert "run with --cutover-fuzz N, then migrate again" in told
