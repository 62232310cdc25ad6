"""Two scalar values: the same number, the same instant, near enough."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.rules import Rule
from pytest_cutover.normalize.strict_json import NOT_NUMBERS


def number_change(base: bytes, cand: bytes) -> tuple[Kind, str]:
    """How one number became another: `wire` for another spelling of the same, else `value`."""
    names = [x.decode() if x in NOT_NUMBERS else formats.format_of(x) for x in (base, cand)]
    change = f"{names[0]} → {names[1]}"
    if base in NOT_NUMBERS or cand in NOT_NUMBERS:
        return Kind.WIRE, change
    if same_number(base, cand):
        return Kind.WIRE, change
    families = f"{formats.family_of(base)} → {formats.family_of(cand)}"
    return Kind.VALUE, families


def text_change(base: str, cand: str) -> tuple[Kind, str]:
    """How one text became another.

    `format` for another spelling of one instant, `scale` for decimals that are one number, else
    `value`: a time that moved is no matter of form.
    """
    was, now = formats.family_of(base), formats.family_of(cand)
    if same_decimal(base, cand):
        return Kind.SCALE, f"{_places(base)} → {_places(cand)} decimals"
    moments = formats.instant_s(base), formats.instant_s(cand)
    if None not in moments:
        return (Kind.FORMAT if near_instant(base, cand) else Kind.VALUE), f"{was} → {now}"
    differs = was != now and {was, now}.isdisjoint({"text", "empty"})
    return (Kind.FORMAT if differs else Kind.VALUE), f"{was} → {now}"


_DECIMAL_TEXT = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def same_decimal(base: str, cand: str) -> bool:
    """Whether two texts are decimals that are equal as numbers."""
    if not (_DECIMAL_TEXT.fullmatch(base) and _DECIMAL_TEXT.fullmatch(cand)):
        return False
    return "." in base + cand and Decimal(base) == Decimal(cand)


def _places(text: str) -> int:
    return len(text.partition(".")[2])


def near_instant(base: str, cand: str) -> bool:
    """Whether two timestamps tell one instant to the coarser of their precisions."""
    left, right = formats.instant_s(base), formats.instant_s(cand)
    if left is None or right is None:
        return False
    coarser = max(formats.precision_s(base), formats.precision_s(cand))
    return abs(left - right) < coarser + 1e-6


def _decimal(value: Any) -> Decimal | None:
    if not isinstance(value, bytes) or value in NOT_NUMBERS:
        return None
    try:
        number = Decimal(value.decode())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def same_number(base: Any, cand: Any) -> bool:
    """Whether two lexemes spell one number."""
    left, right = _decimal(base), _decimal(cand)
    return left is not None and right is not None and left == right


def same_instant(base: Any, cand: Any) -> bool:
    """Whether two timestamps, in whatever zone and precision, tell one instant."""
    left, right = formats.instant_s(base), formats.instant_s(cand)
    return left is not None and right is not None and abs(left - right) < 1e-6


def within(base: Any, cand: Any, rule: Rule) -> bool:
    """Whether two numbers are as near to each other as a `tolerance` allows."""
    left, right = _decimal(base), _decimal(cand)
    if left is None or right is None:
        return False
    return abs(left - right) <= max(
        Decimal(str(rule.absolute)), Decimal(str(rule.relative)) * abs(left)
    )
