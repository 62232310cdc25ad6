"""What follows from the length of an answer, and what does not."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.run.packing import Packing

PACKED = (("Content-Encoding", "gzip"), ("Vary", "Origin, Accept-Encoding"))
PLAIN = (("Vary", "Origin"),)
MISSING = Difference(
    0, "GET /items", Kind.HEADER_MISSING, "/headers/content-encoding", "string → absent"
)
VARY = Difference(0, "GET /items", Kind.HEADER_VALUE, "/headers/vary", "text → text")


def _side(side: Side, length: int, headers: tuple[tuple[str, str], ...]) -> Transcript:
    response = Response(200, headers, b"x" * length)
    return Transcript("fuzz", side, (Exchange(Request("GET", "/items"), response, "GET /items"),))


def _round(ours: int, theirs: int, *, packs: bool = False) -> Round:
    return Round(
        _side(Side.BASELINE, ours, PACKED),
        _side(Side.CANDIDATE, theirs, PACKED if packs else PLAIN),
    )


@pytest.mark.parametrize("difference", [MISSING, VARY])
@pytest.mark.parametrize(
    ("ours", "theirs", "follows"),
    [
        (1100, 900, True),  # the baseline packs what is longer than any that the candidate leaves
        (1100, 1100, False),
        (1100, 1300, False),
        (5000, 1250, False),  # as long a one was packed before
    ],
)
def test_a_shorter_answer_may_be_too_short_to_be_packed(
    difference: Difference, ours: int, theirs: int, follows: bool
) -> None:
    packing = Packing()
    packing.learn(_round(1200, 1200, packs=True))
    one = _round(ours, theirs)
    packing.learn(one)
    assert packing.explains(difference, one) is follows


def test_another_vary_and_another_header_do_not_follow_from_a_length() -> None:
    packing, one = Packing(), _round(1100, 900)
    packing.learn(one)
    assert packing.explains(MISSING, one)
    other = Difference(0, "GET /items", Kind.HEADER_VALUE, "/headers/cache-control", "text → text")
    assert not packing.explains(other, one)
    star = Round(one.baseline, _side(Side.CANDIDATE, 900, (("Vary", "*"),)))
    assert not packing.explains(VARY, star)


def test_what_the_candidate_packs_and_the_baseline_does_not_is_told_alike() -> None:
    packing = Packing()
    one = Round(_side(Side.BASELINE, 900, PLAIN), _side(Side.CANDIDATE, 1100, PACKED))
    packing.learn(one)
    added = Difference(
        0, "GET /items", Kind.HEADER_ADDED, "/headers/content-encoding", "absent → string"
    )
    assert packing.explains(added, one)
    longer = Round(_side(Side.BASELINE, 1200, PLAIN), _side(Side.CANDIDATE, 1300, PACKED))
    packing.learn(longer)
    assert not packing.explains(added, longer)
