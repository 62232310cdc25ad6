"""A cookie that is renewed now and then, by both sides alike, and one that is not."""

from __future__ import annotations

from dataclasses import replace

from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from tests.unit.compare.building import JSON_HEADERS, exchange, transcript

SID = "sid=6Yx0m2Qw9Zr4Tn7Lk1Pb5Vc8"


def answer(set_cookie: str = "", *, sent: str = SID) -> Exchange:
    headers = [*JSON_HEADERS, *([("Set-Cookie", set_cookie)] if set_cookie else [])]
    found = exchange({"name": "gate"}, headers=headers)
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
