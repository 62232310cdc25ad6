"""What a rate limit of the candidate alone hides, and how long a run waits for it."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.throttled import (
    Patience,
    asked_to_wait_s,
    refusals,
    without_refused,
)
from pytest_cutover.compare.diff.account import Account, Fate
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript

NOW_S = 1_764_115_200.0  # 2025-11-26 00:00:00 UTC
ENDPOINT = "GET /pages"


def answered(*answers: Response) -> Transcript:
    asked = tuple(Exchange(Request("GET", "/pages"), one, ENDPOINT) for one in answers)
    return Transcript("test", Side.CANDIDATE, asked)


def refused(said: str | None = None) -> Response:
    return Response(429, () if said is None else (("Retry-After", said),))


def status(at: int, change: str) -> Difference:
    return Difference(at, ENDPOINT, Kind.STATUS, "", change)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        (None, 1.0),
        ("soon", 1.0),
        ("-3", 1.0),
        ("Wed, 26 Nov 2025 00:00:20 GMT", 20.0),
        ("Tue, 25 Nov 2025 00:00:00 GMT", 0.0),
        ("9" * 400, 999_999_999.0),
    ],
)
def test_retry_after_is_seconds_or_a_date(said: str | None, seconds: float) -> None:
    assert asked_to_wait_s(answered(Response(200), refused(said)), NOW_S) == seconds


def test_a_run_waits_no_longer_than_it_may() -> None:
    patience = Patience(3.0)
    assert patience.wait_s(2.0, tries=0) == 2.0
    assert patience.wait_s(2.0, tries=0) is None
    assert patience.wait_s(1.0, tries=0) == 1.0


def test_one_test_is_tried_three_times() -> None:
    patience = Patience(30.0)
    assert patience.wait_s(1.0, tries=2) == 1.0
    assert patience.wait_s(1.0, tries=3) is None


@pytest.mark.parametrize("change", ["429 → 200", "200 → 500", "429 → 503"])
def test_a_lost_limit_is_no_rate_limit_of_the_candidate(change: str) -> None:
    judged = Judged((status(0, change),))
    assert refusals(judged) == []
    assert without_refused(judged, answered(Response(200))) is judged


def test_an_accepted_limit_is_none_that_hides_anything() -> None:
    judged = Judged((status(0, "200 → 429"),))
    assert without_refused(judged, answered(refused()), lambda _: "accepted") is judged


def test_what_comes_after_the_first_refusal_is_open() -> None:
    account = Account()
    account.note(ENDPOINT, Fate.DIFFERENT, number=2)
    before = Difference(0, ENDPOINT, Kind.VALUE, "/n", "integer → integer")
    judged = Judged((before, status(1, "200 → 429")), account=account)
    found = without_refused(judged, answered(Response(200), refused("60"), refused("60")))
    assert found.differences == (before,)
    assert found.inconclusive is not None
    assert found.inconclusive.startswith("throttled: the candidate answered 429")
    assert "2 of 3 requests" in found.inconclusive
    assert "60 s" in found.inconclusive
    assert (found.account.of(Fate.DIFFERENT), found.account.of(Fate.OPEN)) == (1, 1)
    assert account.of(Fate.DIFFERENT) == 2
