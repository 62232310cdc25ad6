"""A column of random UUIDs is told at once from one that holds anything else."""

from __future__ import annotations

import random
import re
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.noise.formats import are_random_uuids

ONE = "7f3b2c1e-0a5d-4c1b-9f3e-2b1a0c9d8e7f"
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def test_a_column_of_them_is_one() -> None:
    rng = random.Random(5)
    column = [str(uuid.UUID(int=rng.getrandbits(128), version=4)) for _ in range(500)]
    assert are_random_uuids(column)
    assert are_random_uuids([])


@pytest.mark.parametrize(
    "other",
    [
        *(ONE.upper(), ONE.replace("4c1b", "1c1b"), ONE.replace("9f3e", "cf3e"), ONE[:-1]),
        *(ONE + "0", ONE.replace("-", ""), ONE.replace("7", "x"), "x" + ONE[1:], ONE[:-1] + "\n"),
        *(ONE.replace("e", "é"), ONE.replace("7", "٧"), "\ud800" + ONE[1:], "", ONE.encode()),
        *(None, 7, [ONE], ONE.replace("-", "x"), ONE.replace("f", "g")),
    ],
)
def test_one_that_is_none_is_seen(other: Any) -> None:
    assert not are_random_uuids([ONE, other, ONE])


@given(st.lists(st.from_regex("[0-9a-fx4-]{8}-[0-9a-f]{4}-[14x][0-9a-f]{3}-[89abcx][0-9a-f]{3}-"
                              "[0-9a-f]{12}", fullmatch=True), max_size=4))  # fmt: skip
def test_it_is_what_an_expression_says_of_each(column: list[str]) -> None:
    assert are_random_uuids(column) == all(map(_UUID.fullmatch, column))
