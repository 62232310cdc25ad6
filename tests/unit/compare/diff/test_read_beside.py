"""What is read beside a document of the same test is what is read alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.compare.diff.read_beside import read_beside
from pytest_cutover.compare.diff.taken_apart import Bodies
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.normalize.strict_json import read_json
from tests.unit.compare.building import Plant, exchange, transcript

few = settings(max_examples=80, deadline=None)
SIZE = 12


def spelled(document: Any, separators: tuple[str, str] = (",", ":")) -> bytes:
    return json.dumps(document, separators=separators, ensure_ascii=False).encode()


def table(seed: int, names: list[str]) -> dict[str, Any]:
    """A page of rows with new ids and a number, a text and an object that stay."""
    plant = Plant(seed)
    rows = [
        {"n": n, **{name: plant.uuid() for name in names}, "text": f"é {n}", "in": {"k": [n, 1.5]}}
        for n in range(SIZE)
    ]
    return {"total": SIZE, "made": plant.uuid(), "rows": rows}


def beside(first: bytes, again: bytes, later: bytes) -> Any:
    """What `later` is, read beside `first` under the noise that `again` showed."""
    golden = learn(*(transcript(exchange(body=body)) for body in (first, again)))
    answer = golden.exchanges[0].response
    assert answer is not None
    bodies = Bodies()
    tree = read_json(first).tree
    return read_beside(bodies.of(first), tree, answer.body.tree, bodies, later)


def changed(way: str, document: dict[str, Any], place: int) -> bytes:
    row = document["rows"][place]
    if way == "text":
        row["text"] = "another"
    elif way == "nested":
        row["in"]["k"][1] = 1.25
    elif way == "missing":
        del row["id"]
    elif way == "another kind":
        row["id"] = [1, {"a": None}]
    elif way == "escaped":
        row["id"] = 'a "quoted" \\ word'
    elif way == "fewer":
        document["rows"].pop(place)
    elif way == "most":
        for one in document["rows"]:
            one["text"] += "!"
    elif way == "members":
        document = {"more": 1, "rows": document["rows"], "total": SIZE}
    elif way == "no object":
        return spelled(document["rows"])
    body = spelled(document, (", ", ": ") if way == "spaced" else (",", ":"))
    if way == "twice":
        return body.replace(b'"n":%d' % place, b'"n":%d,"n":1' % place)
    if way == "id twice":
        return body.replace(b'"n":%d' % place, b'"id":%d' % place)
    if way == "cut off":
        return body[:-20]
    if way == "not UTF-8":
        return body.replace("é".encode(), b"\xff", 1)
    if way == "byte order mark":
        return b"\xef\xbb\xbf" + body
    return body


WAYS = (
    *("nothing", "text", "nested", "missing", "another kind", "escaped", "fewer", "most", "spaced"),
    *("members", "no object", "twice", "id twice", "cut off", "not UTF-8", "byte order mark"),
)


@few
@given(
    st.sampled_from([["id"], ["id", "owner_id"], ["a-b", "id", "ref"]]),
    st.sampled_from(WAYS),
    st.integers(0, SIZE - 2),
)
def test_it_is_what_reading_alone_gives(names: list[str], way: str, place: int) -> None:
    first, again = (spelled(table(seed, names)) for seed in (1, 2))
    later = changed(way, table(3, names), place)
    assert beside(first, again, later) == read_json(later)


@pytest.mark.parametrize("way", ["nothing", "text"])
def test_what_has_equal_bytes_is_not_read_again(way: str) -> None:
    first, again = (spelled(table(seed, ["id"])) for seed in (1, 2))
    bodies, tree = Bodies(), read_json(first).tree
    answer = learn(*(transcript(exchange(body=one)) for one in (first, again))).exchanges[0]
    assert answer.response is not None
    mask, body = answer.response.body.tree, changed(way, table(3, ["id"]), 0)
    found: Any = read_beside(bodies.of(first), tree, mask, bodies, body).tree
    known: Any = tree
    assert found["rows"][5]["in"] is known["rows"][5]["in"]
