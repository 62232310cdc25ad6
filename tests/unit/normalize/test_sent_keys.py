"""An id that the test makes up and sends is the same key on both sides: by its place in what was
sent.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.normalize.normalized import normalize
from pytest_cutover.normalize.sent_keys import sent_keys

ONE, TWO = "efc56624-f39c-4ce1-9a25-3a784324901d", "0d1b6a5e-76a1-4a3f-8a0e-0f6f5dfc2f01"
NAMED = {ONE: "sent #1", TWO: "sent #2"}


JSON = (("content-type", "application/json"),)


def transcript(*exchanges: tuple[str, Any, Any]) -> Transcript:
    """Return what one side saw: target, what was sent, what was answered (JSON in bytes too)."""
    seen = []
    for target, sent, answered in exchanges:
        body = answered if isinstance(answered, bytes) else json.dumps(answered).encode()
        request = Request("POST", target, JSON, json.dumps(sent).encode())
        seen.append(Exchange(request, Response(207, JSON, body), "POST /batch"))
    return Transcript("test_x.py::test_batch", Side.BASELINE, tuple(seen))


def tree_of(seen: Transcript) -> Any:
    """Return what the only answer holds, with markers."""
    (exchange,) = normalize(seen)
    assert exchange.response is not None
    return exchange.response.body.tree


def operations(*refs: str) -> dict[str, Any]:
    """Return the body of a batch."""
    return {"operations": [{"op": "create", "ref": one} for one in refs]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ONE, TWO),
        ("r078f13df", "r12911522"),
        ("cart-5C9E01AA-x", "cart-11AB02CD-x"),
        ("V1StGXR8_Z5jdHi6B-myT", "aB3dEfGh1J"),
    ],
)
def test_each_drawn_id_that_was_sent_is_named_by_its_number(one: str, other: str) -> None:
    answered = {other: {"status": 404}, one: {"status": 201}}
    assert sent_keys(transcript(("/batch", operations(one, other), answered))) == {
        one: "sent #1",
        other: "sent #2",
    }


def test_an_entry_that_is_lost_leaves_the_others_their_names() -> None:
    """Or the second of one side would be held to the first of the other."""
    seen = transcript(("/batch", operations(ONE, TWO), {TWO: {}}))
    assert sent_keys(seen) == {TWO: "sent #2"}


@pytest.mark.parametrize(
    "word", ["billing-address", "20261128", "40012345", "w640h480", "SKU-0017"]
)
def test_words_days_and_numbers_of_articles_keep_their_names(word: str) -> None:
    assert sent_keys(transcript(("/batch", operations(word), {word: {"status": 201}}))) == {}


def test_an_id_in_the_path_or_the_query_is_named_and_a_value_is_no_key() -> None:
    seen = transcript((f"/stock?ids={ONE},{TWO}", None, {ONE: 3, TWO: 4, "newest": TWO}))
    assert sent_keys(seen) == NAMED
    tree = tree_of(seen)
    assert tree["newest"] == TWO
    assert not {ONE, TWO} & {*tree}


def test_what_the_server_gave_before_it_was_sent_is_no_id_of_the_test() -> None:
    given: tuple[str, Any, Any] = ("/lots", {}, {"id": ONE})
    assert sent_keys(transcript(given, (f"/stock/{ONE}", None, {ONE: 3}))) == {}


@pytest.mark.parametrize("colon", [":", " : "])
def test_both_sides_have_the_same_keys_whatever_was_drawn(colon: str) -> None:
    trees = []
    for refs in ((ONE, TWO), (TWO, ONE)):
        entries = dict(zip(refs, ("made", "none"), strict=True))
        body = json.dumps({"results": entries}, separators=(",", colon)).encode()
        trees.append(tree_of(transcript(("/batch", operations(*refs), body))))
    assert trees[0] == trees[1]
    assert list(trees[0]["results"].values()) == ["made", "none"]
