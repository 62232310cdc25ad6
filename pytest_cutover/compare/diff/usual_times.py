"""Times, written as most backends write them, that vary as they may: compared in one look. Pure.

A table may have one in each row. Of all that the walk asks of a value that varies little can be
said of these: no row is meant by a time, nobody signed it, and its form and instant are known once
it is read. Where anything else has a say, or it departs, it is left to the walk.
"""

from __future__ import annotations

from typing import Any

from pytest_cutover.compare.diff import varying
from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.places import Path, name_of
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.normalize.matchers import Placeholder


def agree(walk: Walk, symbol: Placeholder, base: Any, cand: Any, path: Path) -> bool:
    """Take down two times that differ as they may; False for what the walk has to look into."""
    if type(base) is not str or type(cand) is not str or base == cand:
        return False
    times = formats.usual_times(base, cand)
    if times is None or symbol.formats != (times[0],):
        return False
    if symbol.per_run or symbol.secret or symbol.pieces or symbol.number is not None:
        return False
    scope, (left, right) = walk.scope, times[1]
    if scope.in_request or scope.own_ids or scope.values.answers_about_another:
        return False
    name = name_of(path)
    if names_an_id(name) or not varying.is_settled(walk, symbol, left, right):
        return False
    if scope.derived.departs(base, cand) or (
        symbol.clock and scope.clock_shift(base, cand, symbol.ahead_s, (left, right))
    ):
        return False
    scope.values.heard_time(name, base, cand)
    if not walk.probing:
        scope.account.note(scope.endpoint, Fate.CONSTRAINED, times[0])
    return True
