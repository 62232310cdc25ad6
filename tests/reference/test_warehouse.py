"""The second reference pair: both sides are alike, and the table of drifts is that of the code."""

from __future__ import annotations

import re

import pytest

from examples.warehouse.serve import HERE, pair
from examples.warehouse.shown import answer, manifest


def test_the_table_names_every_drift_of_the_code_and_each_once() -> None:
    code = "".join(path.read_text("utf-8") for path in (HERE / "fastapi").rglob("*.py"))
    names = [drift["name"] for drift in manifest()]
    assert sorted(set(re.findall(r'\bon\("([a-z0-9-]+)"\)', code)) - {"name"}) == sorted(names)
    assert len(names) == 60


@pytest.fixture(scope="module")
def answers() -> dict[str, tuple[list[str], list[str]]]:
    """The lines of both answers to the `curl` of each drift, all on the same data."""
    with pair() as (baseline, candidate):
        return {
            drift["name"]: (_lines(answer(baseline, drift)), _lines(answer(candidate, drift)))
            for drift in manifest()
        }


def test_express_and_fastapi_answer_every_curl_alike(
    answers: dict[str, tuple[list[str], list[str]]],
) -> None:
    assert {name for name, (one, other) in answers.items() if one != other} == set()


def _lines(text: str) -> list[str]:
    return sorted(text.lower().splitlines())
