"""Answers that are read together show the same as answers that are read one by one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import DecodeError, Raw
from msgspec.json import Decoder

from pytest_cutover.compare.diff import fast_path, paired_parse
from pytest_cutover.compare.diff.paired_parse import PairedParse, read_whole
from pytest_cutover.compare.diff.taken_apart import TakenApart
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.compare.noise.rules import Mode, Rule, Rules
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.strict_json import read_json
from tests.unit.compare.building import Plant, brief, exchange, judged, transcript
from tests.unit.compare.diff.test_mutations import at, documents, places, put, scalars

few = settings(max_examples=60, deadline=None)


@pytest.fixture(autouse=True, scope="module")
def _small_documents_too() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_path, "SHORTEST", 0)
        patch.setattr(paired_parse, "_PIECE", 0)
        yield


def spellings() -> st.SearchStrategy[Callable[[Any], bytes]]:
    compact: Callable[[Any], bytes] = lambda d: json.dumps(d, separators=(",", ":")).encode()  # noqa: E731
    wide: Callable[[Any], bytes] = lambda d: json.dumps(d, indent=2, ensure_ascii=False).encode(  # noqa: E731
        "utf-8", "surrogatepass"
    )
    return st.sampled_from([compact, wide])


_SOME_ITEMS = st.lists(
    st.sampled_from(["1", "12", "2", '"a,1"', "[1,2]", '{"a":[1,2]}', "null"]), max_size=40
)
_EDITS = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.integers(0, 2),
        st.lists(st.sampled_from(["1", "12", " 2 ", '"a,1"', "[1,2]", "", "[1", "2]", "1,2"])),
    ),
    max_size=4,
)


@settings(max_examples=400, deadline=None)
@given(_SOME_ITEMS, _EDITS, st.sampled_from(["]", "", "]]", "] ", ",]"]))
def test_the_items_of_an_array_beside_another_are_what_they_are_alone(
    items: list[str], edits: list[tuple[int, int, list[str]]], end: str
) -> None:
    others = list(items)
    for place, gone, come in edits:
        others[place : place + gone] = come
    left, right = f"[{','.join(items)}]".encode(), f"[{','.join(others)}{end}".encode()
    read = Decoder(list[Raw]).decode
    try:
        expected = read(right)
    except DecodeError:
        with pytest.raises(DecodeError):
            paired_parse._items_beside(read(left), left, right)
    else:
        assert paired_parse._items_beside(read(left), left, right) == expected


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (b"[1,2,3]", b"[1,3]"),
        (b"[1,1,1]", b"[1,1]"),
        (b"[1,2,3]", b"[1,2,2,3]"),
        (b"[1,2,3]", b"[1,]"),
        (b"[1,2,3]", b"[1,,3]"),
        (b"[1,2,3]", b"[1, ,3]"),
        (b"[1,2,3]", b"[1,2],[2,3]"),
        (b'["a,b","c"]', b'["a","b","c"]'),
        (b'{"a":12,"b":3}', b'{"a":123,"b":3}'),
        (b'{"a":12,"b":3}', b'{"a":12,"a":3}'),
        (b'{"a":[1],"b":3}', b'{"a":[1],"c":1,"b":3}'),
        (b'{"a":1,"b":3}', b'{"a":,"b":3}'),
        (b'{"\xc3\xa9":1,"b":3}', b'{"\xc3\xa9":2,"b":3}'),
    ],
)
def test_what_is_equal_at_both_ends_is_no_more_and_no_less_than_it_is(
    left: bytes, right: bytes
) -> None:
    pair = PairedParse(TakenApart(left), TakenApart(right))
    for read, body in ((pair.left, left), (pair.right, right)):
        expected, found = read_json(body), read(body)
        assert read_whole(found.tree) == expected.tree
        assert found.problems == expected.problems


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
        pair = PairedParse(TakenApart(left_body), TakenApart(right_body))
        for read, body in ((pair.left, left_body), (pair.right, right_body)):
            expected, found = read_json(body), read(body)
            assert (expected.tree, expected.problems) == (read_whole(found.tree), found.problems)
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
        patch.setattr(fast_path, "SHORTEST", 10**9)
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
        patch.setattr(fast_path, "SHORTEST", 10**9)
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
    assert [("value", "/b")] == brief(found.differences)
    assert set(found.rules_used) == {rules.rules[0].id}


def test_an_excerpt_shows_what_was_not_read() -> None:
    one = transcript(exchange({"a": [1, 2]}))
    other = transcript(exchange({"a": [1, 2], "b": 1}, status=500))
    found = judged(one, other).differences
    assert '200 {"a": [1, 2]}' == found[0].baseline
    assert '500 {"a": [1, 2], "b": 1}' == found[0].candidate


def at_least_one_is_unread(tree: Any) -> bool:
    return any(isinstance(at(tree, path), Raw) for path in places(tree))


def test_what_is_the_same_is_one_object() -> None:
    pair = PairedParse(TakenApart(b'{"a": [1, 2], "b": 1}'), TakenApart(b'{"a": [1, 2], "b": 2}'))
    left, right = pair.left(b"").tree, pair.right(b"").tree
    assert isinstance(left, dict)
    assert isinstance(right, dict)
    assert left["a"] is right["a"]
    assert at_least_one_is_unread(left)


def compact(document: Any) -> bytes:
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def noisy(items: list[Any], plant: Plant) -> Any:
    """Each item with an id and a time of its own; one of them holds them deeper."""
    return {
        "total": len(items),
        "rows": [
            {"id": plant.uuid(), "of": item, "at": plant.time(), "in": {"by": plant.uuid(), "n": 1}}
            for item in items
        ],
    }


def recorded(document: Any) -> Transcript:
    return transcript(exchange(body=compact(document)))


@few
@given(
    st.lists(documents, max_size=4),
    st.sampled_from(["change", "swap", "drop", "nothing"]),
    scalars,
    st.data(),
)
def test_the_findings_are_the_same_under_noise(
    items: list[Any], way: str, new: Any, data: st.DataObject
) -> None:
    base, again, other = (noisy(items, Plant(seed)) for seed in (1, 2, 3))
    if way == "change":
        other = put(other, data.draw(st.sampled_from(places(other))), new)
    elif way == "swap":
        other["rows"] = data.draw(st.permutations(other["rows"]))
    elif way == "drop":
        del other["rows"][: data.draw(st.integers(0, 2))]
    sides = recorded(base), recorded(other)
    together = judged(*sides, again=recorded(again)).differences
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_path, "SHORTEST", 10**9)
        assert judged(*sides, again=recorded(again)).differences == together


@pytest.mark.parametrize("shortest", [0, 10**9])
@pytest.mark.parametrize("item", ["2026-03-02T12:00:00.000Z", {"at": "2026-03-02T12:00:00.000Z"}])
def test_items_are_in_another_order_though_one_of_them_holds_a_time(
    shortest: int, item: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fast_path, "SHORTEST", shortest)
    base, again, other = (noisy([None, item], Plant(seed)) for seed in (1, 2, 3))
    other["rows"].reverse()
    found = judged(recorded(base), recorded(other), again=recorded(again))
    assert [("order", "/rows")] == brief(found.differences)


def test_only_what_is_volatile_is_read_in_items_that_agree() -> None:
    base, again, other = (noisy([{"a": [1, 2]}] * 3, Plant(seed)) for seed in (1, 2, 3))
    (mask,) = learn(recorded(base), recorded(again)).exchanges
    assert mask.response is not None
    pair = PairedParse(
        TakenApart(compact(base)), TakenApart(compact(other)), mask.response.body.tree
    )
    left: Any = pair.left(b"").tree
    right: Any = pair.right(b"").tree
    assert (base["rows"][2]["id"], other["rows"][2]["id"]) == (
        left["rows"][2]["id"],
        right["rows"][2]["id"],
    )
    assert left["rows"][2]["of"] == right["rows"][2]["of"] == Raw(b'{"a":[1,2]}')
    assert (read_whole(left), read_whole(right)) == (
        read_json(compact(base)).tree,
        read_json(compact(other)).tree,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"of":1', b'"of":1,"of":1'),
        (b'"of":1', b'"\\u006ff":1,"of":1'),
        (b'"of":1', b'"of":NaN'),
        (b'"n":1', b'"n":1,"n":1'),
        (b'"total":2', b'"total":2,"total":2'),
        (b"}}]", b"}}],"),
    ],
)
def test_what_is_wrong_on_the_wire_is_named_under_noise(old: bytes, new: bytes) -> None:
    bodies = [compact(noisy([1, 1], Plant(seed))) for seed in (1, 2, 3)]
    bodies[2] = bodies[2].replace(old, new, 1)
    base, again, wrong = (transcript(exchange(body=body)) for body in bodies)
    assert "wire" in {kind for kind, _ in brief(judged(base, wrong, again=again).differences)}


def test_ids_that_stand_for_each_other_are_confused_among_unread_ones_too() -> None:
    base, again, other = (noisy([1, 2, 3], Plant(seed)) for seed in (1, 2, 3))
    for document in (base, again):
        document["first"] = document["rows"][0]["id"]
    other["first"] = other["rows"][1]["id"]
    found = judged(recorded(base), recorded(other), again=recorded(again))
    assert {"identity"} == {kind for kind, _ in brief(found.differences)}


@pytest.mark.parametrize("host", ["127.0.0.1:3000", "shop.example", "[::1]:3000", "[fe80::1]"])
@pytest.mark.parametrize("spelling", ["http://{}/a", "http%3A%2F%2F{}%2Fa", "https:\\/\\/{}"])
def test_equal_bytes_that_name_the_baseline_are_a_link_to_the_wrong_backend(
    host: str, spelling: str
) -> None:
    name = quote(host, safe="") if "%" in spelling else host
    body = f'{{"next": "{spelling.format(name)}"}}'.encode()
    base, other = transcript(exchange(body=body)), transcript(exchange(body=bytes(bytearray(body))))
    hosts = (host, "127.0.0.1:4000")
    base, other = (
        replace(
            one,
            exchanges=tuple(
                replace(each, request=replace(each.request, headers=(("Host", own),)))
                for each in one.exchanges
            ),
        )
        for one, own in zip((base, other), hosts, strict=True)
    )
    assert [("value", "/next")] == brief(judged(base, other).differences)
