"""Texts that no run has used before keep the form of their sample."""

from __future__ import annotations

import re

import pytest

from pytest_cutover.core.new_value import NEW_LENGTH, new_value


@pytest.mark.parametrize(
    ("sample", "pattern"),
    [("A-00", "^[A-Z]-[0-9]{2}$"), ("ab12", "^[a-z]{2}[0-9]{2}$"), ("000", "^[A-Z0-9-]{3,20}$")],
)
def test_a_code_of_a_pattern_is_of_it(sample: str, pattern: str) -> None:
    made = {new_value(sample, None, pattern)[0] for _ in range(50)}
    assert all(re.search(pattern, one) for one in made)
    assert len(made) > 20


def test_a_pattern_that_no_other_text_can_have_changes_nothing() -> None:
    value, code = new_value("fixed", None, "^fixed$")
    assert value == f"fixed-{code}"
    assert len(code) == NEW_LENGTH


def test_a_short_code_grows_as_far_as_its_pattern_goes() -> None:
    """Of 260 codes one was soon taken: on one side, or when the baseline was asked again."""
    made = {new_value("A-0", None, "^[A-Z]{1,3}-[0-9]{1,4}$")[0] for _ in range(300)}
    assert all(re.fullmatch("[A-Z]{3}-[0-9]{4}", one) for one in made)
    assert len(made) > 290
    short, _ = new_value("A-0", 5, "^[A-Z]{1,3}-[0-9]{1,4}$")
    assert len(short) == 5
