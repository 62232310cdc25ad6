"""Lines of a text that are rows of earlier tests, each side in an order of its own. Pure.

A page of metrics has a line for each name that the suite made. Where each side has data of its own,
the names are other ones, and lines that are sorted by them stand in another order. What is told so
is no departure; a line that has no partner, or holds something else, is.
"""

from __future__ import annotations

from typing import Any, Final

from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.ids.drawn_order import Order
from pytest_cutover.compare.diff.lists.own_rows import OwnRows
from pytest_cutover.compare.diff.lists.reported_order import leave_untold
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.texts import text_template
from pytest_cutover.normalize.matchers import EXACT, Template, is_plain

_FEWEST: Final = 2
OF_OTHERS: Final = "lines of earlier tests"
UNTOLD: Final = "so few lines may be sorted by name, or come in reverse"


def settled(walk: Walk, mask: Any, base: Any, cand: str, path: Path) -> str | None:
    """Return the candidate's text with the lines that others wrote as the baseline has them.

    None where these are not one, but for what chance drew in them and the order that it gives.
    """
    scope = walk.scope
    if not scope.own_ids or scope.in_request or not (isinstance(base, str) and "\n" in base):
        return None
    ours, theirs = base.split("\n"), cand.split("\n")
    masks = _lines(mask, len(ours))
    if masks is None or len(ours) != len(theirs):
        return None
    own = OwnRows(scope.values, others_write=scope.others_write)
    apart = [
        at
        for at, known in enumerate(masks)
        if ours[at] != theirs[at] and is_plain(known) and own.is_of_others(ours[at])
    ]
    partners = own.partners(EXACT, ours, theirs, apart, apart)
    if len(apart) < _FEWEST or len(partners) < len(apart):
        return None
    at_rest = [(at, at) for at in range(len(ours)) if at not in partners]
    pairs = [(source, at) for at, source in partners.items()]
    told = own.order_of(ours, theirs, pairs + at_rest, made=scope.made)
    below = walk.below()
    for at, source in partners.items():
        own.visit(below, EXACT, ours[source], theirs[at], path, None)
    if told.order in (Order.ANOTHER, Order.UNRULED) or below.differences:
        return None
    if told.order is Order.UNTOLD:
        leave_untold(walk, told, path, UNTOLD)
    for at in apart:
        theirs[at] = ours[at]
    return "\n".join(theirs)


def arranged(values: Correspondence, base: str, cand: str) -> str | None:
    """Return the candidate's text with the lines that others wrote as the baseline has them.

    None where these are not one, but for what chance drew in them and the order that it gives.
    """
    ours, theirs = base.split("\n"), cand.split("\n")
    if len(ours) != len(theirs):
        return None
    own = OwnRows(values)
    apart = [at for at in range(len(ours)) if ours[at] != theirs[at] and own.is_of_others(ours[at])]
    partners = own.partners(EXACT, ours, theirs, apart, apart)
    if len(partners) < len(apart) or any(
        own.as_shown(ours[source], theirs[at]) != theirs[at] for at, source in partners.items()
    ):
        return None
    pairs = [(source, at) for at, source in partners.items()]
    pairs += [(at, at) for at in range(len(ours)) if ours[at] == theirs[at]]
    is_moved = any(at != source for at, source in partners.items())
    told = own.order_of(ours, theirs, pairs, made=({}, {})).order
    if is_moved and told in (Order.ANOTHER, Order.UNRULED):
        return None
    for at in apart:
        theirs[at] = ours[at]
    return "\n".join(theirs)


def _lines(mask: Any, size: int) -> list[Any] | None:
    """Return what varies in each line; None where something varies over several."""
    if not isinstance(mask, Template):
        return [EXACT] * size
    lines: list[list[Any]] = [[]]
    for part in mask.parts:
        if not isinstance(part, str):
            if "string" in part.formats:
                return None
            lines[-1].append(part)
            continue
        first, *others = part.split("\n")
        lines[-1].append(first)
        lines += [[other] for other in others]
    found = [text_template.joined(line) for line in lines]
    held = [EXACT if isinstance(line, str) else line for line in found]
    return held if len(held) == size else None
