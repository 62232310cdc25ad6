"""What varies in the rows of a list that a suite changes: as seen, or by form alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytest_cutover.compare.diff.texts import RANDOM
from pytest_cutover.compare.noise import constraints
from pytest_cutover.normalize.matchers import (
    EXACT,
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Pattern,
    Placeholder,
    Template,
)

# What tells a value that varies from row to row from one that varies by itself.
_BY_FORM = frozenset(
    ("uuid", "ulid", "hex", "hex-number", "jwt", "token", "timestamp", "http-date")
)
# The same inside of a text, where nothing but its form is known.
_TOLD_INSIDE = tuple(
    [f"uuid{version}" for version in (*range(1, 9), " other")]
    + [f"timestamp any {zone}{sign}" for zone in ("Z", "±hh:mm", "±hhmm", "+00:00", "no-zone")
       for sign in ("", " space")]
    + ["http-date", "ulid", "hex", "hex-number", "jwt", RANDOM]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Masks:
    """What varies: between a row that the test wrote and its partner, and of one and the same row.

    `unordered`: the baseline itself gives the rows in another order each time. `guessed`: nobody
    saw one row twice, so that its form alone says what may vary.
    """

    written: Pattern
    same: Pattern
    unordered: bool = False
    guessed: bool = False


def masks_of(mask: ArrayOf) -> Masks:
    """Return what varies in the rows: as it was seen, else what a form alone can tell."""
    if mask.row is None:
        told = _by_form(mask.item)
        return Masks(told, told, guessed=True)
    return Masks(mask.row, mask.same if mask.same is not None else EXACT, mask.unordered)


def _by_form(shape: Pattern | None) -> Pattern:
    if isinstance(shape, Placeholder):
        known = all(
            name.partition(" ")[0].rstrip("0123456789") in _BY_FORM for name in shape.formats
        )
        if known or shape.clock or shape.secret:
            # A row that was written now says so on both sides.
            return replace(shape, clock=True) if known else shape
        is_text = any(constraints.type_named(name) == "string" for name in shape.formats)
        return Placeholder(shape.formats, pieces=_TOLD_INSIDE) if is_text else EXACT
    if isinstance(shape, ObjectPattern):
        members = {key: _by_form(item) for key, item in shape.members.items()}
        return ObjectPattern(members, shape.optional)
    if isinstance(shape, ArrayOf | ArrayPattern | Template):
        return shape
    return EXACT
