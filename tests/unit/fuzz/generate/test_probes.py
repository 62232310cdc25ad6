"""Which values a place is tried with: at its bounds, and almost of its pattern."""

from __future__ import annotations

from pytest_cutover.fuzz.generate.probes import bounds, near

LINE = {
    "type": "object",
    "properties": {
        "item": {"type": "string", "format": "uuid"},
        "quantity": {"type": "integer", "minimum": 1.0, "maximum": 9.0},
    },
}


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


def test_another_letter_and_another_digit_are_almost_of_a_pattern() -> None:
    found = near("Ab-01", {"type": "string", "pattern": r"^\w+-\d+$"}, {})
    assert "A\u00e9-01" in found
    assert "Ab-0\u0663" in found
    assert "\u00c9" in near("A", {"type": "string", "pattern": r"^\p{Lu}$"}, {})
    assert all(one.isascii() for one in near("--", {"type": "string", "pattern": "^-+$"}, {}))


def test_what_a_schema_refuses_by_name_is_tried() -> None:
    reserved = {"type": "string", "not": {"enum": ["admin", "root"]}}
    assert {"admin", "root"} <= set(bounds(reserved, {}))
    assert 0 in bounds({"type": "integer", "not": {"const": 0}}, {})
    assert bounds({"type": "integer", "not": {"multipleOf": 5}}, {}) == []
