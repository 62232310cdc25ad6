"""Nothing that the contract documents goes without a row: a hole in the suite is a failed test."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from .matrix import DECISIONS, ELSEWHERE, LOGIN, LOTS, Lexeme, NewCode, Row, rows

CONTRACT = yaml.safe_load(
    Path(__file__).parents[2].joinpath("contract/openapi.yaml").read_text("utf-8")
)
# FastAPI's word for what Express answers with 400: one row asks both.
OF_THE_CANDIDATE = {422}
SCHEMAS = {LOGIN: "Login", LOTS: "LotCreate", DECISIONS: "QCDecisionCreate"}
METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


def documented() -> list[tuple[str, int]]:
    return [
        (f"{method.upper()} {path}", int(status))
        for path, item in CONTRACT["paths"].items()
        for method in METHODS & set(item)
        for status in item[method]["responses"]
        if int(status) not in OF_THE_CANDIDATE
    ]


def fields() -> list[Any]:
    return [
        pytest.param(operation, name, resolved(schema), id=f"{operation.rsplit('/')[-1]}-{name}")
        for operation, component in SCHEMAS.items()
        for name, schema in CONTRACT["components"]["schemas"][component]["properties"].items()
    ]


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a field with its references followed and its alternatives merged."""
    if "$ref" in schema:
        return resolved(CONTRACT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    merged = {key: value for key, value in schema.items() if key != "oneOf"}
    types = set([merged["type"]] if isinstance(merged.get("type"), str) else merged.get("type", ()))
    for part in schema.get("oneOf", ()):
        found = resolved(part)
        types |= found.pop("type")
        merged.update(found)
    return {**merged, "type": types}


def tried(operation: str, field: str, *, accepted: bool) -> list[Any]:
    """The values that rows of this outcome try in a field, codes as texts of their length."""
    return [
        number(row.value)
        for row in rows()
        if (row.operation, row.field) == (operation, field) and (row.status < 400) is accepted
    ]


def number(value: Any) -> Any:
    if isinstance(value, Lexeme):
        return float(value.text)
    return "x" * (value.length or 20) if isinstance(value, NewCode) else value


def texts(values: list[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


@pytest.mark.parametrize(
    ("operation", "status"), sorted(documented()), ids=lambda value: str(value).replace(" ", "-")
)
def test_every_documented_status_is_provoked(operation: str, status: int) -> None:
    asked = {(row.operation, row.status) for row in rows()} | set(ELSEWHERE)

    assert (operation, status) in asked


@pytest.mark.parametrize("place", sorted(set(ELSEWHERE.values())))
def test_what_is_elsewhere_is_there(place: str) -> None:
    module, name = place.removesuffix(".py").split(".py::")

    assert callable(getattr(importlib.import_module(f".{module}", __package__), name))


def test_no_row_is_about_what_is_not_documented() -> None:
    assert {(row.operation, row.status) for row in rows()} <= set(documented())


def test_rows_have_names_of_their_own() -> None:
    names = [(row.operation, row.status, row.id) for row in rows()]

    assert len(names) == len(set(names))


def holes(operation: str, field: str, schema: dict[str, Any]) -> Iterator[str]:
    """What no row tries of a field: each boundary, just inside and just outside."""
    inside = tried(operation, field, accepted=True)
    outside = tried(operation, field, accepted=False)
    # An email may be well formed and still nobody's: 401.
    well_formed = [row.value for row in rows() if row.status == 401] if field == "email" else inside
    for value in set(schema.get("enum", ())) - {v for v in inside if isinstance(v, str)}:
        yield f"no row has {value}"
    if "enum" in schema and not texts(outside):
        yield "no row has a value that is not listed"
    step = schema.get("multipleOf", 0.001)
    for bound, inwards in (("minimum", step), ("maximum", -step)):
        if bound in schema:
            if schema[bound] not in inside:
                yield f"no row is at the {bound}"
            if pytest.approx(schema[bound] + inwards) not in inside:
                yield f"no row is just inside the {bound}"
            if pytest.approx(schema[bound] - inwards) not in outside:
                yield f"no row is just outside the {bound}"
    if "multipleOf" in schema and not any(
        type(v) in (int, float) and schema["minimum"] < v < schema["maximum"] for v in outside
    ):
        yield "no row has a decimal too many"
    if "maxLength" in schema:
        longest = schema["maxLength"]
        for length in {longest - 1, longest} - {len(text) for text in texts(well_formed)}:
            yield f"no row has {length} characters"
        if longest + 1 not in {len(text) for text in texts(outside)}:
            yield f"no row has {longest + 1} characters"
    if schema.get("minLength", 0) - 1 not in {-1, *(len(text) for text in texts(outside))}:
        yield "no row is too short"
    if "format" in schema and len(texts(outside)) < 3:
        yield "fewer than three rows are ill formed"
    if None not in (inside if "null" in schema["type"] else outside):
        yield "no row is null"
    kinds: dict[str, Any] = {"string": str, "number": (int, float), "object": dict}
    own = tuple(kinds[kind] for kind in schema["type"] if kind != "null")
    if all(isinstance(v, own) for v in outside if v is not None and v is not ...):
        yield "no row is of another type"


@pytest.mark.parametrize(("operation", "field", "schema"), fields())
def test_every_constraint_has_its_rows(operation: str, field: str, schema: dict[str, Any]) -> None:
    assert list(holes(operation, field, schema)) == []


def test_notes_are_required_from_10_characters_for_hold_and_fail() -> None:
    def tried_for(decision: str) -> dict[int, set[int]]:
        found: dict[int, set[int]] = {201: set(), 400: set()}
        for row in rows():
            about_notes = row.operation == DECISIONS and row.field == "notes"
            if about_notes and row.body.get("decision") == decision and isinstance(row.value, str):
                found[row.status].add(len(row.value))
        return found

    for decision in ("HOLD", "FAIL"):
        assert {10, 11} <= tried_for(decision)[201]
        assert {0, 9} <= tried_for(decision)[400]


def test_a_row_sends_what_it_says() -> None:
    row = Row(operation=LOTS, status=201, text="x: y!", body={"a": ...}, field="a")

    assert row.id == "x-y"
