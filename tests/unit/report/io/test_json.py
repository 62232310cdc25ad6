"""gate.json: what is written satisfies the schema and can be read again."""

from __future__ import annotations

import json
import math
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_cutover.report import model
from pytest_cutover.report.io.read import ReportUnreadable, loads, read_report
from pytest_cutover.report.io.to_json import as_json, dumps, schema
from pytest_cutover.report.model import Histogram, Interval, Report
from pytest_cutover.report.truncation import bounded
from tests.unit.report.reports import ALL, FULL, GO, HEALTH, NO_GO, WEIGHT

VALIDATOR = jsonschema.Draft202012Validator(schema())
#: Text with everything in it, lone surrogates and control characters included.
HOSTILE = st.text(st.characters(codec=None), max_size=40)


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


def test_the_schema_names_every_field_of_the_model() -> None:
    definitions = {**schema()["$defs"], "Report": schema()}
    classes = [
        kind for kind in vars(model).values() if isinstance(kind, type) and is_dataclass(kind)
    ]

    assert len(classes) > 15
    for kind in classes:
        names = {field.name for field in fields(kind)}
        assert set(definitions[kind.__name__]["properties"]) == names
        assert set(definitions[kind.__name__]["required"]) == names


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
    assert loads(dumps(replace(report, latency=(), load=(), resources=(), version=1)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"version": 1, "verdict": "GO"', "not whole JSON"),
        ("", "not whole JSON"),
        ("[]", "no gate report"),
        ('{"hello": 1}', "no gate report"),
        ('{"version": 2}', "version 2, and this pytest-cutover reads version 1"),
        ('{"version": true}', "version True"),
        ('{"version": 1}', "/verdict is missing"),
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
        ("verdict", "MAYBE", "/verdict is 'MAYBE', expected one of GO, NO-GO"),
        ("target", 3, "/target is int, expected str"),
        ("surplus", 1, "/surplus is not known"),
        ("tests", {"both_sides": "3"}, "/tests/passed is missing"),
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
