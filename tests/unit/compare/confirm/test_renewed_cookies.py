"""A cookie that is renewed now and then, by both sides alike, and one that is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from tests.unit.compare.building import JSON_HEADERS, NOON_S, exchange, transcript

SID = "sid=6Yx0m2Qw9Zr4Tn7Lk1Pb5Vc8"


def answer(set_cookie: str = "", *, sent: str = SID, at_s: float = NOON_S) -> Exchange:
    headers = [*JSON_HEADERS, *([("Set-Cookie", set_cookie)] if set_cookie else [])]
    found = exchange({"name": "gate"}, headers=headers, at_s=at_s)
    return replace(found, request=replace(found.request, headers=(("Cookie", f"a=b; {sent}"),)))


def judged(*rounds: tuple[str, str], sent: str = SID) -> Judged:
    """What rounds say in which the sides set these cookies."""
    told: list[Round] = []
    for pair in rounds:
        sides: list[Transcript] = [
            transcript(answer(text, sent=sent), side=side)
            for side, text in zip(Side, pair, strict=True)
        ]
        told.append(Round(*sides))
    return judge(told, Rulebook().under(learn(told[0].baseline, told[-1].baseline)))


def test_a_cookie_that_both_renew_in_the_same_rounds_is_no_noise() -> None:
    found = judged((SID, SID), ("", ""))
    assert (found.differences, found.inconclusive) == ((), None)


def test_one_that_the_candidate_does_not_renew_is_told() -> None:
    assert [one.pointer for one in judged((SID, ""), (SID, "")).differences] == [
        "/headers/set-cookie/sid"
    ]
    assert judged((SID, ""), ("", "")).inconclusive is not None


def test_one_with_another_value_than_was_sent_is_none_that_is_renewed() -> None:
    assert judged((SID, SID), ("", ""), sent="sid=another").inconclusive is not None


HALF_A_YEAR_S = 182 * 86400.0 + 3600


def ends(at_s: float, lifetime_s: float = HALF_A_YEAR_S) -> str:
    """A cookie that is set at a moment, with the second in which it ends."""
    moment = datetime.fromtimestamp(int(at_s + lifetime_s), UTC)
    return f"{SID}; Expires={format_datetime(moment, usegmt=True)}; Path=/"


def judged_in_time(
    *rounds: tuple[float, str, str], last: tuple[float, str, str] = (9.0, "", "")
) -> Judged:
    """What rounds say that began at these seconds after noon; the candidate is asked 0.2 s later.

    The first two have no cookie: from them nothing is learned of it.
    """
    told: list[Round] = []
    for after_s, *pair in ((0.0, "", ""), *rounds, last):
        sides = [
            transcript(answer(text, at_s=NOON_S + after_s + later_s), side=side)
            for side, text, later_s in zip(Side, pair, (0.0, 0.2), strict=True)
        ]
        told.append(Round(*sides))
    return judge(told, Rulebook().under(learn(told[0].baseline, told[-1].baseline)))


def test_when_it_ends_is_held_to_its_clock() -> None:
    second = NOON_S + 1
    found = judged_in_time((0.9, ends(second - 0.1), ends(second + 0.1)))
    assert (found.differences, found.inconclusive) == ((), None)
    found = judged_in_time(last=(0.9, ends(second - 0.1), ends(second + 0.1)))
    assert (found.differences, found.inconclusive) == ((), None)
    assert found.account.of(Fate.DIFFERENT) == 0
    later = NOON_S + 3
    found = judged_in_time(
        (0.9, ends(second - 0.1), ends(second + 0.1)), (2.9, ends(later - 0.1), ends(later + 0.1))
    )
    assert (found.differences, found.inconclusive) == ((), None)


@pytest.mark.parametrize("apart_s", [-3600.0, 10.0, 86400.0])
def test_another_lifetime_is_told(apart_s: float) -> None:
    found = judged_in_time((0.9, ends(NOON_S + 0.9), ends(NOON_S + 1.1, HALF_A_YEAR_S + apart_s)))
    assert [one.pointer for one in found.differences] == ["/headers/set-cookie/sid/expires"]


def test_a_day_that_stands_still_is_no_lifetime() -> None:
    fixed = ends(NOON_S)
    found = judged_in_time(
        (0.9, fixed, fixed), (3.9, fixed, ends(NOON_S + 1)), (7.9, fixed, ends(NOON_S + 1))
    )
    assert [one.pointer for one in found.differences] == ["/headers/set-cookie/sid/expires"]


@pytest.mark.parametrize(("seconds", "is_told"), [((600, 599, 598, 598), False),
                                                  ((600, 599, 600, 599), True),
                                                  ((600, 500, 599, 498), True)])  # fmt: skip
def test_what_is_left_of_it_may_be_a_second_less(seconds: tuple[int, ...], is_told: bool) -> None:
    one, other, late, last = (f"{SID}; Max-Age={number}" for number in seconds)
    found = judged_in_time((0.9, one, other), (1.9, late, last))
    assert bool(found.differences or found.inconclusive) is is_told


@pytest.mark.parametrize("is_baseline", [True, False])
def test_one_that_does_not_say_when_it_ends_on_one_side_is_told(is_baseline: bool) -> None:
    pair = (ends(NOON_S + 0.9), f"{SID}; Path=/")
    pair = pair[::-1] if is_baseline else pair
    found = judged_in_time((0.9, *pair), (1.9, *pair))
    assert [one.pointer for one in found.differences] == ["/headers/set-cookie/sid/expires"]


def test_one_that_is_no_more_taken_away_is_told() -> None:
    gone = "sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"
    found = judged((gone, "sid=; Path=/"), (gone, "sid=; Path=/"))
    assert [one.pointer for one in found.differences] == ["/headers/set-cookie/sid/expires"]
