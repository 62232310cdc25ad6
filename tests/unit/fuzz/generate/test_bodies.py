"""Which bodies are tried: at bounds where all the rest is taken, of unions and of lists."""

from __future__ import annotations

from itertools import islice
from typing import Any

from pytest_cutover.fuzz.generate.bodies import bodies

PRICE = {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]}


def any_is_valid(_body: Any) -> bool:
    return True


def test_bounds_are_tried_in_a_body_that_the_baseline_takes() -> None:
    schema = {
        "type": "object",
        "properties": {"price": PRICE, "notes": {"type": "string", "maxLength": 3}},
        "required": ["price"],
    }
    taken: dict[str, Any] = {"price": 1, "notes": "abc"}
    found = bodies(schema, {"price": ""}, taken, valid=any_is_valid, seed=1, taken=taken)
    first = list(islice(found, 20))
    # Whoever reads a price knows that it is a number; a text that is none hides all the rest.
    assert {"price": ""} not in first
    mixed = [one for one in first[4::2] if isinstance(one.get("price"), str)]
    assert all(one["price"].replace(".", "").replace("e", "").isdecimal() for one in mixed)


def test_each_branch_of_a_union_has_its_turn_with_its_own_bounds() -> None:
    card = {
        "type": "object",
        "required": ["by", "digits"],
        "properties": {"by": {"enum": ["card"]}, "digits": {"type": "integer", "maximum": 9}},
    }
    bank = {
        "type": "object",
        "required": ["by", "days"],
        "properties": {"by": {"enum": ["bank"]}, "days": {"type": "integer", "maximum": 30}},
    }
    one = {"by": "card", "digits": 0}
    found = bodies({"oneOf": [card, bank]}, one, one, valid=any_is_valid, seed=1, others=[one])
    first = list(islice(found, 30))
    assert {"by": "card", "digits": 9} in first
    assert {"by": "bank", "days": 30} in first


def test_a_branch_that_is_a_number_has_its_turn_too() -> None:
    number = {"type": "integer", "minimum": -100, "maximum": 100}
    of = {
        "type": "object",
        "required": ["op"],
        "properties": {"op": {"enum": ["plus", "minus"]}, "of": number},
    }
    one = {"op": "plus", "of": 0}
    found = bodies({"oneOf": [number, of]}, one, one, valid=any_is_valid, seed=1, others=[one])
    first = list(islice(found, 30))
    assert {100, 101, -100, -101} <= {body for body in first if isinstance(body, int)}
    assert any(isinstance(body, dict) and body.get("op") == "minus" for body in first)


def test_of_a_list_as_a_body_its_rows_are_varied() -> None:
    row = {"type": "object", "properties": {"quantity": {"type": "integer", "maximum": 9}}}
    base = [{"quantity": 1}]
    found = list(
        islice(bodies({"type": "array", "items": row}, base, base, valid=any_is_valid, seed=1), 12)
    )
    assert [{"quantity": 9}] in found
    assert [] in found


def test_all_texts_that_may_be_empty_are_so_at_once_and_early() -> None:
    text = {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}]}
    properties = {"code": {"type": "string"}, "notes": text, "title": text, "count": {"enum": [1]}}
    schema = {"type": "object", "required": ["code"], "properties": properties}
    base = {"code": "a", "notes": "b", "title": None, "count": 1}
    first = list(islice(bodies(schema, base, base, valid=any_is_valid, seed=1, taken=base), 4))
    assert {"code": "a", "notes": "", "title": "", "count": 1} in first
