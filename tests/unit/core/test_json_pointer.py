"""Pointers are read and written in one place: what one side writes the other reads."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.core import json_pointer
from pytest_cutover.core.json_pointer import at, get, glob, join, parse, put

trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("a/~0*1", max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.lists(st.text("a~/01 *é", max_size=4)))
def test_what_is_joined_is_parsed_again(names: list[str]) -> None:
    assert list(parse(join(names))) == names


@given(trees)
def test_every_place_is_reached_by_its_own_pointer(tree: Any) -> None:
    for depth in range(4):
        for pointer, value in glob(tree, "/*" * depth):
            assert at(tree, pointer) is value
            assert at(put(tree, pointer, "other"), pointer) == "other"


@given(trees, st.text("a/~01*"))
def test_a_place_that_is_not_there_changes_nothing(tree: Any, name: str) -> None:
    missing = f"/{json_pointer.escape(name)}/nowhere"
    if get(tree, missing, "none") == "none":
        assert put(tree, missing, 1) == tree


@pytest.mark.parametrize(
    ("pointer", "value"),
    [("", {"a": [1, {"b/c": 2}]}), ("/a/0", 1), ("/a/1/b~1c", 2), ("/a/2", None), ("/a/-1", None)],
)
def test_rfc_6901(pointer: str, value: Any) -> None:
    assert get({"a": [1, {"b/c": 2}]}, pointer) == value


def test_a_star_stands_for_any_index_or_name() -> None:
    tree = {"lots": [{"kg": 1}, {"t": 2}, {"kg": 3}], "more": {"kg": 4}}
    assert dict(glob(tree, "/lots/*/kg")) == {"/lots/0/kg": 1, "/lots/2/kg": 3}
    assert dict(glob(tree, "/*/kg")) == {"/more/kg": 4}


def test_what_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        at({"a": 1}, "/b")
