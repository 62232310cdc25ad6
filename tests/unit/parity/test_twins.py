"""Answers that are read together show the same as answers that are read one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.parity import sameness, twins
from pytest_cutover.parity.pattern import Same
from pytest_cutover.parity.rules import Mode, Rule, Rules
from pytest_cutover.parity.twins import Twins
from pytest_cutover.parity.wire import read_json

from .building import brief, exchange, judged, transcript
from .test_mutations import at, documents, places, put, scalars

few = settings(max_examples=60, deadline=None)


def whole(tree: Any) -> Any:
    """The tree with what was not read, read."""
    if isinstance(tree, Same):
        return read_json(bytes(tree.raw)).tree
    if isinstance(tree, dict):
        return {key: whole(value) for key, value in tree.items()}
    return [whole(item) for item in tree] if isinstance(tree, list) else tree


@pytest.fixture(autouse=True, scope="module")
def _small_documents_too() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sameness, "SHORTEST", 0)
        patch.setattr(twins, "_PIECE", 0)
        yield


def spellings() -> st.SearchStrategy[Callable[[Any], bytes]]:
    compact: Callable[[Any], bytes] = lambda d: json.dumps(d, separators=(",", ":")).encode()  # noqa: E731
    wide: Callable[[Any], bytes] = lambda d: json.dumps(d, indent=2, ensure_ascii=False).encode(  # noqa: E731
        "utf-8", "surrogatepass"
    )
    return st.sampled_from([compact, wide])


@few
@given(documents, documents, spellings(), spellings(), scalars, st.data())
def test_both_trees_are_what_each_document_holds(
    one: Any,
    other: Any,
    write: Callable[[Any], bytes],
    write_again: Callable[[Any], bytes],
    new: Any,
    data: st.DataObject,
) -> None:
    path = data.draw(st.sampled_from(places(one)))
    for right in (other, put(one, path, new)):
        left_body, right_body = write(one), write_again(right)
        pair = Twins(left_body, right_body)
        for read, body in ((pair.left, left_body), (pair.right, right_body)):
            expected, found = read_json(body), read(body)
            assert (expected.tree, expected.problems) == (whole(found.tree), found.problems)
            assert list(expected.tree if isinstance(expected.tree, dict) else ()) == list(
                found.tree if isinstance(found.tree, dict) else ()
            )


@few
@given(documents, scalars, st.data())
def test_the_findings_are_the_same(document: Any, new: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(places(document)))
    other = put(document, path, new)
    pair = [transcript(exchange(one)) for one in (document, other)]
    together = judged(pair[0], pair[1]).differences
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sameness, "SHORTEST", 10**9)
        assert judged(pair[0], pair[1]).differences == together


@few
@given(st.lists(documents, max_size=5), st.lists(documents, max_size=1), st.data())
def test_the_findings_are_the_same_when_items_move_come_or_go(
    items: list[Any], new: list[Any], data: st.DataObject
) -> None:
    others = data.draw(st.permutations(items))
    at_most = data.draw(st.integers(0, len(others)))
    others = others[:at_most] + new + others[at_most + data.draw(st.integers(0, 1)) :]
    pair = [transcript(exchange({"inside": one, "by": 1})) for one in (items, others)]
    together = brief(judged(pair[0], pair[1]).differences)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sameness, "SHORTEST", 10**9)
        assert brief(judged(pair[0], pair[1]).differences) == together


def test_large_items_in_another_order_are_one_order() -> None:
    first, second, third = ({"name": n, "many": [1] * 9, "of": {"n": m}} for n, m in
                            (("a", 1), ("b", 1), ("c", 2)))  # fmt: skip
    pair = [transcript(exchange(one)) for one in ([first, second, third], [second, third, first])]
    assert [("order", "")] == brief(judged(pair[0], pair[1]).differences)


BAD = [
    b'{"a": [1, 2], "b": 1, "a": [1, 2]}',
    b'{"a": [1, 2], "b": 1, "b": 1}',
    b'{"a": [1, 2], "b": NaN}',
    b'{"a": [1, 2], "b": 1} x',
    b'{"a": [1, 2], "b": 1',
    b'{"a": [1, 2], "b": "\xff"}',
    b'\xef\xbb\xbf{"a": [1, 2], "b": 1}',
    b'{"a": [1, 2], "b": 1,}',
    b'{"a": [1, 2], "b": 01}',
    b'{"a": [1, 2], "b": "\x01"}',
    b'{"\\u0061": [1, 2], "a": [1, 2], "b": 1}',
    b'{"a": [[' + b"[" * 140 + b"]" * 140 + b'], 2], "b": 1}',
]


@pytest.mark.parametrize("bad", BAD)
def test_what_is_wrong_on_the_wire_is_named_though_most_is_the_same(bad: bytes) -> None:
    good = transcript(exchange(body=b'{"a": [1, 2], "b": 1}'))
    wrong = transcript(exchange(body=bad))
    found = judged(good, wrong).differences
    assert "wire" in {kind for kind, _ in brief(found)}


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (b"[[1, 2], 1]", b"[[1, 2], true]", "type"),
        (b"[[1, 2], 500]", b"[[1, 2], 500.0]", "wire"),
        (b"[[1, 2], 9007199254740993]", b"[[1, 2], 9007199254740992]", "value"),
        (b"[[1, 2], 0]", b"[[1, 2], -0]", "wire"),
    ],
)
def test_numbers_keep_their_spelling(left: bytes, right: bytes, expected: str) -> None:
    pair = [transcript(exchange(body=body)) for body in (left, right)]
    assert [(expected, "/1")] == brief(judged(pair[0], pair[1]).differences)


def test_a_rule_looks_inside_of_what_is_the_same() -> None:
    rules = Rules((Rule("/a/*", Mode.UNORDERED),))
    one = transcript(exchange({"a": [[1, 2]], "b": 1}))
    other = transcript(exchange({"a": [[1, 2]], "b": 2}))
    found = judged(one, other, rules=rules)
    assert ([("value", "/b")], {rules.rules[0].id}) == (brief(found.differences), found.rules_used)


def test_an_excerpt_shows_what_was_not_read() -> None:
    one = transcript(exchange({"a": [1, 2]}))
    other = transcript(exchange({"a": [1, 2], "b": 1}, status=500))
    found = judged(one, other).differences
    assert '200 {"a": [1, 2]}' == found[0].baseline
    assert '500 {"a": [1, 2], "b": 1}' == found[0].candidate


def at_least_one_is_same(tree: Any) -> bool:
    return any(isinstance(at(tree, path), Same) for path in places(tree))


def test_what_is_the_same_is_one_object() -> None:
    pair = Twins(b'{"a": [1, 2], "b": 1}', b'{"a": [1, 2], "b": 2}')
    left, right = pair.left(b"").tree, pair.right(b"").tree
    assert isinstance(left, dict)
    assert isinstance(right, dict)
    assert left["a"] is right["a"]
    assert at_least_one_is_same(left)
