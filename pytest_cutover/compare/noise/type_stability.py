"""Whether what was learned on the spot is noise at all. Pure.

In a golden a reviewer sees that a value is `<integer or text>`. Learned on the spot nobody does: a
baseline that answers now with a number, now with a string has no answer to compare with.
"""

from __future__ import annotations

from pytest_cutover.compare.noise.constraints import type_named
from pytest_cutover.normalize.matchers import (
    NOISY,
    ArrayOf,
    ObjectPattern,
    Pattern,
    Placeholder,
    children,
)
from pytest_cutover.normalize.normalized import Golden


def wavering(golden: Golden) -> tuple[str, str] | None:
    """Return where the baseline changed the type of a value between two rounds, and how, in words.

    The endpoint comes first; None where it did not.
    """
    for seen in golden.exchanges:
        if seen.response is None:
            continue
        types = _types_of_a_wavering(seen.response.body.tree)
        if types:
            return seen.endpoint, f"a value is now {' and then '.join(types)}"
    return None


def _types_of_a_wavering(tree: Pattern) -> list[str]:
    """Return the types of a value that has several; null beside another type is a value's
    absence.
    """
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Placeholder):
            types = {type_named(name) for name in node.formats} - {"null"}
            if len(types) > 1:
                return sorted(types)
        elif type(node) in NOISY and not isinstance(node, ArrayOf):
            # The items of an array of any length are told from each other by nothing.
            below = node.members.values() if isinstance(node, ObjectPattern) else children(node)
            waiting += [
                child
                for child in below
                if (kind := type(child)) in NOISY
                and not (kind is Placeholder and len(child.formats) == 1)  # type: ignore[union-attr]
            ]
    return []
