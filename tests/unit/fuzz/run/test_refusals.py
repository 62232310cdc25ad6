"""What both sides refuse alike is the word of an operation, and not of a router."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.run.refusals import refused_alike


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/orders/7/confirm", ["POST 404", "/orders/{id}/confirm 404"]),
        ("/orders/a%2Fb/confirm", []),
    ],
)
def test_what_both_refuse_alike(path: str, expected: list[str]) -> None:
    answered = Exchange(
        Request("POST", path), Response(404, (), b"{}"), "POST /orders/{id}/confirm"
    )
    sides = [Transcript("", side, (answered,)) for side in (Side.BASELINE, Side.CANDIDATE)]
    assert list(refused_alike(Round(*sides))) == expected
