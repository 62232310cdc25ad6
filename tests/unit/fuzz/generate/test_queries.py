"""Queries that show what a list does, in an order that a small budget profits of."""

from __future__ import annotations

from itertools import islice
from typing import Any

from pytest_cutover.fuzz.generate.queries import Parameter, Query, queries, values_of, words_of

ROWS = {"rows": [{"name": "Bolt M8", "kind": "part"}, {"name": "Nut M8", "kind": "part"}]}
PAGED = (
    Parameter("q", {"type": "string", "maxLength": 20}),
    Parameter("kind", {"type": "string"}),
    Parameter("sort", {"anyOf": [{"enum": ["name", "-name"]}, {"type": "null"}]}),
    Parameter("limit", {"type": "integer", "minimum": 1, "maximum": 50}),
)


def _made(count: int = 40, **given: Any) -> list[tuple[Query, bool]]:
    known = words_of(ROWS)
    return list(islice(queries(PAGED, known=known, given=given, seed=1), count))


def test_none_comes_first_then_each_alone_with_what_rows_have() -> None:
    first = [query for query, _ in _made(6)]
    assert first == [
        (),
        (("q", "M8"),),
        (("kind", "part"),),
        (("sort", "name"),),
        (("limit", "1"),),
        (("sort", "-name"),),
    ]


def test_bounds_are_valid_and_what_is_beyond_them_is_not() -> None:
    told = dict(_made(200))
    assert told[("limit", "50"),] is True
    assert told[("limit", "51"),] is False
    assert told[("limit", "0"),] is False


def test_two_at_a_time_are_among_the_first_twenty() -> None:
    pairs = {tuple(sorted(name for name, _ in query)) for query, _ in _made(20) if len(query) == 2}
    assert ("limit", "q") in pairs or ("limit", "sort") in pairs


def test_what_is_required_is_always_there() -> None:
    needed = (Parameter("tenant", {"type": "string"}, required=True), *PAGED)
    made = islice(queries(needed, known={}, given={"tenant": "t1"}, seed=1), 10)
    assert all(dict(query).get("tenant") for query, _ in made)


def test_without_a_parameter_there_is_one_query_and_an_end() -> None:
    assert list(queries((), known={}, given={}, seed=1)) == [((), True)]


def test_of_few_integers_each_is_tried() -> None:
    few = Parameter("n", {"type": "integer", "minimum": 3, "maximum": 7})
    allowed, beyond = values_of(few, {})
    assert sorted(allowed) == ["3", "4", "5", "6", "7"]
    assert {"2", "8"} <= set(beyond)
    many, _ = values_of(Parameter("n", {"type": "integer", "minimum": 1, "maximum": 99}), {})
    assert len(many) < 8


def test_a_list_has_two_values_early_as_the_document_writes_them() -> None:
    colours = {"type": "array", "items": {"enum": ["red", "blue", "green"]}}
    again, joined, alone = (
        [query for query, _ in islice(queries((one,), known={}, given={}, seed=1), 8)]
        for one in (
            Parameter("c", colours),
            Parameter("c", colours, required=True, joined_by="|"),
            Parameter("c", {**colours, "maxItems": 1}),
        )
    )
    assert (("c", "red"), ("c", "blue")) in again
    assert (("c", "red|blue"),) in joined
    assert {len(query) for query in alone} == {0, 1}
