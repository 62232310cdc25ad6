"""Which side the codes of earlier tests and runs were made for, where a test reads them. Pure.

On one database the codes of both sides stand in what either shows; two databases show codes of
their own side alone, and rows of an earlier run are known for what they are by nothing else.
"""

from __future__ import annotations

from typing import Final

from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import sides_in

# So many are seldom all of one side by chance, on both sides at once.
_FEWEST: Final = 2


def are_apart(baseline: Transcript, candidate: Transcript) -> bool:
    """Return whether each side shows such codes, and none that were made for the other one."""
    return all(
        len(made_for := _shown(transcript)) >= _FEWEST and {*made_for.values()} == {side}
        for side, transcript in zip(Side, (baseline, candidate), strict=True)
    )


def _shown(transcript: Transcript) -> dict[str, Side]:
    """Return the codes that a test was answered with, and did not make or send in this round, each
    with its side.
    """
    now = {code for one in transcript.generated for code, _ in sides_in(one.value)}
    found: dict[str, Side] = {}
    for one in transcript.exchanges:
        now |= {code for code, _ in sides_in(one.request.target)}
        now |= {code for code, _ in sides_in(one.request.body.decode("utf-8", "replace"))}
        if one.response is not None:
            found.update(sides_in(one.response.body.decode("utf-8", "replace")))
    return {code: side for code, side in found.items() if code not in now}
