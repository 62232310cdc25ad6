"""Ids that a test sends in headers of its own come back to the side that was sent them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import JSON_HEADERS, Plant, brief, exchange, judged, transcript

Answer = dict[str, str]


def asked(name: str, value: str, headers: Answer, body: Answer) -> Transcript:
    one = exchange(
        body=json.dumps(body).encode(),
        headers=(*JSON_HEADERS, *((k, v) for k, v in headers.items())),
    )
    return transcript(replace(one, request=replace(one.request, headers=((name, value),))))


def echoed(seed: int, place: str, of: int | None = None) -> Transcript:
    """What a test with ids of its own is answered; `of`: those of another test are given back."""
    sent, given = Plant(seed), Plant(seed if of is None else of)
    known, back = sent.uuid(), given.uuid()
    if place == "trace":
        trace, own = (one.replace("-", "") for one in (known, back))
        span = Plant(seed + 1_000).uuid().replace("-", "")[:16]
        return asked(
            "traceparent", f"00-{trace}-{span}-01", {"Traceresponse": f"00-{own}-{span}-01"}, {}
        )
    if place == "header":
        return asked("X-Correlation-Id", known, {"X-Correlation-Id": back}, {})
    if place == "text":
        return asked("X-Request-Id", known, {}, {"error": f"no such lot, ask with {back} at hand"})
    return asked("X-Request-Id", known, {}, {"trace": back})


@pytest.mark.parametrize("place", ["header", "member", "text", "trace"])
def test_an_id_that_was_sent_in_a_header_comes_back(place: str) -> None:
    first, again = echoed(1, place), echoed(2, place)
    assert [] == brief(judged(first, echoed(3, place), again=again).differences)
    found = brief(judged(first, echoed(3, place, of=4), again=again).differences)
    assert [kind for kind, _ in found] == ["identity"]


def test_an_id_that_the_baseline_does_not_give_back_says_nothing() -> None:
    first, again = echoed(1, "header", of=11), echoed(2, "header", of=12)
    assert [] == brief(judged(first, echoed(3, "header", of=13), again=again).differences)
