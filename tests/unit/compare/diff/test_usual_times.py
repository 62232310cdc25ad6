"""Times are compared in one look, and it says what the walk says of any other value."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_cutover.compare.diff import usual_times
from pytest_cutover.compare.diff.transcripts import Comparison, compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, transcript


def said(moment_s: float) -> str:
    moment = datetime.fromtimestamp(moment_s, UTC).isoformat(timespec="milliseconds")
    return moment.replace("+00:00", "Z")


def table(began_s: float, *, at_s: float, as_csv: bool, side: Side = Side.BASELINE) -> Transcript:
    """Ten rows with a time in each, told at a moment."""
    times = [said(began_s + number) for number in range(10)]
    if not as_csv:
        rows = [{"lot": number, "seen_at": one} for number, one in enumerate(times)]
        return transcript(exchange(rows, at_s=at_s), side=side)
    lines = ["lot,seen_at", *(f"{number},{one}" for number, one in enumerate(times))]
    body, kind = "\n".join(lines).encode(), (("Content-Type", "text/csv"),)
    return transcript(exchange(body=body, headers=kind, at_s=at_s), side=side)


def compared(off_s: float, *, goes_with_the_clock: bool, as_csv: bool) -> Comparison:
    """Three recordings, an hour apart, of which the last is the candidate's and so far off."""
    began = [NOON_S - 3 + 3600 * number for number in range(3)]
    earlier_s = NOON_S - 3 * 86_400
    told = [NOON_S + 3600 * n if goes_with_the_clock else earlier_s for n in range(3)]
    one, two = (table(began[n], at_s=told[n], as_csv=as_csv) for n in range(2))
    last = table(began[2] + off_s, at_s=told[2], as_csv=as_csv, side=Side.CANDIDATE)
    return compare(one, last, golden=learn(one, two))


@pytest.mark.parametrize("as_csv", [True, False])
@pytest.mark.parametrize("goes_with_the_clock", [True, False])
@pytest.mark.parametrize("off_s", [0, 0.5, -9_000, 90_000, 400 * 86_400])
def test_one_look_and_the_walk_say_the_same_of_times(
    off_s: float, *, goes_with_the_clock: bool, as_csv: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def here() -> Any:
        found = compared(off_s, goes_with_the_clock=goes_with_the_clock, as_csv=as_csv)
        pairs = dict(found.values.weak.items()), dict(found.values.strong.items())
        return found.differences, found.account, found.numbers, pairs

    looked = here()
    monkeypatch.setattr(usual_times, "agree", lambda *_: False)
    assert here() == looked
    assert bool(looked[0]) == (goes_with_the_clock and abs(off_s) > 60)
