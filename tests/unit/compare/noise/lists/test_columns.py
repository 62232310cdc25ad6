"""A column of a table is learned as a whole: what was equal by chance is no literal."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import brief, exchange, transcript

Row = dict[str, Any]


def rows(seed: int) -> list[Row]:
    """Twenty rows with a measured value of one digit, and one that varies in two rows only."""
    chance = random.Random(seed)
    return [
        {
            "name": f"pier {n}",
            "load": chance.randrange(10),
            "berths": chance.randrange(10) if n in (3, 9) else 4,
            "open": n % 3 == 0,
        }
        for n in range(20)
    ]


def as_json(table: list[Row]) -> tuple[str, str]:
    return "application/json", json.dumps({"piers": table})


def as_csv(table: list[Row]) -> tuple[str, str]:
    lines = [",".join(table[0]), *(",".join(map(str, row.values())) for row in table)]
    return "text/csv", "\n".join(lines) + "\n"


def said(shown: tuple[str, str], side: Side = Side.BASELINE) -> Transcript:
    kind, body = shown
    return transcript(exchange(body=body.encode(), headers=(("Content-Type", kind),)), side=side)


@pytest.mark.parametrize("form", [as_json, as_csv])
def test_a_cell_that_was_equal_by_chance_may_be_another(
    form: Callable[[list[Row]], tuple[str, str]],
) -> None:
    first, again = rows(1), rows(2)
    assert any(one["load"] == other["load"] for one, other in zip(first, again, strict=True))
    golden = load(dump(learn(said(form(first)), said(form(again)))))
    for seed in range(3, 13):
        live, other = rows(seed), rows(seed + 100)
        for one, two, third in zip(live, other, first, strict=True):
            one["berths"] = two["berths"] = third["berths"]
        found = compare(said(form(live)), said(form(other), Side.CANDIDATE), golden=golden)
        assert ((), {}) == (found.differences, found.account.open)


@pytest.mark.parametrize("form", [as_json, as_csv])
@pytest.mark.parametrize(
    ("name", "value"), [("berths", 5), ("name", "pier 8"), ("open", "yes"), ("load", "much")]
)
def test_what_is_not_of_that_form_or_column_is_found(
    form: Callable[[list[Row]], tuple[str, str]], name: str, value: Any
) -> None:
    golden = load(dump(learn(said(form(rows(1))), said(form(rows(2))))))
    wrong = rows(4)
    wrong[5] = {**wrong[5], name: value}
    live = rows(3)
    for one, two in zip(live, wrong, strict=True):
        if one["name"] in ("pier 3", "pier 9"):
            one["berths"] = two["berths"]
    found = compare(said(form(live)), said(form(wrong), Side.CANDIDATE), golden=golden)
    assert 1 == len(brief(found.differences))
