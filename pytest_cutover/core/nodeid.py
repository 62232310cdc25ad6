"""The side in a node id: `test_lots[candidate]`, `test_lots[heavy-candidate]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

# What is told of the seed of a suite, in place of a test; the function of a project has this name.
SEED: Final = "cutover_seed"

BOTH_SIDES: Final = ("baseline", "candidate")

_SIDE: Final = re.compile(r"([-\[])(?:baseline-again|baseline|candidate)\]$")


def without_side(nodeid: str) -> str:
    """Return a node id without `[candidate]`: the side is the last of its parameters."""
    return _SIDE.sub(lambda found: "]" if found[1] == "-" else "", nodeid)


def sparing_ids(scrub: Callable[[str], str], nodeids: Iterable[str]) -> Callable[[str], str]:
    """Return the scrubber that leaves these node ids, and commands with them, as they are.

    Parameters hold tokens: scrubbed, an id matches no report of pytest's and repeats no test, and
    it hides nothing that pytest does not print.
    """
    spared: set[str] = set()
    for nodeid in nodeids:
        if scrub(nodeid) != nodeid:
            folders, _, _ = nodeid.partition("::")
            whole = (nodeid, without_side(nodeid))
            spared.update(whole, (one[folders.rfind("/") + 1 :] for one in whole))
    if not spared:
        return scrub
    ids = re.compile(f"({'|'.join(map(re.escape, sorted(spared, key=len, reverse=True)))})")

    def scrubbed(text: str) -> str:
        parts = ids.split(text)
        parts[::2] = map(scrub, parts[::2])
        return "".join(parts)

    return scrubbed
