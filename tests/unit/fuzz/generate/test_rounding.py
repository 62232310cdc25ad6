"""Bodies whose amounts come to a half."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from pytest_cutover.fuzz.generate.rounding import bodies

PERCENT = {"type": "integer", "minimum": 0, "maximum": 50}
PIECES = {"type": "integer", "minimum": 1, "maximum": 1000}


def _schema(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _total(price: Any, pieces: Any, percent: Any) -> Decimal:
    return Decimal(str(price)) * Decimal(pieces) * (100 - Decimal(percent)) / 100


def test_some_come_to_a_half_that_two_ways_of_rounding_take_apart() -> None:
    schema = _schema(
        price={"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"type": "string"}]},
        quantity=PIECES,
        discount=PERCENT,
    )
    made = list(bodies(schema, {"price": 1, "quantity": 1, "discount": 1}))
    totals = [_total(one["price"], one["quantity"], one["discount"]) for one in made]
    cent = Decimal("0.01")
    up = [total.quantize(cent, ROUND_HALF_UP) for total in totals]
    even = [total.quantize(cent, ROUND_HALF_EVEN) for total in totals]
    assert sum(one != other for one, other in zip(up, even, strict=True)) >= len(totals) / 2


def test_prices_that_others_have_are_asked_for_alone_and_in_fitting_numbers() -> None:
    line = _schema(item_id={"type": "string", "format": "uuid"}, quantity=PIECES)
    schema = _schema(lines={"type": "array", "items": line}, discount_percent=PERCENT)
    valid = {"lines": [{"item_id": "a", "quantity": 1}] * 2, "discount_percent": 1}
    made = list(bodies(schema, valid))
    assert made[0] == {"lines": [{"item_id": "a", "quantity": 1}], "discount_percent": 50}
    cents = {
        _total("0.25", one["lines"][0]["quantity"], one["discount_percent"]) % Decimal("0.01")
        for one in made
        if one["discount_percent"] in (10, 50)
    }
    assert cents == {Decimal("0.005")}


@pytest.mark.parametrize(
    ("known", "is_share"),
    [
        (PERCENT, True),
        ({"type": "number", "minimum": 0, "maximum": 100}, True),
        ({"type": "integer", "minimum": 0, "maximum": 5}, False),  # a rating
        ({"type": "integer", "minimum": 0}, False),
        ({"type": "integer", "minimum": 0, "maximum": 100, "enum": [0, 50]}, False),
        ({"type": "string"}, False),
    ],
)
def test_a_share_is_a_number_of_a_hundred(known: dict[str, Any], is_share: bool) -> None:
    assert bool(list(bodies(_schema(level=known), {"level": 1}))) is is_share


def test_a_share_is_also_what_is_called_one() -> None:
    assert list(bodies(_schema(taxRate={"type": "number"}), {"taxRate": 1}))
    assert not list(bodies(_schema(height={"type": "number"}), {"height": 1}))
    assert not list(bodies(_schema(height={"type": "number"}), [1]))


def test_numbers_stay_within_their_bounds() -> None:
    schema = _schema(share=PERCENT, few={"type": "integer", "minimum": 1, "maximum": 5})
    assert {one["few"] for one in bodies(schema, {"share": 1, "few": 2})} == {1, 2, 5}
