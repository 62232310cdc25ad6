"""Documents large, deep, cyclic and broken in places: what can be used is."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.fuzz.generate.cases import CaseGenerator
from pytest_cutover.fuzz.generate.operations import FuzzDocument, generatable
from pytest_cutover.openapi.read import load_document


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def document(models: dict[str, Any], **posted: Any) -> dict[str, Any]:
    answers = {"responses": {"200": {"description": "ok"}}}
    paths: dict[str, dict[str, dict[str, Any]]] = {
        f"/{name}": {"post": {"requestBody": {"content": {"application/json": {"schema": one}}}}}
        for name, one in posted.items()
    }
    for path in paths.values():
        path["post"].update(answers)
    return {
        "openapi": "3.0.3",
        "info": {"title": "large", "version": "1"},
        "paths": paths,
        "components": {"schemas": models},
    }


def loaded(folder: Path, content: dict[str, Any]) -> FuzzDocument:
    (folder / "openapi.json").write_text(json.dumps(content), "utf-8")
    return generatable(load_document("openapi.json", named_by="--cutover-schema", root=folder))


def test_a_schema_of_several_megabytes_is_read(tmp_path: Path) -> None:
    described = {"type": "string", "maxLength": 50, "description": "words " * 60}
    models = {
        f"M{number}": {
            "type": "object",
            "properties": {f"p{field}": described for field in range(40)},
        }
        for number in range(250)
    }
    posted = {f"r{number}": reference(f"M{number}") for number in range(250)}
    found = loaded(tmp_path, document(models, **posted))
    assert (tmp_path / "openapi.json").stat().st_size > 4_000_000
    assert [one.broken for one in found.operations] == [""] * 250
    assert len(list(CaseGenerator(found.operations[0], seed=0).cases(5))) == 5


def test_models_that_lead_from_one_to_the_next_are_followed(tmp_path: Path) -> None:
    models = {
        f"M{number}": {
            "type": "object",
            "properties": {"n": {"type": "integer"}, "next": reference(f"M{(number + 1) % 300}")},
        }
        for number in range(300)
    }
    before = sys.getrecursionlimit()
    found = loaded(tmp_path, document(models, first=reference("M0")))
    assert [one.broken for one in found.operations] == [""]
    assert sys.getrecursionlimit() == before


def test_one_reference_that_leads_nowhere_spoils_its_own_operation_only(tmp_path: Path) -> None:
    models = {"Good": {"type": "object"}, "Bad": {"allOf": [reference("Gone")]}}
    found = loaded(tmp_path, document(models, good=reference("Good"), bad=reference("Bad")))
    broken = {one.endpoint: one.broken for one in found.operations}
    assert broken["POST /good"] == ""
    assert "Gone" in broken["POST /bad"]


def test_a_model_that_holds_itself_can_be_generated(tmp_path: Path) -> None:
    node = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "children": {"type": "array", "items": reference("Node")},
        },
    }
    found = loaded(tmp_path, document({"Node": node}, nodes=reference("Node")))
    cases = list(CaseGenerator(found.operations[0], seed=0).cases(20))
    assert len(cases) == 20


def test_a_model_that_must_hold_itself_without_end_is_no_crash(tmp_path: Path) -> None:
    endless = {
        "type": "object",
        "required": ["self"],
        "properties": {"self": reference("Endless")},
    }
    found = loaded(tmp_path, document({"Endless": endless}, endless=reference("Endless")))
    cases = list(CaseGenerator(found.operations[0], seed=0).cases(10))
    assert all(case.calls for case in cases)


def test_a_reference_to_itself_alone_is_no_crash(tmp_path: Path) -> None:
    found = loaded(tmp_path, document({"Loop": reference("Loop")}, loop=reference("Loop")))
    (one,) = found.operations
    assert one.broken or list(CaseGenerator(one, seed=0).cases(3)) is not None


@pytest.mark.parametrize(("style", "name"), [({}, "page"), ({"style": "deepObject"}, "at[page]")])
def test_the_members_of_an_object_in_the_query_are_asked_for_one_by_one(
    tmp_path: Path, style: dict[str, str], name: str
) -> None:
    """The page of a `Pageable` was 0 in nearly every request: a second page was hardly read."""
    schema = {"type": "object", "properties": {"page": {"type": "integer", "minimum": 0}}}
    asked = {"name": "at", "in": "query", "schema": schema, **style}
    paths = {"/books": {"get": {"parameters": [asked], "responses": {"200": {"description": ""}}}}}
    contents = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "paths": paths}
    (operation,) = loaded(tmp_path, contents).operations
    cases = list(CaseGenerator(operation, seed=0).cases(8))
    assert ((name, "1"),) in [case.calls[0].query for case in cases]


def test_a_form_is_filled_in_with_each_value_and_with_wrong_ones(tmp_path: Path) -> None:
    fields = {
        "size": {"type": "string", "enum": ["small", "large"]},
        "count": {"type": "integer", "minimum": 1, "maximum": 9},
    }
    schema = {"type": "object", "required": ["size"], "properties": fields}
    form = {"application/x-www-form-urlencoded": {"schema": schema}}
    content = document({})
    content["paths"] = {
        "/pizzas": {
            "post": {
                "requestBody": {"required": True, "content": form},
                "responses": {"201": {"description": "ok"}},
            }
        }
    }
    [operation] = loaded(tmp_path, content).operations

    cases = list(CaseGenerator(operation, seed=0).cases(20))
    sent = {case.calls[0].body: case.calls[0].rest_valid for case in cases}

    assert sent[b"size=small&count=9"] is True
    assert sent[b"size=large"] is True
    assert sent[b"size=small&count=10"] is False
    assert sent[b"size=SMALL"] is False
