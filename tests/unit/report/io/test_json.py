"""gate.json: what is written satisfies its schema and can be read again, by later versions too."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_cutover.report.io import schema
from pytest_cutover.report.io.gate_json import (
    ReportUnreadable,
    as_json,
    dumps,
    loads,
    read_report,
)
from pytest_cutover.report.measured import Histogram, Interval
from pytest_cutover.report.model import Report
from pytest_cutover.report.truncation import bounded
from tests.unit.report.reports import ALL, FULL, GO, HEALTH, NO_GO, WEIGHT

SCHEMAS = Path(schema.__file__).parents[1]


def shipped(version: int) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / f"gate.v{version}.schema.json").read_text())
    return found


VALIDATOR = jsonschema.Draft202012Validator(shipped(2))
#: A gate.json that pytest-cutover 0.1 wrote, of a run against two small servers.
OF_VERSION_1 = Path(__file__).with_name("gate.v1.json")
#: Text with everything in it, lone surrogates and control characters included.
HOSTILE = st.text(st.characters(codec=None), max_size=40)


def test_the_schema_is_the_one_that_the_types_give() -> None:
    written = (SCHEMAS / schema.SCHEMA_NAME).read_text("utf-8")

    assert schema.text() == written, "python -m pytest_cutover.report.io.schema writes it anew"
    jsonschema.Draft202012Validator.check_schema(shipped(2))


def test_the_schema_says_what_will_never_change() -> None:
    whole = shipped(2)
    gate = whole["$defs"]["Gate"]

    assert {"version", "verdict", "target", "phase", "gates"} <= set(whole["required"])
    assert {"id", "code", "verdict"} <= set(gate["required"])
    assert {"GO", "NO-GO", "INCONCLUSIVE", "PARTIAL"} == set(whole["$defs"]["Verdict"]["enum"])
    assert {"pass", "fail", "inconclusive"} == set(whole["$defs"]["GateVerdict"]["enum"])


def test_the_schema_of_version_1_stays_as_it_was_shipped() -> None:
    content = (SCHEMAS / "gate.v1.schema.json").read_bytes()

    assert hashlib.sha256(content).hexdigest() == (
        "9dd75264be4bf6272d3afdaf02934bd91b16725db0669ca908e1da00eed19167"
    )


def test_a_report_of_version_1_is_read() -> None:
    document = json.loads(OF_VERSION_1.read_text("utf-8"))
    jsonschema.Draft202012Validator(shipped(1)).validate(document)

    report = read_report(OF_VERSION_1)

    # What version 1 did not have.
    lists = ("generated", "account", "blockers", "causes", "violations", "remembered", "exchanges")
    later: dict[str, object] = {name: [] for name in lists} | {"requests": 0, "narrowed": ""}
    later["exchanges_left_out"] = 0
    for finding in document["findings"]:
        finding |= {"values": None, "severity": 0, "explanation": ""}
    for gate in document["gates"]:
        gate |= {"severity": 0, "because": ""}
    assert {**document, **later, "version": 1} == as_json(report)
    assert len(report.findings) == 3
    assert report.latency


def test_a_member_of_a_later_version_is_ignored_and_one_of_its_own_has_its_default() -> None:
    document = as_json(NO_GO)
    document["weather"] = [{"id": "x"}]
    document["gates"][0]["mood"] = "high"
    del document["notes"], document["gates"][0]["nodeids_total"]

    VALIDATOR.validate(document)
    read = loads(json.dumps(document))

    assert read.verdict == NO_GO.verdict
    assert [gate.code for gate in read.gates] == [gate.code for gate in NO_GO.gates]
    assert read.notes == ()


@pytest.mark.parametrize("report", [*ALL.values(), FULL], ids=lambda report: report.verdict)
def test_a_report_satisfies_the_schema_and_comes_back_equal(report: Report) -> None:
    text = dumps(report)

    VALIDATOR.validate(json.loads(text))
    assert loads(text) == bounded(report)


def test_version_and_verdict_stand_first() -> None:
    assert list(as_json(NO_GO))[:2] == ["version", "verdict"]


def test_the_text_is_ascii_so_that_printing_it_is_harmless() -> None:
    report = replace(GO, notes=("\x1b[31mred\u202e \ud800 ✗",))

    assert dumps(report).isascii()
    assert loads(dumps(report)).notes == report.notes


def test_values_that_json_cannot_hold_become_null() -> None:
    row = replace(HEALTH, p50_ratio=Interval(1.0, math.nan, math.inf))

    document = json.loads(dumps(replace(GO, latency=(row,))))

    VALIDATOR.validate(document)
    assert document["latency"][0]["p50_ratio"] == {"estimate": 1.0, "lower": None, "upper": None}


def test_the_size_grows_with_findings_and_not_with_occurrences() -> None:
    many = tuple(f"tests/test_x.py::test_{number}" for number in range(10_000))
    finding = replace(WEIGHT, nodeids=many, occurrences=10_000, baseline="x" * 1_000_000)

    document = as_json(replace(GO, findings=(finding,)))

    written = document["findings"][0]
    assert len(written["nodeids"]) == 50
    assert written["nodeids_total"] == 10_000
    assert written["baseline"].endswith("… (1000000 characters)")
    assert len(dumps(replace(GO, findings=(finding,)))) < 40_000


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=40, deadline=None)
@given(st.builds(Report, notes=st.tuples(HOSTILE), environment=st.dictionaries(HOSTILE, HOSTILE)))
def test_any_report_can_be_read_again(report: Report) -> None:
    assert loads(dumps(replace(report, latency=(), load=(), resources=(), version=2)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"version": 1, "verdict": "GO"', "not whole JSON"),
        ("", "not whole JSON"),
        ("[]", "no gate report"),
        ('{"hello": 1}', "no gate report"),
        ('{"version": 3}', "version 3, and this pytest-cutover reads 1 and 2"),
        ('{"version": true}', "version True"),
        ('{"version": 1}', "missing required field `verdict`. Expected the shape of gate.v1"),
        ('{"version": 2}', "missing required field `verdict`. Expected the shape of gate.v2"),
        ("[" * 100_000, "not whole JSON"),
    ],
)
def test_an_unreadable_report_says_why_and_what_to_do(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "gate.json"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ReportUnreadable, match=r"gate\.json") as raised:
        read_report(path)

    assert message in str(raised.value)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("verdict", "MAYBE", "Invalid enum value 'MAYBE' - at `$.verdict`"),
        ("target", 3, "Expected `str`, got `int` - at `$.target`"),
        ("tests", {"both_sides": "3"}, "Expected `int`, got `str` - at `$.tests.both_sides`"),
        ("gates", [{"id": "x"}], "missing required field `code` - at `$.gates[0]`"),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object, message: str) -> None:
    document = {**as_json(GO), field: value}

    with pytest.raises(ReportUnreadable) as raised:
        loads(json.dumps(document))

    assert message in str(raised.value)


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ReportUnreadable, match="cannot be read"):
        read_report(tmp_path / "gate.json")


def test_a_histogram_survives() -> None:
    row = HEALTH
    assert row.candidate is not None
    assert isinstance(row.candidate.histogram, Histogram)
    read = loads(dumps(replace(GO, latency=(row,)))).latency[0]
    assert read == row
