"""Mutations of a transcript full of ids, times and tokens: found all the same."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.compare.diff.transcripts import compare, compare_with_golden
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import Golden, learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, Plant, brief
from tests.unit.compare.diff.test_mutations import at, places, pointer, put
from tests.unit.compare.noise.test_noise import ANY_ORDER


def recorded() -> tuple[Transcript, Golden]:
    first, again = Plant(1).transcript(), Plant(2, NOON_S + 2).transcript()
    return first, load(dump(learn(first, again)))


BASELINE, GOLDEN = recorded()


def mutated(candidate: Transcript, index: int, document: Any) -> Transcript:
    exchanges = list(candidate.exchanges)
    response = exchanges[index].response
    assert response is not None
    body = json.dumps(document).encode()
    exchanges[index] = replace(exchanges[index], response=replace(response, body=body))
    return replace(candidate, exchanges=tuple(exchanges))


def every_place() -> list[tuple[int, tuple[Any, ...]]]:
    found = []
    for index, exchange in enumerate(BASELINE.exchanges):
        assert exchange.response is not None
        found += [(index, path) for path in places(json.loads(exchange.response.body)) if path]
    return found


def candidate_with(index: int, path: tuple[Any, ...], change: Any) -> Transcript:
    candidate = Plant(3, NOON_S + 9, Side.CANDIDATE).transcript()
    response = candidate.exchanges[index].response
    assert response is not None
    document = json.loads(response.body)
    return mutated(candidate, index, change(document, path))


def findings(candidate: Transcript) -> list[list[tuple[str, str]]]:
    live = compare(BASELINE, candidate, golden=GOLDEN, rules=ANY_ORDER)
    alone = compare_with_golden(GOLDEN, candidate, rules=ANY_ORDER)
    return [brief(live.differences), brief(alone.differences)]


@pytest.mark.parametrize(("index", "path"), every_place())
def test_another_type_is_found_wherever_it_is(index: int, path: tuple[Any, ...]) -> None:
    def change(document: Any, path: tuple[Any, ...]) -> Any:
        return put(document, path, not isinstance(at(document, path), bool))

    found = findings(candidate_with(index, path, change))
    assert [[("type", pointer(path))]] * 2 == found


@pytest.mark.parametrize(
    ("index", "path"), [place for place in every_place() if isinstance(place[1][-1], str)]
)
def test_a_missing_member_is_found_wherever_it_is(index: int, path: tuple[Any, ...]) -> None:
    def change(document: Any, path: tuple[Any, ...]) -> Any:
        del at(document, path[:-1])[path[-1]]
        return document

    found = findings(candidate_with(index, path, change))
    assert [[("missing", pointer(path))]] * 2 == found


def test_every_format_that_changes_is_found() -> None:
    for index, path in every_place():

        def change(document: Any, path: tuple[Any, ...]) -> Any:
            old = at(document, path)
            new = old
            if isinstance(old, str):
                new = old.replace("Z", "+00:00") if old[-1:] == "Z" else f"{old} "
            return put(document, path, new)  # fmt: skip

        candidate = candidate_with(index, path, change)
        plain = Plant(3, NOON_S + 9, Side.CANDIDATE).transcript()
        expected = [] if candidate == plain else [pointer(path)]
        body, old = (t.exchanges[index].response.body for t in (candidate, plain))  # type: ignore[union-attr]
        if json.loads(body) == json.loads(old):
            expected = []
        for found in findings(candidate):
            assert expected == [where for _, where in found], (index, path, found)


IDS = [(0, ("user", "id")), (1, ("id",)), (2, ("lot_id",)), (3, ("central", "id"))]


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([IDS[2], IDS[3]]), st.integers(10, 2**30))
def test_an_id_that_is_not_the_one_given_before_is_one_difference(
    place: tuple[int, tuple[Any, ...]], seed: int
) -> None:
    other = Plant(seed).uuid()
    found = findings(candidate_with(*place, lambda document, path: put(document, path, other)))
    assert [[("identity", pointer(place[1]))]] * 2 == found


def test_an_id_that_was_given_to_something_else_is_found() -> None:
    def change(document: Any, path: tuple[Any, ...]) -> Any:
        return put(document, path, document["lot_id"])

    assert [[("identity", "/id")]] * 2 == findings(candidate_with(2, ("id",), change))


def test_a_token_of_another_format_is_found() -> None:
    jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIiwiZXhwIjoxfQ.sig"
    candidate = candidate_with(0, ("token",), lambda document, path: put(document, path, jwt))
    found = compare(BASELINE, candidate, golden=GOLDEN, rules=ANY_ORDER).differences
    assert ["token 43 → jwt HS256 {exp,sub}"] == [difference.change for difference in found]


def test_secrets_are_in_no_golden_and_no_excerpt() -> None:
    secret = next(iter(BASELINE.secrets))
    assert secret not in dump(GOLDEN)
    assert '"token": "<secret token 43' in dump(GOLDEN)
    candidate = candidate_with(0, ("token",), lambda document, path: put(document, path, 5))
    found = compare(BASELINE, candidate, golden=GOLDEN).differences
    assert '"<secret token 43>"' == found[0].baseline


def test_a_golden_shows_what_a_reviewer_needs() -> None:
    text = dump(GOLDEN)
    for line in (
        '"target": "/api/traceability/<unique LOT #1>"',
        '"location": "/api/lots/<uuid4 #4>"',
        '"weight_kg": 500.25',
        '"created_at": "<timestamp ms Z now>"',
        '"operator_id": "<uuid4 #2 per run>"',
        '"error": "no lot <unique LOT #1>-X, asked at <timestamp ms Z now> as request <uuid4 #',
    ):
        assert line in text
