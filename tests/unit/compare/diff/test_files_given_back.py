"""A file that the test made up comes back as each side was sent it, or that is a difference."""

from __future__ import annotations

import random
from dataclasses import replace

from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import brief, exchange, transcript

BYTES = [("Content-Type", "application/octet-stream")]


def _kept(seed: int, *, is_lost: bool = False, side: Side = Side.BASELINE) -> Transcript:
    chance = random.Random(seed)
    sent, other = chance.randbytes(50), chance.randbytes(50)
    put = exchange(body=b"", status=204, headers=(), method="PUT", target="/files/a")
    put = replace(put, request=replace(put.request, body=sent))
    shown = other if is_lost else sent
    return transcript(put, exchange(body=shown, headers=BYTES, target="/files/a"), side=side)


def _found(*, is_lost: bool) -> list[tuple[str, str]]:
    one, other = _kept(1), _kept(3, is_lost=is_lost, side=Side.CANDIDATE)
    return brief(compare(one, other, golden=learn(one, _kept(2))).differences)


def test_bytes_that_nobody_sent_are_a_difference() -> None:
    assert _found(is_lost=True) == [("value", "")]


def test_and_those_that_each_side_was_sent_are_none() -> None:
    assert _found(is_lost=False) == []
