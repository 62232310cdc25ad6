"""The value of a cookie that can be read, though a run takes it for a secret of its side."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, quote_plus
from uuid import uuid4

import pytest

from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import brief, exchange, judged, transcript

WAYS: dict[str, Callable[[str], str]] = {"percent": quote, "form": quote_plus}


def visited(side: Side, way: Callable[[str], str], quantity: Any) -> Transcript:
    cart = {"cart": str(uuid4()), "items": [{"sku": "A 1", "qty": quantity}]}
    value = way(json.dumps(cart))
    headers = [("Content-Type", "application/json"), ("Set-Cookie", f"cart={value}; Path=/")]
    return transcript(exchange({"ok": True}, headers=headers), side=side, secrets=[value])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("quantity", [2, 3, "2", None])
def test_the_members_of_a_cookie_in_json_are_compared(way: str, quantity: Any) -> None:
    again = visited(Side.BASELINE, WAYS[way], 2)
    baseline = visited(Side.BASELINE, WAYS[way], 2)
    found = judged(baseline, visited(Side.CANDIDATE, WAYS[way], quantity), again=again)
    told = [place.rpartition("/")[2] for _, place in brief(found.differences)]
    assert told == ([] if quantity == 2 else ["qty"])


def test_a_cookie_that_is_spelled_in_another_way_is_a_difference() -> None:
    """A script reads a plus as a plus."""
    again, baseline = (visited(Side.BASELINE, quote, 2) for _ in "ab")
    assert judged(baseline, visited(Side.CANDIDATE, quote_plus, 2), again=again).differences
