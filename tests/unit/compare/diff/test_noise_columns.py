"""Rows with new ids in each answer show the same, column by column, as they do row by row."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_cutover.compare.diff import fast_path, noise_columns, paired_parse
from pytest_cutover.compare.diff.noise_columns import Table
from pytest_cutover.compare.diff.taken_apart import scalar
from pytest_cutover.compare.diff.transcripts import Comparison, RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import Plant, exchange, judged, transcript

few = settings(max_examples=80, deadline=None)
_NO_COLUMNS: Callable[[Any], tuple[Any, ...]] = lambda _mask: ()  # noqa: E731


@pytest.fixture(autouse=True, scope="module")
def _small_documents_too() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_path, "SHORTEST", 0)
        yield


def rows(size: int, names: list[str], plant: Plant) -> list[dict[str, Any]]:
    """Rows of a number, ids of the names, a text and an object that holds one of the names too."""
    return [
        {
            "n": n,
            **{name: plant.uuid() for name in names},
            "text": f'{n} "id": \\ é',
            "in": {"k": n},
        }
        for n in range(size)
    ]


def recorded(table: Any, *, spaced: bool = False) -> Transcript:
    separators = (", ", ": ") if spaced else (",", ":")
    body = json.dumps({"rows": table}, separators=separators, ensure_ascii=False)
    return transcript(exchange(body=body.encode()))


def both_ways(*sides: Transcript, again: Transcript) -> tuple[Comparison, Comparison]:
    """What comparing shows, column by column and row by row."""
    by_column = judged(*sides, again=again)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(paired_parse, "columns_of", _NO_COLUMNS)
        return by_column, judged(*sides, again=again)


def told(comparison: Comparison) -> tuple[Any, ...]:
    values = comparison.values
    return (
        comparison.differences,
        comparison.account.places,
        comparison.account.open,
        list(values.strong.items()),
        list(values.weak.items()),
    )


@few
@given(
    st.integers(1, 6),
    st.sampled_from([["id"], ["id", "owner_id"], ["a-b", "id", "ref"]]),
    st.sampled_from(["nothing", "text", "id", "swap", "another", "missing", "twice", "nested"]),
    st.integers(0, 5),
    st.booleans(),
)
def test_the_findings_and_the_account_are_the_same(
    size: int, names: list[str], way: str, place: int, spaced: bool
) -> None:
    base, again, other = (rows(size, names, Plant(seed)) for seed in (1, 2, 3))
    row = other[place % size]
    if way == "text":
        row["text"] = "another"
    elif way == "id":
        row[names[-1]] = row[names[-1]].upper()
    elif way == "another":
        row[names[0]] = other[0][names[0]]
    elif way == "swap":
        other[0], other[-1] = other[-1], other[0]
    elif way == "missing":
        del row[names[0]]
    elif way == "nested":
        row["in"] = {names[0]: "x"}
    sides = [recorded(base, spaced=spaced), recorded(other, spaced=spaced)]
    if way == "twice":
        answer = sides[1].exchanges[0].response
        assert answer is not None
        body = answer.body.replace(b'"n"', b'"%s"' % names[0].encode(), 1)
        sides[1] = transcript(exchange(body=body))
    by_column, by_row = both_ways(*sides, again=recorded(again, spaced=spaced))
    assert told(by_column) == told(by_row)
    assert bool(by_column.differences) == (way in ("text", "id", "missing", "twice", "nested")) or (
        way in ("swap", "another")
    )


def test_a_name_that_is_spelled_with_an_escape_is_found_all_the_same() -> None:
    base, again, other = (recorded(rows(3, ["id"], Plant(seed))) for seed in (1, 2, 3))
    answer = other.exchanges[0].response
    assert answer is not None
    plain = answer.body.replace(b'"in":{"k":1}', b'"in":{"id":"x"}')
    escaped = plain.replace(b'"id"', b'"\\u0069d"', 2)
    for body in (plain, escaped):
        found = judged(base, transcript(exchange(body=body)), again=again).differences
        assert {one.pointer for one in found} == {"/rows/1/in/id", "/rows/1/in/k"}


def test_values_and_what_stands_between_them_are_told_apart() -> None:
    assert noise_columns.texts([b'"a"', b'"b"']) == ["a", "b"]
    assert noise_columns.texts([b'"a"', b'"\\n"']) is None
    assert noise_columns.texts([b'"a"', b"1"]) is None
    assert noise_columns.texts([b"1", b'""']) is None


@pytest.mark.parametrize(
    ("text", "is_like"),
    [
        (b'[{"id":"c","n":1},{"id":"d","n":2}]', True),
        (b'[{"id":"","n":1},{"id":"dd","n":2}]', True),
        (b'[{"id":"c","n":1},{"id":"d","n":3}]', False),
        (b'[{"id":7,"n":1},{"id":"d","n":2}]', False),
        (b'[{"id":"\\"","n":1},{"id":"d","n":2}]', False),
        (b'[{"id":"c","id":"x","n":1},{"id":"d","n":2}]', False),
        (b'[{"id":"c","n":1},{"id":"d","n":2},{"id":"e","n":2}]', False),
        (b'[{"id": "c","n":1},{"id": "d","n":2}]', False),
    ],
)
def test_a_table_beside_another_is_what_it_is_alone(text: bytes, is_like: bool) -> None:
    known = Table.of(b'[{"id":"a","n":1},{"id":"b","n":2}]', ("id",), scalar)
    assert known is not None
    beside, alone = (Table.of(text, ("id",), scalar, like) for like in (known, None))
    assert beside == alone
    if beside is not None:
        assert (beside.rows[1].get("n") is known.rows[1]["n"]) is is_like


def test_a_baseline_is_compared_with_itself_though_most_of_it_is_unread() -> None:
    base, again = (recorded(rows(40, ["id"], Plant(seed))) for seed in (1, 2))
    golden = learn(base, again)
    for sides in ((base, again), (again, base)):
        found = compare(*sides, RoundContext(same_side=True), golden=golden)
        assert found.differences == ()
