"""What bodies are tried: what is within lists, at bounds, and almost of a pattern."""

from __future__ import annotations

from itertools import islice
from typing import Any

from pytest_cutover.fuzz.generate.probes import bodies, bounds, near, within

LINE = {
    "type": "object",
    "properties": {
        "item": {"type": "string", "format": "uuid"},
        "quantity": {"type": "integer", "minimum": 1.0, "maximum": 9.0},
    },
}
LINES = {"type": "array", "items": LINE, "maxItems": 3}
ONE = {"item": "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "quantity": 1}
PRICE = {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]}


def test_two_rows_that_are_not_alike_come_before_the_bounds_of_a_list() -> None:
    found = within(LINES, LINES, [ONE])
    first = found[0]
    assert len(first) == 2
    assert first[0]["quantity"] != first[1]["quantity"]
    assert [] in found
    assert [ONE] * 3 in found
    assert [ONE] * 4 in found


def test_the_bound_of_a_whole_number_is_one_however_it_is_written() -> None:
    found = bounds(LINE["properties"]["quantity"], LINE)  # type: ignore[index]
    assert [type(one) for one in found] == [int] * 4


def test_no_text_at_all_is_the_lower_bound_where_none_is_given() -> None:
    assert "" in bounds({"type": "string", "maxLength": 5}, {})
    assert "" not in bounds({"type": "string", "pattern": "^a"}, {})


def test_lists_of_texts_are_out_of_order_and_as_long_as_may_be() -> None:
    found = bounds({"type": "array", "items": {"type": "string"}, "maxItems": 2}, {})
    assert found[0] == sorted(found[0], reverse=True)
    assert len(found[0]) == 2
    assert {len(one) for one in found} == {0, 2, 3}


def test_almost_of_a_pattern() -> None:
    found = near("A-01", {"type": "string", "pattern": "^[A-Z]-[0-9]{2}$"}, {})
    assert "a-01" in found
    assert "A-01\n" in found
    assert near("A-01", {"type": "string"}, {}) == []


def test_bounds_are_tried_in_a_body_that_the_baseline_takes() -> None:
    schema = {
        "type": "object",
        "properties": {"price": PRICE, "notes": {"type": "string", "maxLength": 3}},
        "required": ["price"],
    }
    taken: dict[str, Any] = {"price": 1, "notes": "abc"}
    found = bodies(schema, {"price": ""}, taken, valid=lambda _body: True, seed=1, taken=taken)
    first = list(islice(found, 20))
    # Whoever reads a price knows that it is a number; a text that is none hides all the rest.
    assert {"price": ""} not in first
    mixed = [one for one in first[3::2] if isinstance(one.get("price"), str)]
    assert all(one["price"].replace(".", "").replace("e", "").isdecimal() for one in mixed)
