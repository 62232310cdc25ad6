"""How long something runs is one format, however it is spelled; a version and a size are none."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.noise.formats import format_of
from tests.unit.compare.building import brief, exchange, judged, transcript

DURATIONS = [
    *("PT1H23M20.123S", "P3DT4H", "PT17S", "24h0m17.5s", "17.5s", "350ms", "1 day, 3:02:11"),
    *("3d 01:23:20", "2 days, 2:11:09.123456", "2 days, 4 hours, 1 minute, 3 seconds", "1h 5m"),
    *("1d 3h 46m 40s", "0d 0h 0m 5s", "3 hours 5 minutes", "1h2m3s", "PT0.5S"),
    *("1 day, 2 hours and 3 minutes", "P1DT3H46M40S"),
]


@pytest.mark.parametrize("text", DURATIONS)
def test_a_duration_is_one(text: str) -> None:
    assert format_of(text) == "duration"


@pytest.mark.parametrize(
    "text",
    [
        "P",
        "PT",
        "12",
        "3 apples",
        "5 men",
        "12:30:00",
        "1.2.3",
        "smith",
        "10 sorts",
        "P3X",
        "5 km",
        "4dr",
        "days",
        "10 MB",
    ],
)
def test_other_texts_are_none(text: str) -> None:
    assert format_of(text) != "duration"


@pytest.mark.parametrize(
    ("first", "again", "other"),
    [
        ("24h0m17.5s", "24h0m18.25s", "3.125s"),
        ("PT1H23M20.1S", "PT1H23M21.4S", "PT4.5S"),
        ("2 days, 4:46:40.5", "2 days, 4:46:41.75", "0:00:17.25"),
        ("2 days, 4:46:40", "2 days, 4:46:42", "12:00:17"),
        ("3d 01:23:20", "3d 01:23:22", "0d 00:00:17"),
    ],
)
def test_each_side_is_up_for_its_own_time(first: str, again: str, other: str) -> None:
    one, two, cand = (transcript(exchange({"up": text})) for text in (first, again, other))
    assert brief(judged(one, cand, again=two).differences) == []
    for wrong in ("soon", 17, ""):
        found = judged(one, transcript(exchange({"up": wrong})), again=two).differences
        assert [place for _, place in brief(found)] == ["/up"]
