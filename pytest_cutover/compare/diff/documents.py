"""Documents that stand inside of a text, side by side: what they hold, and not how it is packed.

A place in one is named below that of the text (`/invoice/bytes in base64`).
"""

from __future__ import annotations

import base64
from typing import Any

from pytest_cutover.compare.diff import varying
from pytest_cutover.compare.diff.account import Fate
from pytest_cutover.compare.diff.descriptions import FREE
from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Scope, Walk
from pytest_cutover.compare.noise import byte_holes, formats
from pytest_cutover.normalize import encoded
from pytest_cutover.normalize.encoded import Document
from pytest_cutover.normalize.matchers import EXACT, is_plain, members_of


def compare(walk: Walk, mask: Any, base: Any, cand: str, path: Path) -> bool:
    """Compare two texts as the documents that they are; False where they are none.

    `base` is the pattern of one where no baseline answers.
    """
    live = isinstance(base, str)
    if live and (walk.scope.in_request or base == cand):
        return False
    marked = walk.scope.marked
    known = encoded.key_of_pattern(mask) or encoded.key_of_pattern(base)
    if not known:
        both = encoded.both_opened(base, cand, marked) if live else None
        if both is None:
            return False
        ours, theirs = both
    else:
        opened = encoded.opened_as(base, known, marked[0]) if live else None
        if live and opened is None:
            return False  # the golden is stale here
        found = encoded.opened_as(cand, known, marked[1])
        if found is None:
            walk.report(Kind.FORMAT, path, f"{known} → {formats.format_of(cand)}", base, cand)
            return True
        theirs = found
        ours = opened or Document(found.way, found.kind, members_of(base)[known])
    if live and (change := encoded.spelled_apart(base, cand)):
        walk.report(Kind.FORMAT, path, change, base, cand)
    inner = members_of(mask).get(theirs.key, EXACT)
    below = (path, theirs.key)
    if theirs.is_bytes:
        compare_bytes(walk, inner, ours.tree, theirs.tree, below)
    else:
        walk.visit(inner, ours.tree, theirs.tree, below)
    if live and not walk.probing:
        walk.scope.values.heard(walk.scope.name_at(path), base, cand, varies=True)
    return True


def compare_steady(walk: Walk, base: Any, cand: Any, path: Path) -> bool:
    """Compare two texts that look made up where the baseline's is a document, and no hash."""
    if not (isinstance(base, str) and isinstance(cand, str)) or base.lower() == cand.lower():
        return False
    opened = encoded.opened(base, walk.scope.marked[0])
    return opened is not None and compare(walk, EXACT, base, cand, path)


def compare_bytes(walk: Walk, mask: Any, base: Any, cand: Any, path: Path) -> None:
    """Compare bytes (in base64), whose volatile pieces are holes of the mask."""
    if mask == byte_holes.ANYTHING and base != cand:
        walk.leave_open(path, FREE)
        return
    found = byte_holes.departure(mask, base, cand)
    if found is not None and _are_one_but_for_codes(walk.scope, base, cand):
        walk.scope.account.note(walk.scope.endpoint, Fate.CONSTRAINED, "codes of other tests")
        return
    if found is None:
        if not is_plain(mask) and is_plain(base):
            varying.keep_bytes(walk, base, cand, path)
        fate = Fate.EXACT if is_plain(mask) else Fate.CONSTRAINED
        walk.scope.account.note(walk.scope.endpoint, fate)
    else:
        walk.report(Kind.VALUE, path, "bytes → bytes", found.baseline, found.candidate)


def _are_one_but_for_codes(scope: Scope, base: Any, cand: Any) -> bool:
    """Whether bytes are the same but for what other tests made: a copy of a database, say.

    On data of each side's own an earlier run's codes are others, one to one, in the same places.
    """
    if not (is_plain(base) and isinstance(base, str) and isinstance(cand, str)):
        return False
    left, right = (base64.b64decode(one).decode("latin-1") for one in (base, cand))
    if scope.values.translate(left) == right:
        return True
    return scope.own_ids and scope.values.of_another_run(left, right)
