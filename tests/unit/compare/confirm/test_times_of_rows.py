"""The time of a feed is that of its newest row, and not that of any."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import exchange, transcript

CHANGE = "the time of one row → of another"
BODIES = {"json": "/updated", "atom": "/feed/0/updated"}


def _feed(second: int, kind: str, *, of: int | None) -> Transcript:
    """Return three rows, the newest first, under the time of one of them, or of none."""
    rows = [f"2024-05-01T12:{second:02d}:{3 - at:02d}.{second}17Z" for at in range(3)]
    time = f"2024-05-01T12:{second:02d}:04.001Z" if of is None else rows[of]
    if kind == "json":
        return transcript(exchange({"updated": time, "rows": [{"at": one} for one in rows]}))
    entries = "".join(f"<entry><at>{one}</at></entry>" for one in rows)
    body = f"<?xml version='1.0'?><feed><updated>{time}</updated>{entries}</feed>".encode()
    return transcript(exchange(body=body, headers=(("Content-Type", "application/atom+xml"),)))


def _judged(kind: str, base: Sequence[int | None], cand: Sequence[int | None]) -> Judged:
    rounds = [
        Round(_feed(10 + 2 * at, kind, of=ours), _feed(11 + 2 * at, kind, of=theirs))
        for at, (ours, theirs) in enumerate(zip(base, cand, strict=True))
    ]
    return judge(rounds, Rulebook().beside((rounds[0].baseline, rounds[-1].baseline)))


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("wrong", [1, 2])
def test_a_feed_of_the_time_of_an_older_row_is_told_after_four_rounds(
    kind: str, wrong: int
) -> None:
    (found,) = _judged(kind, [0] * 4, [wrong] * 4).differences
    assert (found.kind, found.pointer, found.change) == ("value", BODIES[kind], CHANGE)
    few = _judged(kind, [0] * 3, [wrong] * 3)
    assert few.differences == ()
    assert few.moving == {(found.endpoint, BODIES[kind])}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize(
    ("base", "cand"),
    [
        ([0] * 4, [0] * 4),
        ([0] * 4, [1, 1, 1, 0]),  # a row came in between
        ([0] * 4, [None] * 4),  # it is told a moment later, as it may be on the baseline too
        ([None] * 4, [1] * 4),
        ([0, 1, 2, 1], [2] * 4),  # that of any row
    ],
)
def test_a_time_that_may_be_of_no_row_is_held_to_the_clock_alone(
    kind: str, base: list[int | None], cand: list[int | None]
) -> None:
    assert CHANGE not in [one.change for one in _judged(kind, base, cand).differences]
