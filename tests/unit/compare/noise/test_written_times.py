"""Times as people read them tell minutes and no zone: two sides asked a moment apart tell two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.noise.written_times import in_its_place
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import exchange, settled, transcript

HTML = (("Content-Type", "text/html; charset=utf-8"),)
NINE_PAST = datetime(2026, 11, 27, 5, 9, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 28, tzinfo=UTC)


def spelled(moment: datetime) -> list[str]:
    """A time in the forms of pages."""
    half = "a.m." if moment.hour < 12 else "p.m."
    short = f"{moment.hour % 12 or 12}:{moment:%M} {half}"
    return [
        f"{moment:%Y-%m-%d %H:%M}",
        f"changed {moment:%Y-%m-%dT%H:%M:%S} by Ann",
        f"{moment:%b}. {moment.day}, {moment.year}, {short}",
        f"{moment:%A}, {moment.day} {moment:%B} {moment.year} at {moment:%H:%M}",
        f"{moment:%d.%m.%Y} um {moment:%H:%M} Uhr",
        f"{moment:%m/%d/%Y} {short.replace('.', '').upper()}",
        f"at {moment:%H:%M}",
        f"at {short}",
    ]


def told(base: datetime, cand: datetime, *, now: datetime | None = None) -> list[bool]:
    """Whether each form of two times is taken for one, on data of each side's own."""
    at = (now or max(base, cand) + timedelta(seconds=1)).timestamp()
    return [
        in_its_place(one, other, (at, at + 0.5), own_ids=True) == one
        for one, other in zip(spelled(base), spelled(cand), strict=True)
    ]


@pytest.mark.parametrize("turn", [NINE_PAST, MIDNIGHT, NINE_PAST.replace(hour=12, minute=0)])
def test_a_minute_or_a_day_that_turned_between_the_sides(turn: datetime) -> None:
    assert all(told(turn - timedelta(seconds=1), turn + timedelta(seconds=1)))


@pytest.mark.parametrize("zone_hours", [-5, 2, 5.5, 13])
def test_a_server_in_a_zone_that_nobody_names(zone_hours: float) -> None:
    """Its clock is off by half hours; without a date any score would be a time of some zone."""
    zone, step = timedelta(hours=zone_hours), timedelta(seconds=1)
    local, other = NINE_PAST + zone - step, NINE_PAST + zone + step
    for ago in (step, timedelta(minutes=10)):
        assert told(local, other, now=NINE_PAST + ago) == [True] * 6 + [False] * 2
    for off in (timedelta(minutes=4), timedelta(hours=1), timedelta(days=-1)):
        assert True not in told(local, other + off, now=NINE_PAST + step)[:6]
    shared = [(at := NINE_PAST.timestamp()) + 1, at + 60]
    for at, is_one in zip(shared, (True, False), strict=True):
        text = f"{local:%d.%m.%Y %H:%M}"
        now = in_its_place(text, f"{other:%d.%m.%Y %H:%M}", (at, at), own_ids=False)
        assert (now == text) is is_one


def test_a_day_alone_is_not_read_in_any_zone() -> None:
    at = NINE_PAST.timestamp()
    text = "on November 26, 2026"
    assert in_its_place(text, "on November 27, 2026", (at, at), own_ids=True) != text


@pytest.mark.parametrize("off", [timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)])
def test_another_time_is_none_that_the_clock_tells(off: timedelta) -> None:
    before = NINE_PAST - timedelta(seconds=1)
    assert told(before, before - off).count(True) == (2 if off.days else 0)  # two tell no day
    assert told(before - off, before).count(True) == (2 if off.days else 0)


def test_what_was_written_long_ago_is_the_same_minute_or_another_time() -> None:
    assert not any(told(NINE_PAST, NINE_PAST + timedelta(minutes=1), now=MIDNIGHT))


@pytest.mark.parametrize(
    ("base", "cand"),
    [
        ("at 5:08", "at 05:09"),
        ("at 05:08", "at 5:09 a.m."),
        ("at 05:08", "at 05:09:00"),
        ("Nov 27, 2026 05:08", "27 Nov 2026 05:09"),
        ("at 05:08", "since 05:09"),
        ("at 05:08", "at 05:09 at 05:09"),
        ("Sunny at 05:08", "Monday at 05:09"),
        ("opens at 09:00", "opens at 09:01"),
        ("score 12:08", "score 12:09"),
    ],
)
def test_another_form_other_words_and_other_numbers(base: str, cand: str) -> None:
    at = NINE_PAST.timestamp() + 1
    assert in_its_place(base, cand, (at, at), own_ids=True) != base


@pytest.mark.parametrize(("seconds", "is_one"), [(1, True), (30, False)])
def test_on_one_database_only_the_clock_itself_tells_two_minutes(
    seconds: int, is_one: bool
) -> None:
    """A row has one time there, whoever shows it."""
    at = NINE_PAST.timestamp() + seconds
    shown = in_its_place("at 05:08", "at 05:09", (at, at), own_ids=False)
    assert (shown == "at 05:08") is is_one


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("off", [timedelta(0), timedelta(minutes=-10), timedelta(hours=1)])
def test_a_tooltip_of_an_earlier_test(shared: bool, off: timedelta) -> None:
    """On two databases each side shows the minute of its own write; on one they show one minute."""

    def asked(side: Side) -> Transcript:
        is_baseline = side is Side.BASELINE
        moment = NINE_PAST + (timedelta(seconds=-1) if is_baseline else timedelta(seconds=1) + off)
        page = f"<html><body><a href='/gate' title='{spelled(moment)[2]}'>Gate</a></body></html>"
        at_s = NINE_PAST.timestamp() + 20
        one = exchange(body=page.encode(), headers=HTML, at_s=at_s)
        return transcript(one, side=side, session_started_s=at_s - 60)

    found: Judged = settled(
        TestState(None, None), Judge(Rulebook(shared_state=shared), lambda _: None), asked
    )
    is_equal = not shared and not off
    assert (found.differences == ()) is is_equal
    assert not is_equal or not found.account.open


@pytest.mark.parametrize("off", [timedelta(0), timedelta(hours=1), timedelta(minutes=-7)])
def test_a_minute_that_varies_is_held_to_the_clock(off: timedelta) -> None:
    """The baseline's two rounds tell two minutes: what varies is no free time for that."""
    now = [NINE_PAST - timedelta(seconds=2)]

    def asked(side: Side) -> Transcript:
        now[0] += timedelta(seconds=1)
        moment = now[0] + (off if side is Side.CANDIDATE else timedelta(0))
        at_s = now[0].timestamp()
        one = exchange({"at": f"{moment:%Y-%m-%d %H:%M}", "of": f"{moment:%H:%M}"}, at_s=at_s)
        return transcript(one, side=side, session_started_s=at_s - 60)

    judge = Judge(Rulebook(shared_state=True), lambda _: None)
    found = settled(TestState(None, None), judge, asked)
    assert {one.pointer for one in found.differences} == ({"/at", "/of"} if off else set())
