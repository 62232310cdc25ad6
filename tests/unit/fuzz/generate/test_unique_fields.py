"""Which valid requests are tried first."""

from __future__ import annotations

from typing import Any

from pytest_cutover.fuzz.generate.case import Call
from pytest_cutover.fuzz.generate.unique_fields import plausible

CODE = {"anyOf": [{"type": "string", "pattern": "^[A-Z]-[0-9]$"}, {"type": "null"}]}
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "pattern": "^."}, "home": CODE, "next": CODE},
}


def _calls(*bodies: Any) -> list[Call]:
    return [Call(endpoint="POST /items", body=body) for body in bodies]


def test_a_reference_that_is_null_in_the_largest_body_has_a_value_in_one_more() -> None:
    """Rows that nobody refers to hid what becomes of a reference to nothing."""
    bases = _calls(
        {"name": "a"},
        {"name": "a", "home": "A-0"},
        {"name": "a", "home": None, "next": None},
    )
    small, large, filled = (call.body for call in plausible(bases, SCHEMA))
    assert small == {"name": "a"}
    assert large == {"name": "a", "home": None, "next": None}
    assert filled == {"name": "a", "home": "A-0", "next": None}


def test_nothing_is_added_where_nothing_is_null() -> None:
    bases = _calls({"name": "a"}, {"name": "a", "home": "A-0"})
    assert len(plausible(bases, SCHEMA)) == 2
