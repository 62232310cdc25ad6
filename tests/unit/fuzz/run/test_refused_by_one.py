"""What one side alone refuses for one member is asked again with what is taken there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.generate.case import Binding, Call, Case
from tests.unit.fuzz.run.examining import examiner_of

ENDPOINT = "POST /lots"
TAKEN = {"code": "A", "kind": "RAW", "weight": 1}
REFUSED = {"error": {"fields": ["weight"]}}
SENT = {"code": "B", "kind": "DEB", "weight": 10000}


def _asked(side: Side, status: int, answer: Any) -> Transcript:
    response = Response(status, (), json.dumps(answer).encode())
    return Transcript("fuzz", side, (Exchange(Request("POST", "/lots"), response, ENDPOINT),))


def _again(
    sent: dict[str, Any], ours: tuple[int, Any], theirs: tuple[int, Any], times: int = 1
) -> list[Case]:
    """Return what is asked once more after a case that both sides have answered."""
    one = Round(_asked(Side.BASELINE, *ours), _asked(Side.CANDIDATE, *theirs))
    examiner = examiner_of(one)
    for number in range(times):
        body = {**sent, "code": f"{sent['code']}{number or ''}"}
        examiner.examine(Case((Call(endpoint=ENDPOINT, body=body),), "probe"), one)
    return list(examiner.refused.with_what_is_taken(TAKEN))


def test_the_rest_of_a_refused_body_is_seen_with_what_is_taken() -> None:
    """A kind of lot was seen in no answer: the weight beside it was at its bound, and refused."""
    cases = _again(SENT, (201, {}), (422, REFUSED))
    assert [one.calls[-1].body for one in cases] == [{"code": "B", "kind": "DEB", "weight": 1}]


def test_a_member_that_is_not_taken_is_left_out() -> None:
    cases = _again({**SENT, "tags": ["a"]}, (201, {}), (422, {"error": "tags is too long"}))
    assert cases == []  # it says no member by name
    cases = _again({**SENT, "tags": ["a"]}, (201, {}), (422, {"errors": ["tags"]}))
    assert [one.calls[-1].body for one in cases] == [SENT]


@pytest.mark.parametrize(
    ("sent", "ours", "theirs"),
    [
        (SENT, (201, {}), (201, {})),
        (SENT, (422, REFUSED), (422, REFUSED)),
        (SENT, (422, REFUSED), (201, {})),  # let in: what both would have said is not known
        (SENT, (404, {}), (422, REFUSED)),
        ({**TAKEN, "weight": 10000}, (201, {}), (422, REFUSED)),  # all the rest was seen before
    ],
)
def test_nothing_is_asked_again_where_nothing_is_hidden(
    sent: dict[str, Any], ours: tuple[int, Any], theirs: tuple[int, Any]
) -> None:
    assert _again(sent, ours, theirs) == []


def test_a_few_are_asked_again_and_no_more() -> None:
    assert len(_again(SENT, (201, {}), (422, REFUSED), times=40)) == 6


def test_what_is_given_out_for_the_refused_place_is_no_longer() -> None:
    one = Round(_asked(Side.BASELINE, 201, {}), _asked(Side.CANDIDATE, 422, REFUSED))
    examiner = examiner_of(one)
    code, weight = (Binding(f"body/{name}", label=name) for name in ("code", "weight"))
    call = Call(endpoint=ENDPOINT, body=SENT, bindings=(code, weight))
    examiner.examine(Case((call,), "probe"), one)
    (again,) = examiner.refused.with_what_is_taken(TAKEN)
    assert again.calls[-1].bindings == (code,)
