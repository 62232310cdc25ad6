"""What stands within a value is varied too: in lists, tuples, maps, unions and recursion."""

from __future__ import annotations

from typing import Any

from pytest_cutover.fuzz.generate.inside import example, within

LINE = {
    "type": "object",
    "properties": {
        "item": {"type": "string", "format": "uuid"},
        "quantity": {"type": "integer", "minimum": 1.0, "maximum": 9.0},
    },
}
LINES = {"type": "array", "items": LINE, "maxItems": 3}
ONE = {"item": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "quantity": 1}


def test_two_rows_that_are_not_alike_come_before_the_bounds_of_a_list() -> None:
    found = within(LINES, LINES, [ONE])
    first = found[0]
    assert len(first) == 2
    assert first[0]["quantity"] != first[1]["quantity"]
    assert [] in found
    assert [ONE] * 3 in found
    assert [ONE] * 4 in found


def test_each_place_of_a_tuple_has_its_own_bounds() -> None:
    degrees = [
        {"type": "number", "minimum": -90, "maximum": 90},
        {"type": "number", "minimum": -180, "maximum": 180},
    ]
    pair = {"type": "array", "prefixItems": degrees, "items": False}
    found = within(pair, pair, [0.0, 0.0])
    assert [90, 0.0] in found[:8]
    assert [0.0, 180] in found[:8]
    assert [0.0] in found
    assert {len(one) for one in found} == {0, 1, 2, 3}


def test_one_item_of_a_list_of_numbers_is_at_their_bounds() -> None:
    grades = {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 6}}
    found = within(grades, grades, [2, 3])
    assert [6, 3] in found
    assert [7, 3] in found


def test_a_thing_that_holds_another_of_its_kind_is_tried_with_fewer_and_with_more() -> None:
    root: dict[str, Any] = {
        "defs": {"tree": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"enum": ["oak", "elm"]}, "parent": {"$ref": "#/defs/tree"}},
        }}
    }  # fmt: skip
    tree = {"$ref": "#/defs/tree"}
    found = within(tree, root, {"kind": "oak", "parent": {"kind": "oak"}})
    assert {"kind": "oak"} in found
    assert any("parent" in one.get("parent", {}) for one in found)
    assert example(tree, root)["parent"]["parent"]["kind"] == "oak"


def test_an_empty_list_deep_inside_is_tried_with_one_row() -> None:
    reply = {
        "type": "object",
        "required": ["text"],
        "properties": {
            "text": {"type": "string"},
            "replies": {"type": "array", "items": {"$ref": "#/defs/reply"}},
        },
    }
    root: dict[str, Any] = {"defs": {"reply": reply}}
    taken = [{"text": "a", "replies": []}]
    found = within(reply["properties"]["replies"], root, taken)  # type: ignore[index]
    assert any(row.get("replies") for rows in found for row in rows)
    # A list that has a row is not tried as it was.
    assert taken not in found


def test_a_map_is_tried_with_a_key_that_nobody_documented() -> None:
    prices = {"type": "object", "additionalProperties": {"type": "integer", "maximum": 500}}
    found = within(prices, prices, {})
    assert {"cutover": 500} in found
    assert [len(one) for one in found[:2]] == [1, 2]
    assert "ü" in {key for one in found for key in one}


def test_a_map_of_anything_is_left_alone() -> None:
    schema = {"type": "object", "additionalProperties": True}
    assert within(schema, schema, {}) == []


def test_each_branch_of_a_union_is_tried() -> None:
    card = {"properties": {"by": {"const": "card"}, "digits": {"type": "integer", "maximum": 9}}}
    bank = {"properties": {"by": {"const": "bank"}, "days": {"type": "integer", "maximum": 30}}}
    union = {"oneOf": [card, bank]}
    found = within(union, union, {"by": "card", "digits": 1})
    assert {"by": "card", "digits": 9} in found
    assert {"by": "bank", "days": 30} in found
