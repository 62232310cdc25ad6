"""Headers that frameworks add by themselves: recognised where nobody named the framework."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.diff.profiles import NO_PROFILES, Profiles
from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript

RECOGNISE = Profiles(by_signature=True)


def answered(side: Side, *headers: tuple[str, str]) -> Transcript:
    response = Response(200, (("content-type", "text/plain"), *headers), b"ok")
    exchange = Exchange(Request("GET", "/"), response, "GET /")
    return Transcript("test", side, (exchange,))


def found(
    baseline: tuple[str, str], candidate: tuple[str, str], profiles: Profiles
) -> list[tuple[str, str]]:
    left, right = answered(Side.BASELINE, baseline), answered(Side.CANDIDATE, candidate)
    comparison = compare(left, right, golden=learn(left, left), profiles=profiles)
    return [(str(one.kind), one.pointer) for one in comparison.differences]


@pytest.mark.parametrize(
    ("baseline", "candidate"),
    [
        (("server", "Werkzeug/3.1.9 Python/3.11.7"), ("server", "waitress")),
        (("x-powered-by", "Express"), ("server", "uvicorn")),
        (("server", "nginx/1.22.1"), ("server", "Kestrel")),
    ],
)
def test_the_signature_of_a_framework_is_no_difference(
    baseline: tuple[str, str], candidate: tuple[str, str]
) -> None:
    assert found(baseline, candidate, RECOGNISE) == []
    assert found(baseline, candidate, NO_PROFILES) != []


def test_a_signature_that_nobody_knows_is_a_difference() -> None:
    assert found(("server", "FlowViz/1"), ("server", "FlowViz/2"), RECOGNISE) == [
        ("header-value", "/headers/server")
    ]


def test_a_named_profile_is_taken_at_its_word() -> None:
    assert found(("server", "Werkzeug/3"), ("server", "uvicorn"), Profiles.named("express")) == [
        ("header-value", "/headers/server")
    ]
