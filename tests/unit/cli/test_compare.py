"""What changed between two reports, and whether that is worse."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_cutover.cli import main
from pytest_cutover.report.io.gate_json import dumps
from pytest_cutover.report.measured import Interval
from pytest_cutover.report.model import Finding, GateVerdict, Report, Verdict
from tests.unit.cli.test_hostile import acting
from tests.unit.report.renderers.test_markdown import NASTY, shape
from tests.unit.report.reports import ACCEPTED, ENVELOPE, GO, NO_GO, P99, WEIGHT
from tests.unit.report.scale import filled

Compare = Callable[..., tuple[int, str]]
LATER = replace(GO, finished="2030-11-25T09:00:00Z")


@pytest.fixture
def compare(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Compare:
    """The exit status and the text for two reports."""

    def run(old: Report, new: Report, *options: str) -> tuple[int, str]:
        for name, report in (("old", old), ("new", new)):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "gate.json").write_text(dumps(report), encoding="utf-8")
        # One as the folder, the other as the file.
        status = main(
            ["compare", str(tmp_path / "old"), str(tmp_path / "new" / "gate.json"), *options]
        )
        return status, capsys.readouterr().out

    return run


def test_a_worse_report_is_told_in_full(compare: Compare) -> None:
    status, told = compare(GO, NO_GO)

    assert status == 1
    assert told == (
        "GO → NO-GO   staging 2030-11-24T09:01:35Z → staging 2030-11-24T09:01:35Z\n"
        "findings: 1 new, 0 gone, 0 changed, 1 the same\n"
        " + 1a2b3c4d   POST /api/lots   /weight_kg   number → string   12×\n"
        "gates: 3 changes\n"
        " ✗ CUT101 differences   pass → fail   0 → 1   limit 0 unaccepted\n"
        " ✗ CUT202 p50   GET /api/health   pass → fail   +3 % [1, 5] → +63 % [58, 69]"
        "   limit +50 %\n"
        " ? CUT203 p99   POST /api/login   pass → inconclusive   118 ms → n=120   limit 300 ms\n"
        "latency: 1 endpoint changed\n"
        " ✗ GET /api/health   pass → fail   P50 ratio 1.03 [1.01, 1.05] → 1.63 [1.58, 1.69]\n"
        "worse: the verdict went from GO to NO-GO; 1 new finding; "
        "3 gates that no longer stand as they did; 1 endpoint with a worse latency verdict\n"
    )


def test_the_way_back_is_not_worse(compare: Compare) -> None:
    status, told = compare(NO_GO, GO)

    assert status == 0
    assert " - 1a2b3c4d   POST /api/lots   /weight_kg   number → string   12×\n" in told
    assert " ✓ CUT101 differences   fail → pass   1 → 0" in told
    assert told.endswith("not worse than before\n")


def test_the_same_report_has_no_change(compare: Compare) -> None:
    assert compare(NO_GO, NO_GO) == (
        0,
        "still NO-GO   staging 2030-11-24T09:01:35Z → staging 2030-11-24T09:01:35Z\n"
        "findings: 0 new, 0 gone, 0 changed, 2 the same\n"
        "not worse than before\n",
    )


@pytest.mark.parametrize(
    ("before", "after", "line", "status"),
    [
        (WEIGHT, replace(WEIGHT, occurrences=3), "12× → 3×", 0),
        (WEIGHT, replace(WEIGHT, unstable=True), "now only sometimes", 0),
        (WEIGHT, replace(WEIGHT, accepted=ACCEPTED), "open → accepted", 0),
        (replace(WEIGHT, accepted=ACCEPTED), WEIGHT, "accepted → open", 1),
        (
            replace(WEIGHT, signature="other", change="number → null"),
            WEIGHT,
            "number → string, was number → null",
            1,
        ),
    ],
    ids=["fewer", "unstable", "accepted", "reopened", "another change"],
)
def test_a_finding_that_changed_is_one_not_two(
    compare: Compare, before: Finding, after: Finding, line: str, status: int
) -> None:
    told = compare(replace(GO, findings=(before,)), replace(GO, findings=(after,)))

    assert told[0] == status
    assert "findings: 0 new, 0 gone, 1 changed, 0 the same\n" in told[1]
    assert f" ~ 1a2b3c4d   POST /api/lots   /weight_kg   {line}\n" in told[1]


def test_one_signature_accepted_here_and_open_there_is_two_findings(compare: Compare) -> None:
    both = replace(GO, findings=(ENVELOPE, replace(ENVELOPE, accepted=None)))

    status, told = compare(GO, both)

    assert status == 1
    assert "findings: 1 new, 0 gone, 0 changed, 1 the same\n" in told
    assert compare(both, both)[0] == 0


def test_a_required_gate_that_is_no_longer_judged_is_worse(compare: Compare) -> None:
    without = replace(GO, gates=tuple(gate for gate in GO.gates if gate is not P99))
    optional = replace(GO, gates=(*without.gates, replace(P99, required=False)))

    status, told = compare(GO, without)

    assert status == 1
    assert " - CUT203 p99   POST /api/login   no longer judged, was pass" in told
    assert compare(optional, without)[0] == 0
    assert compare(without, GO)[0] == 0


def test_latency_is_compared_by_ratios_never_by_milliseconds(compare: Compare) -> None:
    (row,) = GO.latency
    assert row.candidate is not None
    slow = replace(row, candidate=replace(row.candidate, p50_ms=Interval(900.0, 800.0, 999.0)))
    apart = replace(row, p50_ratio=Interval(1.2, 1.15, 1.25))

    assert "latency" not in compare(GO, replace(GO, latency=(slow,)))[1]
    status, told = compare(GO, replace(GO, latency=(apart,)))
    assert "pass → pass   P50 ratio 1.03 [1.01, 1.05] → 1.20 [1.15, 1.25]" in told
    assert status == 0


def test_two_targets_are_told_apart(compare: Compare) -> None:
    _, told = compare(GO, replace(GO, target="local"))

    assert "! two targets are compared: staging and local\n" in told


def test_json_has_it_all(compare: Compare) -> None:
    status, told = compare(GO, NO_GO, "--json")

    changes = json.loads(told)
    assert status == 1
    assert changes["old"]["verdict"] == "GO"
    assert [finding["id"] for finding in changes["findings"]["new"]] == ["1a2b3c4d"]
    assert changes["gates"][0]["after"]["verdict"] == "fail"
    assert changes["latency"][0]["before"]["p50_ratio"] == [1.03, 1.01, 1.05]
    assert changes["worse"][0] == "the verdict went from GO to NO-GO"
    assert told.isascii()


def test_markdown_says_first_whether_it_is_worse(compare: Compare) -> None:
    _, told = compare(GO, NO_GO, "--markdown")

    assert told.startswith("## cutover: GO → NO-GO\n\n⚠️ worse: the verdict went from GO")
    assert "### Findings: 1 new, 0 gone, 0 changed, 1 the same" in told
    assert "| 🆕 new | <code>1a2b3c4d</code> | <code>POST /api/lots</code> | type |" in told
    assert "✅ not worse than before" in compare(NO_GO, GO, "--markdown")[1]


@pytest.mark.parametrize("nasty", NASTY)
def test_hostile_text_acts_neither_on_the_terminal_nor_in_a_comment(
    compare: Compare, nasty: str
) -> None:
    old = replace(filled(nasty), verdict=Verdict.GO)
    new = replace(
        old,
        findings=tuple(replace(one, id="x", signature="x" + nasty) for one in old.findings),
        gates=tuple(
            replace(one, verdict=GateVerdict.FAIL, observed=nasty * 2) for one in old.gates
        ),
    )
    plain = replace(filled("x"), verdict=Verdict.GO)
    harmless = replace(
        plain,
        findings=tuple(replace(one, id="x", signature="xx") for one in plain.findings),
        gates=tuple(replace(one, verdict=GateVerdict.FAIL) for one in plain.gates),
    )

    assert acting(compare(old, new)[1]) == []
    told = compare(old, new, "--markdown")[1]
    assert acting(told) == []
    assert shape(told) == shape(compare(plain, harmless, "--markdown")[1])


def test_a_file_that_is_no_report_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gate.json").write_text('{"a": 1}', encoding="utf-8")

    assert main(["compare", str(tmp_path), str(tmp_path / "none.json")]) == 4
    assert "no gate report: it has no 'version'" in capsys.readouterr().err
