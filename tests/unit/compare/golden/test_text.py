"""A golden as text: read back as it was written, readable, and refused when it is damaged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.compare.golden.text import GoldenError, dump, load
from pytest_cutover.compare.noise.model import UnsteadyBaseline, learn
from pytest_cutover.compare.noise.notation import read_text, write_text
from pytest_cutover.normalize.body import Body, BodyKind
from pytest_cutover.normalize.matchers import Placeholder
from pytest_cutover.normalize.normalized import (
    Golden,
    NormalizedExchange,
    NormalizedRequest,
    NormalizedResponse,
)
from tests.unit.compare.building import Plant, exchange, transcript
from tests.unit.compare.diff.test_mutations import documents

GOLDEN = learn(Plant(1).transcript(), Plant(2).transcript())
TEXT = dump(GOLDEN)


def test_a_golden_read_back_is_the_golden() -> None:
    assert GOLDEN == load(TEXT)
    assert TEXT == dump(load(TEXT))


@settings(max_examples=40, deadline=None)
@given(documents, documents)
def test_what_was_learned_of_any_two_documents_is_read_back(one: Any, other: Any) -> None:
    golden = learn(transcript(exchange(one)), transcript(exchange(other)))
    assert golden == load(dump(golden))
    assert dump(golden) == dump(load(dump(golden)))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>\\# \ufdd0\ufdd1uniqLO1\n\ud800", max_size=20))
def test_no_literal_text_reads_as_a_symbol(text: str) -> None:
    assert text == read_text(write_text(text))
    seen = NormalizedExchange(
        "GET /",
        NormalizedRequest("GET", text),
        NormalizedResponse(200, {}, Body(BodyKind.TEXT, text)),
    )
    assert Golden("t", (seen,)) == load(dump(Golden("t", (seen,))))


@pytest.mark.parametrize(
    ("written", "symbol"),
    [
        ("<uuid4 #1>", Placeholder(("uuid4",), 1)),
        ("<uuid4 #2 per run>", Placeholder(("uuid4",), 2, per_run=True)),
        ("<timestamp ms Z now>", Placeholder(("timestamp ms Z",), clock=True)),
        ("<secret jwt HS256 {exp,sub} #3>", Placeholder(("jwt HS256 {exp,sub}",), 3, secret=True)),
        ("<integer or null>", Placeholder(("integer", "null"))),
    ],
)
def test_symbols_are_written_for_people(written: str, symbol: Placeholder) -> None:
    assert written == write_text(symbol)
    assert symbol == read_text(written)


def test_a_golden_remembers_the_version_of_http_where_it_is_not_the_usual_one() -> None:
    new = exchange({})
    assert new.response is not None
    old = replace(new, response=replace(new.response, http_version="HTTP/1.0"))
    golden = learn(*[transcript(old)] * 2)
    assert '"http": "HTTP/1.0"' in dump(golden)
    assert golden == load(dump(golden))
    assert '"http"' not in dump(learn(*[transcript(new)] * 2))
    with pytest.raises(UnsteadyBaseline, match=r"version was HTTP/1\.1 and then HTTP/1\.0"):
        learn(transcript(new), transcript(old))


def test_numbers_keep_their_spelling() -> None:
    body = b'{"a": 500.0, "b": 5e2, "c": 9007199254740993, "d": NaN, "e": -0}'
    text = dump(learn(*[transcript(exchange(body=body))] * 2))
    for line in ('"a": 500.0', '"b": 5e2', '"c": 9007199254740993', '"d": NaN', '"e": -0'):
        assert line in text


@pytest.mark.parametrize(
    ("damaged", "message"),
    [
        ("", "line 1: the file is empty"),
        (TEXT[: len(TEXT) // 2], "not JSON"),
        (TEXT.replace('"version": 1', '"version": 9'), "golden version is 9"),
        (TEXT.replace('"version": 1,', ""), "golden version is missing"),
        (TEXT.replace('"status"', '"state"', 1), "no 'status'"),
        (TEXT.replace("{\n", "{\n<<<<<<< HEAD\n", 1), "line 2: merge conflict markers"),
        (TEXT.replace('"target": "', '"target": "<', 1), "not a golden"),
        ("[]", "golden version is missing"),
        ("{" * 100_000, "not JSON"),
        ('{"version": 1, "test": "t", "exchanges": [[]]}', "not a golden"),
    ],
)
def test_a_damaged_golden_is_refused_with_what_to_do(damaged: str, message: str) -> None:
    with pytest.raises(GoldenError) as caught:
        load(damaged)
    assert message in str(caught.value)
    assert "--snapshot-update" in str(caught.value)
