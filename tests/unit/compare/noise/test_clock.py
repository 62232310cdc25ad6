"""Which times are those at which both processes were started, and which read the clock now."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pytest_cutover.compare.diff.own_values import explanation
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.truncate import Excerpts
from pytest_cutover.compare.noise.clock import ages_in_their_place, course, of_start, other_unit
from pytest_cutover.compare.noise.formats import instant_s, named
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.matchers import Json
from tests.unit.compare.building import NOON_S, brief, departures, exchange, judged, transcript

WINDOW = NOON_S - 40, NOON_S - 35


@pytest.mark.parametrize(
    ("base", "cand"),
    [
        (str(int((NOON_S - 39) * 1000)), str(int((NOON_S - 37.5) * 1000))),
        (b"%d" % (NOON_S - 39), b"%d" % (NOON_S - 36)),
        ("2026-03-02T11:59:21.100Z", "2026-03-02T11:59:24.250Z"),
        ("Mon, 02 Mar 2026 11:59:21 GMT", "Mon, 02 Mar 2026 11:59:22 GMT"),
    ],
)
def test_start_times_are_each_processes_own(base: Json, cand: Json) -> None:
    assert of_start(base, cand, *WINDOW)


@pytest.mark.parametrize(
    ("base", "cand"),
    [
        ("2026-03-02T11:59:21.100Z", "2026-03-02T11:59:24Z"),  # another form
        ("2026-03-02T11:59:21Z", "2026-03-02T12:59:24Z"),  # another zone
        ("2026-03-02T11:59:21Z", "2026-03-02T11:59:41Z"),  # later than both were ready
        ("2026-03-02T11:59:15Z", "2026-03-02T11:59:21Z"),  # earlier than any was launched
        (b"%d" % (NOON_S - 39), b"%d" % ((NOON_S - 39) * 1000)),  # another unit
        (b"17", b"19"),
        ("11:59:21", "11:59:24"),
    ],
)
def test_other_times_are_not(base: Json, cand: Json) -> None:
    assert not of_start(base, cand, *WINDOW)


def test_a_time_without_a_launch_is_a_difference() -> None:
    ours, theirs = ({"up_since": f"2026-03-01T11:59:2{n}Z"} for n in (1, 4))
    assert departures(ours, theirs) == [("value", "/up_since")]
    assert judged(transcript(exchange(ours)), transcript(exchange(theirs))).differences


@pytest.mark.parametrize(
    ("base", "cand", "change"),
    [
        (b"1772452800", b"1772452801", ""),
        (b"1772452800", b"1772452800123", "epoch s → epoch ms"),
        (b"1772452800123456789", b"1772452800123456", "epoch ns → epoch us"),
        (b"1772452800.1234567", b"1772452801.12345", ""),
        (b"1772452800.1234567", b"1772452801", ""),  # a few rounds tell
        ("1772452800123456", "1772452800123", "epoch us → epoch ms"),
    ],
)
def test_the_unit_in_which_a_clock_counts(base: Json, cand: Json, change: str) -> None:
    assert other_unit(base, cand) == change


def test_another_day_than_the_baselines_is_none_of_today() -> None:
    def asked(day: str, *, later_s: float = 1) -> list[tuple[str, str]]:
        ours = transcript(exchange({"today": "2026-03-02"}, at_s=NOON_S + 60))
        theirs = transcript(exchange({"today": day}, at_s=NOON_S + 60 + later_s))
        return brief(judged(ours, theirs).differences)

    assert [] == asked("2026-03-02")
    assert [("value", "/today")] == asked("2826-03-02")
    assert [("value", "/today")] == asked("2026-03-03")
    assert [] == asked("2026-03-03", later_s=900)  # a day ended between the two


def test_what_went_on_with_the_clock_for_a_moment_is_known_to_be_ahead_of_it() -> None:
    def course_of(left: str, right: str) -> tuple[bool, int]:
        spans = (NOON_S, NOON_S + 0.01), (NOON_S + 0.24, NOON_S + 0.25)
        return course((left, right), spans)

    assert (False, 25) == course_of("2026-03-02T12:00:25.010Z", "2026-03-02T12:00:25.251Z")
    assert (False, 0) == course_of("2026-03-02T12:00:25.010Z", "2026-03-02T12:00:25.991Z")


def test_and_so_is_what_was_read_within_two_exchanges_of_some_milliseconds() -> None:
    def course_of(left: str, right: str) -> tuple[bool, int]:
        spans = (NOON_S, NOON_S + 0.002), (NOON_S + 0.006, NOON_S + 0.047)
        return course((left, right), spans)

    assert (False, 25) == course_of("2026-03-02T12:00:25.001Z", "2026-03-02T12:00:25.007Z")
    assert (False, -25) == course_of("2026-03-02T11:59:35.001Z", "2026-03-02T11:59:35.046Z")
    assert (False, 0) == course_of("2026-03-02T12:00:25.001Z", "2026-03-02T12:00:25.091Z")
    assert (False, 0) == course_of("2026-03-02T12:00:25.001Z", "2026-03-02T12:00:25.002Z")
    assert (False, 0) == course_of("2026-03-02T12:00:25.007Z", "2026-03-02T12:00:25.001Z")


# A time of now as it is written by somebody, given the moment.
SPELLED: dict[str, Callable[[datetime], Any]] = {
    "two members": lambda t: {"date": f"{t:%Y-%m-%d}", "time": f"{t:%H:%M:%S}"},
    "berlin": lambda t: f"{t + timedelta(hours=1):%d.%m.%Y %H:%M:%S}",
    "javascript": lambda t: f"{t:%a %b %d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)",
    "java": lambda t: f"{t:%a %b %d %H:%M:%S} UTC {t:%Y}",
    "japan": lambda t: f"{t:%Y}年{t:%m}月{t:%d}日 {t:%H:%M:%S}",
    "rfc 850": lambda t: f"{t:%A, %d-%b-%y %H:%M:%S} GMT",
    "fourteen digits": lambda t: f"{t:%Y%m%d%H%M%S}",
    "fourteen digits in a number": lambda t: int(f"{t:%Y%m%d%H%M%S}"),
    "name of a file": lambda t: f"all-{t:%Y%m%d_%H%M%S}.csv",
    "hyphens in the name of a file": lambda t: f"all_{t:%Y-%m-%d_%H-%M-%S}.csv",
    "ticks of .net": lambda t: int((t.timestamp() + 62_135_596_800) * 1e7),
    "ticks of windows": lambda t: int((t.timestamp() + 11_644_473_600) * 1e7),
    "days of a sheet": lambda t: round(t.timestamp() / 86400 + 25_569, 8),
    "days of julius": lambda t: round(t.timestamp() / 86400 + 2_440_587.5, 7),
    "seconds in a text": lambda t: f"made at {t.timestamp():.6f} by a job",
}


def _said(spelling: str, at_s: float, off_s: float = 0) -> Transcript:
    moment = datetime.fromtimestamp(at_s + off_s, UTC)
    body = json.dumps({"made": SPELLED[spelling](moment), "n": 7}).encode()
    return transcript(exchange(body=body, at_s=at_s))


@pytest.mark.parametrize("spelling", SPELLED)
def test_a_clock_of_another_zone_is_told_however_it_is_written(spelling: str) -> None:
    first, again = _said(spelling, NOON_S + 7), _said(spelling, NOON_S + 11)
    assert () == judged(first, _said(spelling, NOON_S + 13), again=again).differences
    for hours in (-5, 1, 2):
        found = judged(first, _said(spelling, NOON_S + 13, hours * 3600), again=again)
        assert "value" in {one.kind for one in found.differences}


NUMBERS: dict[str, Callable[[float], str]] = {
    "seconds": lambda at_s: f"{at_s:.0f}",
    "seconds and a part": lambda at_s: f"{at_s:.3f}".rstrip("0"),
    "milliseconds": lambda at_s: f"{at_s * 1e3:.0f}",
    "microseconds": lambda at_s: f"{at_s * 1e6:.0f}",
    "ticks": lambda at_s: f"{(at_s + 62_135_596_800) * 1e7:.0f}",
}


@pytest.mark.parametrize("spelling", NUMBERS)
@pytest.mark.parametrize("other", ["0", "17", "-1", "995845511"])
def test_a_number_that_is_now_is_a_time_on_the_other_side_too(spelling: str, other: str) -> None:
    def said(at_s: float, number: str = "") -> Transcript:
        body = f'{{"made":{number or NUMBERS[spelling](at_s)},"n":7}}'.encode()
        return transcript(exchange(body=body, at_s=at_s))

    first, again = said(NOON_S + 7.25), said(NOON_S + 11.041)
    assert () == judged(first, said(NOON_S + 13.5), again=again).differences
    assert [("value", "/made")] == brief(
        judged(first, said(NOON_S + 13.5, other), again=again).differences
    )


@pytest.mark.parametrize("around", ["id,at\n7,{}\n", "<lot at='{}'/>", "made at {} by us"])
def test_so_it_is_in_a_sheet_in_markup_and_in_a_sentence(around: str) -> None:
    def said(at_s: float, number: str = "") -> Transcript:
        body = around.format(number or f"{at_s:.3f}".rstrip("0")).encode()
        kind = {"i": "text/csv", "<": "application/xml"}.get(around[0], "text/plain")
        return transcript(exchange(body=body, headers=(("content-type", kind),), at_s=at_s))

    first, again = said(NOON_S + 7.25), said(NOON_S + 11.041)
    assert () == judged(first, said(NOON_S + 13.5), again=again).differences
    (found,) = judged(first, said(NOON_S + 13.5, "0"), again=again).differences
    assert found.change == "now → no time"


@pytest.mark.parametrize("other", ["None", "undefined", "Invalid%20Date", "2026-03-02"])
def test_a_time_with_percent_signs_is_one_in_a_link(other: str) -> None:
    def said(at_s: float, value: str = "", off_s: float = 0) -> Transcript:
        moment = datetime.fromtimestamp(at_s + off_s, UTC)
        value = value or f"{moment:%Y-%m-%dT%H%%3A%M%%3A%SZ}"
        headers = (("location", f"/done?since={value}&page=2"),)
        return transcript(exchange(body=b"", status=302, headers=headers, at_s=at_s))

    first, again = said(NOON_S + 7), said(NOON_S + 11)
    assert () == judged(first, said(NOON_S + 13), again=again).differences
    for told in (said(NOON_S + 13, other), said(NOON_S + 13, off_s=3600)):
        (found,) = judged(first, told, again=again).differences
        assert (found.kind, found.pointer) == ("header-value", "/headers/location")


def test_a_time_of_day_goes_on_behind_midnight() -> None:
    first, again, after = (
        transcript(exchange({"at": at}, at_s=NOON_S + 43_195 + n))
        for n, at in ((0, "23:59:55"), (3, "23:59:58"), (9, "00:00:04"))
    )
    assert () == judged(first, after, again=again).differences


def test_times_of_day_that_follow_no_clock_are_held_to_their_form() -> None:
    first, again, other = (
        transcript(exchange({"opens": opens}, at_s=NOON_S + n))
        for n, opens in enumerate(("08:10:33", "17:44:01", "09:12:55"))
    )
    assert () == judged(first, other, again=again).differences


@pytest.mark.parametrize(
    ("text", "moment_s"),
    [
        ("2026-03-02T12:00:00Z", NOON_S),
        ("2026-03-02T12:00:59.017Z", NOON_S + 59.017),
        ("2026-03-02T12:01:00.000250Z", NOON_S + 60.00025),
        ("2026-03-02T12:00:60Z", None),
        ("2026-03-02T24:00:00Z", None),
        ("2026-02-30T12:00:00.000Z", None),
    ],
)
def test_a_time_tells_its_instant_where_there_is_one(text: str, moment_s: float | None) -> None:
    assert instant_s(text) == (moment_s and pytest.approx(moment_s, abs=1e-6))
    assert named(text)[1] == instant_s(text)


@pytest.mark.parametrize(
    ("base", "cand", "is_one"),
    [
        ("opened 4 minutes ago by Ann", "opened 5 minutes ago by Ann", True),
        ("a: 59 seconds ago\nb: 7 minutes ago\n", "a: 1 minute ago\nb: 8 minutes ago\n", True),
        ("opened 4 minutes ago by Ann", "opened 5 minutes ago by Bob", False),
        ("opened 4 minutes ago by Ann", "opened 9 minutes ago by Ann", False),
        ("opened 4 minutes ago by Ann", "opened 4 hours ago by Ann", False),
        ("a: 3 minutes ago\nb: 7 minutes ago\n", "a: 3 minutes ago\nb: 17 minutes ago\n", False),
        ("4 of 5 ago", "5 of 5 ago", False),
    ],
)
def test_an_age_in_a_sentence(base: str, cand: str, is_one: bool) -> None:
    """Two databases that were filled a moment apart tell two minutes of one row."""
    assert (ages_in_their_place(base, cand) == base) is is_one
    assert bool(explanation(Scope(0, "", Excerpts(())), "", base, cand)) is is_one
