"""What one case says of both sides, and what it says nothing of."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.generate.case import Call, Case
from pytest_cutover.fuzz.run.triage import Key
from tests.unit.fuzz.run.examining import examiner_of

READ = Call(endpoint="GET /items/{id}", path={"id": "a"}, spelling="case")


def _asked(side: Side, path: str, status: int) -> Transcript:
    exchange = Exchange(Request("GET", path), Response(status, (), b"{}"), READ.endpoint)
    return Transcript("fuzz", side, (exchange,))


@pytest.mark.parametrize(("theirs", "found"), [("/items/B7", 1), ("/items/77", 0)])
def test_an_id_without_a_letter_is_the_same_in_the_other_case(theirs: str, found: int) -> None:
    """Of two databases one gave an id of digits alone: it was found where the other's was not."""
    one = Round(
        _asked(Side.BASELINE, "/items/A1", 404), _asked(Side.CANDIDATE, theirs, 200)
    )  # fmt: skip
    examiner = examiner_of(one, elsewhere=())
    case = Case((READ,), "protocol an id in the other case")
    assert len(examiner.examine(case, one)) == found


@pytest.mark.parametrize(
    ("elsewhere", "found"),
    [
        ("PUT /orders/{id} | status |  | 404 → 200", 1),  # of another path
        ("PUT /items/{id} | status |  | 404 → 200", 0),
    ],
)
def test_a_status_is_told_by_requests_of_the_same_path_alone(elsewhere: str, found: int) -> None:
    one = Round(
        _asked(Side.BASELINE, "/items/A1", 404), _asked(Side.CANDIDATE, "/items/A1", 200)
    )  # fmt: skip
    examiner = examiner_of(one, elsewhere=(Key(elsewhere, "valid"),))
    case = Case((READ,), "protocol an id in the other case")
    assert len(examiner.examine(case, one)) == found


def _head(side: Side, length: int) -> Transcript:
    headers = (("Content-Length", str(length)),)
    exchange = Exchange(Request("HEAD", "/items"), Response(200, headers, b""), "HEAD /items")
    return Transcript("fuzz", side, (exchange,))


@pytest.mark.parametrize(
    ("shared", "theirs", "found"),
    [(False, 1695, 0), (None, 1695, 0), (True, 1695, 1), (False, 0, 1), (False, 3000, 1)],
)
def test_what_head_says_of_a_list_is_as_long_as_its_own_ids(
    shared: bool | None, theirs: int, found: int
) -> None:
    one = Round(_head(Side.BASELINE, 1689), _head(Side.CANDIDATE, theirs))
    case = Case((Call(endpoint="HEAD /items"),), "protocol HEAD")
    assert len(examiner_of(one, shared=shared, elsewhere=()).examine(case, one)) == found


@pytest.mark.parametrize(("statuses", "found"), [((200, 429), 0), ((429, 200), 1), ((429, 429), 0)])
def test_a_limit_of_the_rate_on_the_candidate_alone_accuses_nobody(
    statuses: tuple[int, int], found: int
) -> None:
    ours, theirs = statuses
    one = Round(
        _asked(Side.BASELINE, "/items/a", ours), _asked(Side.CANDIDATE, "/items/a", theirs)
    )  # fmt: skip
    examiner = examiner_of(one, elsewhere=())
    assert len(examiner.examine(Case((READ,), "probe"), one)) == found
    assert examiner.tally.unsteady == (statuses == (200, 429))
