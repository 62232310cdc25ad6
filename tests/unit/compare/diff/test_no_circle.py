"""What a comparison knew is let go with it: each holds all pairs of values of the tests before."""

from __future__ import annotations

import gc
import weakref

import pytest

from pytest_cutover.compare.diff import transcripts
from tests.unit.compare.building import exchange, judged, transcript


def test_a_comparison_is_gone_without_the_garbage_collector(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    judges: list[weakref.ref[object]] = []

    class Watched(transcripts._Judge):
        def comparison(self) -> transcripts.Comparison:
            judges.append(weakref.ref(self))
            return super().comparison()

    monkeypatch.setattr(transcripts, "_Judge", Watched)
    ids = ("7f3b2c1e-0a5d-4c1b-9f3e-2b1a0c9d8e7f", "1c0e3c2e-7a3e-4b0e-9a56-2f3f6b1c9d10")
    gc.disable()
    try:
        one, other = (transcript(exchange({"id": found, "at": 1})) for found in ids)
        judged(one, other, again=other)
        assert [judge() for judge in judges] == [None]
    finally:
        gc.enable()
