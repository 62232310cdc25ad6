"""What stands at a place of a document is the same where the rest of it stays unread."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.diff.taken_apart import TakenApart, Unclear
from pytest_cutover.core import json_pointer
from pytest_cutover.normalize.strict_json import read_json

_LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=4)
_NAMES = st.text(alphabet='ab/~"é0', max_size=2)
_DOCUMENTS = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=12,
)


def places(tree: Any, above: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    below = dict(enumerate(tree)) if isinstance(tree, list) else tree
    found = [above, (*above, "none"), (*above, "9")]
    for name, item in below.items() if isinstance(below, dict) else ():
        found += places(item, (*above, str(name)))
    return found


@given(_DOCUMENTS, st.booleans())
def test_a_place_holds_what_the_whole_document_has_there(document: Any, spaced: bool) -> None:
    body = json.dumps(document, indent=1 if spaced else None, ensure_ascii=False).encode()
    tree, parts = read_json(body).tree, TakenApart(body)
    for names in places(document):
        assert parts.at(names) == json_pointer.get(tree, json_pointer.join(names))


def test_a_member_that_comes_twice_is_not_told_apart() -> None:
    with pytest.raises(Unclear):
        TakenApart(b'{"a":{"b":1},"a":{"b":2}}').at(("a", "b"))
