"""How long a process has been up, in several units inside a text, is one value."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.diff.transcripts import RoundContext, compare
from pytest_cutover.compare.noise.model import learn
from tests.unit.compare.building import brief, exchange, transcript


def found(base: str, later: str, cand: str) -> list[tuple[str, str]]:
    """What departs where the baseline said one text, and another in its next round."""
    ours, again, theirs = (
        transcript(exchange({"note": f"Up {text}, 4 workers"})) for text in (base, later, cand)
    )
    context = RoundContext(later=again)
    return brief(compare(ours, theirs, context, golden=learn(ours, again)).differences)


@pytest.mark.parametrize(
    ("base", "later", "cand"),
    [
        ("25h 7m 1s", "25h 7m 2s", "0h 0m 19s"),
        ("25h7m1s", "25h7m2s", "19s"),
        ("19s", "20s", "25h7m1s"),
        ("1 day, 1:07:05", "1 day, 1:07:06", "0:00:19"),
        (
            "1 days, 1 hours, 7 minutes, 17 seconds",
            "1 days, 1 hours, 7 minutes, 18 seconds",
            "0 days, 0 hours, 0 minutes, 3 seconds",
        ),
    ],
)
def test_hours_go_with_the_seconds_that_vary(base: str, later: str, cand: str) -> None:
    assert found(base, later, cand) == []


@pytest.mark.parametrize(
    ("base", "later", "cand"),
    [
        ("12 ms", "13 ms", "12 s"),
        ("12 s", "13 s", "12 seconds"),
        ("1h 7m 1s", "1h 7m 2s", "67m"),
        ("1h 7m 1s", "1h 7m 2s", "a while"),
        ("24h 0m | 3 s", "24h 0m | 4 s", "12h 0m | 3 s"),
    ],
)
def test_another_unit_or_what_stands_still_departs(base: str, later: str, cand: str) -> None:
    assert found(base, later, cand) == [("value", "/note")]


def test_a_duration_beside_another_word_departs() -> None:
    assert found("25h 7m 1s", "25h 7m 2s", "0h 0m 19s, 5 errors") == [("value", "/note")]
