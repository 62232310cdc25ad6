"""A number in a text that varies: its leading zeros are part of how it is written."""

from __future__ import annotations

import pytest

from tests.unit.compare.building import brief, exchange, judged, transcript

PLAIN = (("Content-Type", "text/plain"),)


def departs(text: str, *numbers: str, shared: bool = True) -> list[tuple[str, str]]:
    """What departs in a text with a number, of the baseline, of it again and of the candidate."""
    first, again, other = (
        transcript(exchange(body=text.format(number).encode(), headers=PLAIN)) for number in numbers
    )
    return brief(judged(first, other, again=again, shared_state=shared).differences)


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("number", ["00004", "0000043", "43", "00043", "4300000"])
def test_a_code_has_as_many_digits_as_the_baselines(number: str, shared: bool) -> None:
    found = departs("Invoice SO-{} of the shop\n", "000041", "000042", number, shared=shared)
    assert found == ([] if number == "4300000" else [("format", "")])


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Invoice SO-{} of the shop\n", ("000041", "000042", "000043")),
        ("Invoice SO-{} of the shop\n", ("041", "042", "1043")),
        ("Invoice {} of the shop\n", ("8", "9", "10")),
        ("it took 3.{} s in all\n", ("05", "1", "071")),
    ],
)
def test_and_other_digits_of_a_number_that_varies_are_none(
    text: str, numbers: tuple[str, str, str]
) -> None:
    assert departs(text, *numbers) == []
