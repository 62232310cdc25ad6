"""Objects whose keys are ids, of whatever form, and those whose keys are members."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.compare.noise.lists.keyed_objects import is_keyed


def entries(*keys: str, name: str = "id") -> dict[str, Any]:
    return {key: {name: key, "price": 10} for key in keys}


@pytest.mark.parametrize(
    ("seeded", "first", "again"),
    [
        ("1", "2", "3"),
        ("urn:lot:1", "urn:lot:2", "urn:lot:3"),
        ("LOT:00001", "LOT:00002", "LOT:00003"),
        ("acme/lots/1", "acme/lots/2", "acme/lots/3"),
    ],
)
def test_entries_that_say_their_key_is_their_id_are_rows(
    seeded: str, first: str, again: str
) -> None:
    assert is_keyed(entries(seeded, first), entries(seeded, first, again))
    assert is_keyed(entries(seeded, first), entries(seeded, again))


def test_members_are_none() -> None:
    assert not is_keyed(entries("wood", "iron"), entries("wood", "iron", "clay", name="name"))
    assert not is_keyed(entries("a:b", name="name"), entries("a:b", "a:c", name="name"))
