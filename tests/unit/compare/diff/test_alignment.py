"""Requests of two sides are paired by what they ask; what has no partner is said, once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.compare.diff.alignment import align
from pytest_cutover.normalize.normalized import NormalizedExchange, NormalizedRequest


def asked(*requests: str) -> list[NormalizedExchange]:
    found = []
    for request in requests:
        method, _, target = request.partition(" ")
        endpoint = f"{method} {target.partition('?')[0]}"
        found.append(NormalizedExchange(endpoint, NormalizedRequest(method, target)))
    return found


def test_one_page_more_has_no_partner_and_the_rest_goes_on() -> None:
    ours = asked("GET /rows", "GET /stock")
    theirs = asked("GET /rows", "GET /rows?page=2", "GET /stock")
    assert align(ours, theirs) == [(0, 0), (None, 1), (1, 2)]


def test_an_id_that_no_template_names_is_still_the_same_request() -> None:
    ours = asked("POST /items", "GET /items/101", "DELETE /items/101")
    theirs = asked("POST /items", "GET /items/b7f3", "DELETE /items/b7f3")
    assert align(ours, theirs) == [(0, 0), (1, 1), (2, 2)]


def test_another_method_is_another_request() -> None:
    assert align(asked("PUT /a"), asked("PATCH /a")) == [(0, None), (None, 0)]


REQUESTS = st.lists(st.sampled_from(["GET /a", "GET /a?x=1", "POST /a", "GET /b", "PUT /b/c"]))


@given(REQUESTS, REQUESTS)
def test_every_request_has_one_place(ours: list[str], theirs: list[str]) -> None:
    pairs = align(asked(*ours), asked(*theirs))
    assert [one for one, _ in pairs if one is not None] == list(range(len(ours)))
    assert [other for _, other in pairs if other is not None] == list(range(len(theirs)))
    assert all(
        ours[one].partition(" ")[0] == theirs[other].partition(" ")[0]
        for one, other in pairs
        if one is not None and other is not None
    )


@given(REQUESTS)
def test_a_side_is_its_own_partner(ours: list[str]) -> None:
    assert align(asked(*ours), asked(*ours)) == [(index, index) for index in range(len(ours))]
