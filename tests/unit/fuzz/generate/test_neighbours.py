"""Null, another type and an id that nobody has are asked of an operation early, each on its own."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

from pytest_cutover.fuzz.generate.neighbours import bodies, nobodys

SCHEMA = {
    "type": "object",
    "required": ["name", "kind"],
    "properties": {
        "name": {"type": "string"},
        "kind": {"type": "string", "enum": ["a", "b"]},
        "size": {"type": "integer"},
        "done": {"type": "boolean"},
        "note": {"type": "string", "nullable": True},
    },
}
VALID = {"name": "x", "kind": "a", "size": 7, "done": True}


def test_all_fields_at_once_come_first() -> None:
    """A framework that converts does so everywhere: three requests tell."""
    assert list(islice(bodies(SCHEMA, VALID), 3)) == [
        {**VALID, "size": None, "done": None},
        {**VALID, "size": "7", "done": "true"},
        {**VALID, "name": 12},
    ]


def test_every_field_is_changed_alone() -> None:
    alone = list(islice(bodies(SCHEMA, VALID), 3, None))
    for one in ({"name": None}, {"kind": None}, {"size": None}, {"size": "7"}, {"name": 12}):
        assert {**VALID, **one} in alone
    assert {**VALID, "note": None} not in alone  # the document allows it: it is no neighbour


@pytest.mark.parametrize("valid", [[1], "text", None])
def test_a_body_without_fields_has_no_neighbours(valid: Any) -> None:
    assert list(bodies({"type": "array"}, valid)) == []


@pytest.mark.parametrize(
    ("value", "schema", "expected"),
    [
        ("7", {"type": "integer", "minimum": 1}, "987654321"),
        (7, {}, 987654321),
        ("7", {"type": "integer", "maximum": 9}, None),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", {}, "8f14e45f-ceea-467f-a831-5b2f9c1d7e60"),
        ("a1", {"type": "string"}, "cutover-nobody"),
        ("a1", {"type": "string", "pattern": "^a"}, None),
        ("A-01", {"type": "string", "pattern": "^[A-Z]-[0-9]{2}$", "maxLength": 4}, "Z-99"),
        (True, None, None),
    ],
)
def test_an_id_of_nobody_has_the_form_of_the_others(value: Any, schema: Any, expected: Any) -> None:
    assert nobodys(value, schema) == expected
