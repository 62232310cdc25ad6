"""Bodies whose amounts come to half of the last digit, where ways of rounding part. Pure.

What a share of a price comes to is rounded by whoever computes it: half up, half to even, or as a
binary number happens to fall. Most numbers come to no half at all. With 25 or 10 hundredths, some
shares and one piece they do; five and nine pieces of that come to a half again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pytest_cutover.fuzz.generate.references import words
from pytest_cutover.openapi.schema import branches, flattened

# Each with an amount of which it is a half, a digit behind the hundredths.
_SHARES: Final = ((50, 0.25), (15, 0.1), (10, 0.25), (35, 0.1))
_PIECES: Final = (1, 5, 9, 13)
_NAMES: Final = frozenset({"percent", "percentage", "pct", "discount", "rate", "tax", "vat"})
_WHOLE: Final = 100
_LEAST: Final = 10
_DEEPEST: Final = 3


def bodies(schema: Mapping[str, Any], valid: Any) -> Iterator[Any]:
    """Yield bodies like a valid one, for each share as many as there are numbers of pieces; none
    where no member is a share.
    """
    if not isinstance(valid, dict):
        return
    for share, amount in _SHARES:
        for pieces in _PIECES:
            made, has_share = _with(valid, schema, schema, (share, amount, pieces), "", 0)
            if has_share:
                yield made


def _with(
    node: Any, schema: Any, root: Any, numbers: tuple[int, float, int], name: str, depth: int
) -> tuple[Any, bool]:
    """Return a value with these numbers in the places of each kind, and whether one is a share."""
    known = flattened(schema, root)
    if depth > _DEEPEST:
        return node, False
    if isinstance(node, dict):
        properties = known.get("properties") or {}
        inner = {
            key: _with(value, properties.get(key, {}), root, numbers, key, depth + 1)
            for key, value in node.items()
        }
        return {key: made for key, (made, _) in inner.items()}, any(
            has_share for _, has_share in inner.values()
        )
    if isinstance(node, list):
        rows = [
            _with(row, known.get("items", {}), root, numbers, name, depth + 1) for row in node[:1]
        ]
        return [made for made, _ in rows], any(has_share for _, has_share in rows)
    options = branches(known, root) or [known]
    number = next((one for one in options if one.get("type") in ("integer", "number")), None)
    if number is None or isinstance(node, bool) or {"enum", "const"} & known.keys():
        return node, False
    share, amount, pieces = numbers
    is_share = _is_share(number, name)
    value: float = share if is_share else pieces if number["type"] == "integer" else amount
    if not _is_within(value, number):
        return node, False
    return value, is_share


def _is_share(schema: Mapping[str, Any], name: str) -> bool:
    """Whether a number is so many of a hundred: by its bounds, or by what it is called."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(low, int | float) and isinstance(high, int | float):
        return low == 0 and _LEAST <= high <= _WHOLE
    return not _NAMES.isdisjoint(words(name))


def _is_within(value: float, schema: Mapping[str, Any]) -> bool:
    low, high = schema.get("minimum", value), schema.get("maximum", value)
    return bool(low <= value <= high)
