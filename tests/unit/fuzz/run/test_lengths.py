"""HEAD is held to the length that GET tells; where that is not known, to one about alike."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.run.lengths import is_length_of_own_rows


def side(which: Side, head: int, get: int | None) -> Transcript:
    """One that GET was asked of before HEAD, unless it says nothing."""
    told = [("GET", get), ("HEAD", head)]
    return Transcript(
        "",
        which,
        tuple(
            Exchange(
                Request(method, "/rows"),
                Response(200, () if length is None else (("Content-Length", str(length)),), b""),
                f"{method} /rows",
            )
            for method, length in told
        ),
    )


@pytest.mark.parametrize(
    ("baseline", "candidate", "expected"),
    [
        ((100, 100), (104, 104), True),
        ((100, 100), (104, 100), False),
        ((100, 100), (900, 900), True),
        # The baseline is not exact itself, or a side says nothing.
        ((100, 90), (104, 100), True),
        ((100, None), (104, None), True),
        ((100, None), (200, None), False),
    ],
)
def test_the_length_of_head(
    baseline: tuple[int, int | None],
    candidate: tuple[int, int | None],
    expected: bool,
) -> None:
    one = Round(side(Side.BASELINE, *baseline), side(Side.CANDIDATE, *candidate))
    found = Difference(
        kind=Kind.HEADER_VALUE,
        change="100 → 104",
        endpoint="HEAD /rows",
        pointer="/headers/content-length",
        exchange=1,
        baseline=f'"{baseline[0]}"',
        candidate=f'"{candidate[0]}"',
    )
    assert is_length_of_own_rows(found, one) is expected
