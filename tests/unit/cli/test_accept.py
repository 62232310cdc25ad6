"""One finding is accepted, in a scope that it was seen in."""

from __future__ import annotations

import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pytest_cutover.cli import main
from pytest_cutover.codes import CODES
from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.config.datetimes import utc_today
from pytest_cutover.core.seen_values import SeenValues
from pytest_cutover.gate.order import ordered
from pytest_cutover.report.accepted_view import shown_entry
from pytest_cutover.report.io.gate_json import dumps, read_report
from pytest_cutover.report.model import Finding
from tests.unit.cli.last_run import PATH, WEIGHT


def write_report(project: Path, finding: Finding) -> None:
    path = project / ".cutover" / "gate.json"
    path.write_text(dumps(replace(read_report(path), findings=(finding,))), encoding="utf-8")


def accept(*more: str, scope: str = "tests/test_lots.py::test_lot") -> int:
    return main(
        ["accept", "1a2b3c4d", "--scope", scope, "--reason", "meant", "--approver", "Mira", *more]
    )


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_a_day_ends_by_utc_wherever_it_is_accepted(
    project: Path, monkeypatch: pytest.MonkeyPatch, zone: str
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert accept() == 0
        (entry,) = load_accepted(project / PATH).entries
        assert entry.expires == datetime.now(UTC).date() + timedelta(days=90)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_finding_is_accepted_in_its_scope(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept() == 0

    (entry,) = load_accepted(project / PATH).entries
    assert entry.signature == WEIGHT.signature
    assert entry.scope == ("tests/test_lots.py::test_lot",)
    assert (entry.reason, entry.approver) == ("meant", "Mira")
    assert entry.expires == utc_today() + timedelta(days=90)
    out = capsys.readouterr().out
    assert f"accepted until {entry.expires} by Mira: {WEIGHT.signature}" in out
    assert "in scope: 1 of 2 tests" in out
    assert f"next: commit {PATH}, then run the gate again" in out


@pytest.mark.parametrize(
    ("seen", "change", "values", "said"),
    [
        (SeenValues((("a", "b"),)), "", (("a", "b"),), "holds for a → b; another value is a new"),
        (
            SeenValues((("5.25", "525"),), transformations=("×100",)),
            "×100",
            (),
            "holds for what is ×100",
        ),
        (
            SeenValues((("1", "10"),), transformations=("×10",)),
            "",
            (("1", "10"),),
            "holds for 1 → 10",
        ),
        (SeenValues((("7", "b7f3"),), varying=True), "formats", (), "any value of these formats"),
        (None, "", (), "accepted until"),
    ],
)
def test_an_entry_holds_for_the_values_that_were_seen(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    seen: SeenValues | None,
    change: str,
    values: tuple[tuple[str, str], ...],
    said: str,
) -> None:
    write_report(project, replace(WEIGHT, values=seen))

    assert accept() == 0

    (entry,) = load_accepted(project / PATH).entries
    assert (entry.change, entry.values) == (change, values)
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    ("seen", "why"),
    [
        (SeenValues((("a", "b"), ("a", "c")), varying=True), "others in every round"),
        (SeenValues((("a", "b"),), more=True), "more than 20 pairs of values"),
    ],
)
def test_what_would_let_any_value_through_is_not_accepted(
    project: Path, capsys: pytest.CaptureFixture[str], seen: SeenValues, why: str
) -> None:
    any_text = replace(WEIGHT, kind="value", change="text → text", values=seen)
    write_report(project, any_text)

    assert accept() == 4

    told = capsys.readouterr().err
    assert why in told
    assert "[[parity.rules]]" in told
    assert not (project / PATH).exists()


def test_entries_that_matched_nothing_are_removed_and_the_rest_stays_as_it_is(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / PATH
    write_report(project, replace(WEIGHT, values=SeenValues((("a", "b"),))))
    assert accept() == 0
    kept = "# ours\n" + path.read_text("utf-8")
    path.write_text(kept, "utf-8")
    write_report(project, replace(WEIGHT, values=SeenValues((("a", "c"),))))
    assert accept() == 0
    _, gone = load_accepted(path).entries
    report = project / ".cutover" / "gate.json"
    shown = shown_entry(gone, today=utc_today(), matched=0, unused=True)
    report.write_text(dumps(replace(read_report(report), accepted=(shown,))), "utf-8")

    assert main(["accept", "--prune"]) == 0

    assert path.read_text("utf-8").rstrip() == kept.rstrip()
    assert f"removed: {gone.signature}, accepted by Mira" in capsys.readouterr().out
    assert main(["accept", "--prune"]) == 0
    assert "nothing to remove" in capsys.readouterr().out


def test_a_side_in_the_scope_is_dropped(project: Path) -> None:
    assert accept(scope="tests/test_lots.py::test_full[a-candidate]") == 0

    assert load_accepted(project / PATH).entries[0].scope == ("tests/test_lots.py::test_full[a]",)


def test_a_scenario_may_stand_beside_a_test(project: Path) -> None:
    assert accept("--scope", "weight above 10000") == 0

    assert load_accepted(project / PATH).entries[0].scope[1] == "weight above 10000"


def test_it_works_from_a_folder_below(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "below").mkdir()
    monkeypatch.chdir(project / "below")

    assert accept() == 0
    assert (project / PATH).exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["1a2b3c4e", "--scope", "x"], "did you mean `1a2b3c4d`?"),
        (
            ["POST /api/lots | type | /weight_kg | number", "--scope", "x"],
            "did you mean `1a2b3c4d`?",
        ),
        (["zz", "--scope", "x"], "valid: 1a2b3c4d (POST /api/lots | type"),
        (
            ["1a2b3c4d", "--scope", "tests/test_lots.py::test_lots"],
            "matches no test in which this finding was seen",
        ),
        (
            ["1a2b3c4d", "--scope", "tests/test_lots.py::test_lots"],
            "did you mean `tests/test_lots.py::test_lot`?",
        ),
        (["1a2b3c4d", "--scope", "*", "--scope", "x.py::test_y"], "matches no test"),
        (["1a2b3c4d", "--scope", "*", "--expires", "2001-01-01"], "this day is over"),
        (["1a2b3c4d", "--scope", "*", "--expires", "soon"], "not a date\n    valid: YYYY-MM-DD"),
    ],
)
def test_what_cannot_be_accepted_is_told_and_nothing_written(
    project: Path, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accept", *arguments, "--reason", "r", "--approver", "m"]) == 4

    assert message in capsys.readouterr().err
    assert not (project / PATH).exists()


def test_an_empty_reason_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["accept", "1a2b3c4d", "--scope", "*", "--reason", " ", "--approver", "m"]) == 4
    assert "say why this difference is meant" in capsys.readouterr().err


def test_accepting_twice_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accept() == 0
    assert accept() == 4
    assert "the same signature and scope as accepted[1]" in capsys.readouterr().err


def test_an_expired_entry_of_the_same_scope_is_renewed_in_its_place(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept() == 0
    path = project / PATH
    written = path.read_text(encoding="utf-8")
    expires = str(load_accepted(path).entries[0].expires)
    path.write_text(written.replace(expires, "2020-01-01  # long ago") + "\n# end\n")

    assert accept("--expires", "2031-01-01") == 0

    assert path.read_text() == written.replace(expires, "2031-01-01  # long ago") + "\n# end\n"
    assert "renewed: the entry of Mira expired on 2020-01-01" in capsys.readouterr().out


def test_a_part_of_an_expired_entry_is_no_renewal(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept("--scope", "weight above 10000") == 0
    path = project / PATH
    expires = str(load_accepted(path).entries[0].expires)
    path.write_text(path.read_text(encoding="utf-8").replace(expires, "2020-01-01"))

    assert accept() == 4
    said = capsys.readouterr().err
    assert "give its whole scope to renew it: tests/test_lots.py::test_lot, weight above" in said


def test_the_approver_is_the_user_of_git(project: Path) -> None:
    for key, value in (("user.name", "Mira Ek"), ("user.email", "mira@example.com")):
        subprocess.run(["git", "init", "-q"], check=True)
        subprocess.run(["git", "config", key, value], check=True)

    assert main(["accept", "1a2b3c4d", "--scope", "*", "--reason", "r"]) == 0
    assert load_accepted(project / PATH).entries[0].approver == "Mira Ek <mira@example.com>"


def test_nobody_is_no_approver(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("pytest_cutover.cli.context._git", lambda _: "")

    assert main(["accept", "1a2b3c4d", "--scope", "*", "--reason", "r"]) == 4
    assert "--approver: nobody is named" in capsys.readouterr().err


def test_several_findings_are_one_decision_with_one_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["accept", "1a2b3c4d", "99aabbcc", "--reason", "one serializer", "--approver", "Mira"]

    assert main(told) == 0

    weight, status = load_accepted(project / PATH).entries
    assert ("1.1", "1.2") == (weight.place, status.place)
    assert weight.reason == status.reason == "one serializer"
    assert weight.scope == ("tests/test_lots.py::test_lot", "tests/test_lots.py::test_full[a]")
    assert status.scope == ("tests/test_lots.py::test_unknown",)
    assert "as one decision of 2 members" in capsys.readouterr().out


def test_a_cause_stands_for_its_findings(project: Path) -> None:
    path = project / ".cutover" / "gate.json"
    found = [
        replace(one, explanation="renamed: error → detail") for one in read_report(path).findings
    ]
    report = ordered(replace(read_report(path), findings=tuple(found)), CODES)
    path.write_text(dumps(report), encoding="utf-8")
    (cause,) = report.causes

    assert main(["accept", cause.id, "--reason", "meant", "--approver", "Mira"]) == 0

    entries = load_accepted(project / PATH).entries
    assert len(entries) == len(cause.findings) > 1
    assert {one.change for one in entries} == {"renamed: error → detail"}


def test_a_scope_is_asked_for_where_it_is_one_finding(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accept", "1a2b3c4d", "--reason", "meant"]) == 4

    assert "the following arguments are required: --scope" in capsys.readouterr().err
    assert not (project / PATH).exists()


def test_a_member_that_matched_nothing_is_removed_and_the_others_stay(project: Path) -> None:
    assert main(["accept", "1a2b3c4d", "99aabbcc", "--reason", "one", "--approver", "Mira"]) == 0
    weight, status = load_accepted(project / PATH).entries
    path = project / ".cutover" / "gate.json"
    idle = shown_entry(status, today=utc_today(), matched=0, unused=True)
    path.write_text(dumps(replace(read_report(path), accepted=(idle,))), encoding="utf-8")

    assert main(["accept", "--prune"]) == 0

    assert load_accepted(project / PATH).entries == (weight,)
