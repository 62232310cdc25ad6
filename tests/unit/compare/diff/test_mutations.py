"""Any single mutation is found once, with the right kind, in the right place."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_cutover.core.json_pointer import escape
from tests.unit.compare.building import brief, departures, exchange, judged, transcript

texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["RAW", "", "2025-02-03T12:00:00.000Z", "2025-02-03", "ana@plant.example", "42", "<b>",
         "1b4e28ba-2fa1-41d2-883f-0016d3cca427", "a/b~c", "/api/lots/1"]
    ),
)  # fmt: skip
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)
keys = st.one_of(st.sampled_from(["id", "name", "a/b", "m~n", "", "<x>", "0"]), st.text(max_size=5))
documents = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(keys, inner, max_size=5)),
    max_leaves=25,
)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every path of a document, the root's included."""
    found = [path]
    if isinstance(document, dict):
        for key, value in document.items():
            found += places(value, (*path, key))
    elif isinstance(document, list):
        for index, value in enumerate(document):
            found += places(value, (*path, index))
    return found


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for token in path:
        document = document[token]
    return document


def put(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    changed = copy.deepcopy(document)
    if not path:
        return value
    at(changed, path[:-1])[path[-1]] = value
    return changed


def pointer(path: tuple[Any, ...]) -> str:
    return "".join(f"/{escape(str(token))}" for token in path)


def choose(data: st.DataObject, document: Any, fits: Any) -> tuple[Any, ...]:
    found = [path for path in places(document) if fits(at(document, path))]
    assume(found)
    return data.draw(st.sampled_from(found))


def kind_of(value: Any) -> str:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return "number" if number else type(value).__name__


few = settings(max_examples=30, deadline=None)


@few
@given(documents)
def test_a_document_beside_itself_shows_nothing(document: Any) -> None:
    assert [] == departures(document, document)


@few
@given(documents)
def test_spaces_and_the_spelling_of_characters_are_no_difference(document: Any) -> None:
    loose = transcript(exchange(body=json.dumps(document, indent=1, ensure_ascii=True).encode()))
    assert [] == brief(judged(transcript(exchange(document)), loose).differences)


@few
@given(documents, scalars, st.data())
def test_another_scalar_is_found(document: Any, other: Any, data: st.DataObject) -> None:
    path = choose(data, document, lambda v: not isinstance(v, dict | list))
    old = at(document, path)
    assume(json.dumps(old) != json.dumps(other))
    found = departures(document, put(document, path, other))
    assert [pointer(path)] == [where for _, where in found]
    expected = {"type"} if kind_of(old) != kind_of(other) else {"value", "format", "identity"}
    if kind_of(old) == kind_of(other) == "number" and old == other:
        expected = {"wire"}
    assert found[0][0] in expected


@few
@given(documents, st.data())
def test_another_type_is_found(document: Any, data: st.DataObject) -> None:
    path = choose(data, document, lambda _: True)
    old = at(document, path)
    other: object = data.draw(st.sampled_from([None, True, 7, "seven", [], {}]))
    assume(kind_of(old) != kind_of(other))
    assert [("type", pointer(path))] == departures(document, put(document, path, other))


@few
@given(documents, st.data())
def test_a_missing_member_is_found(document: Any, data: st.DataObject) -> None:
    path = choose(data, document, lambda v: isinstance(v, dict) and v)
    key = data.draw(st.sampled_from(list(at(document, path))))
    less = {k: v for k, v in at(document, path).items() if k != key}
    assert [("missing", pointer((*path, key)))] == departures(document, put(document, path, less))


@few
@given(documents, keys, scalars, st.data())
def test_an_added_member_is_found(document: Any, key: str, value: Any, data: st.DataObject) -> None:
    path = choose(data, document, lambda v: isinstance(v, dict))
    assume(key not in at(document, path))
    more = {**at(document, path), key: value}
    assert [("added", pointer((*path, key)))] == departures(document, put(document, path, more))


@few
@given(documents, keys, st.data())
def test_a_renamed_member_is_missing_and_added(
    document: Any, key: str, data: st.DataObject
) -> None:
    path = choose(data, document, lambda v: isinstance(v, dict) and v)
    old = data.draw(st.sampled_from(list(at(document, path))))
    assume(key not in at(document, path))
    renamed = {key if k == old else k: v for k, v in at(document, path).items()}
    expected = [("missing", pointer((*path, old))), ("added", pointer((*path, key)))]
    assert expected == departures(document, put(document, path, renamed))


@few
@given(documents, st.data())
def test_members_in_another_order_are_no_difference(document: Any, data: st.DataObject) -> None:
    path = choose(data, document, lambda v: isinstance(v, dict) and len(v) > 1)
    turned = dict(reversed(at(document, path).items()))
    assert [] == departures(document, put(document, path, turned))


@few
@given(documents, st.data())
def test_a_shorter_array_is_one_length(document: Any, data: st.DataObject) -> None:
    path = choose(data, document, lambda v: isinstance(v, list) and v)
    index = data.draw(st.integers(0, len(at(document, path)) - 1))
    less = [v for i, v in enumerate(at(document, path)) if i != index]
    assert [("length", pointer(path))] == departures(document, put(document, path, less))


@few
@given(documents, scalars, st.data())
def test_a_longer_array_is_one_length(document: Any, extra: Any, data: st.DataObject) -> None:
    path = choose(data, document, lambda v: isinstance(v, list))
    more = list(at(document, path))
    more.insert(data.draw(st.integers(0, len(more))), extra)
    assert [("length", pointer(path))] == departures(document, put(document, path, more))


@few
@given(documents, st.data())
def test_a_reordered_array_is_one_order(document: Any, data: st.DataObject) -> None:
    path = choose(data, document, lambda v: isinstance(v, list) and len(v) > 1)
    items = at(document, path)
    turned = data.draw(st.permutations(items))
    assume(json.dumps(turned) != json.dumps(items))
    assume([json.dumps(x, sort_keys=True) for x in turned]
           != [json.dumps(x, sort_keys=True) for x in items])  # fmt: skip
    assert [("order", pointer(path))] == departures(document, put(document, path, turned))
