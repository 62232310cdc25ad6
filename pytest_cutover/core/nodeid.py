"""The side in a node id: `test_lots[candidate]`, `test_lots[heavy-candidate]`."""

from __future__ import annotations

import re
from typing import Final

BOTH_SIDES: Final = ("baseline", "candidate")

_SIDE: Final = re.compile(r"([-\[])(?:baseline-again|baseline|candidate)\]$")


def without_side(nodeid: str) -> str:
    """A node id without `[candidate]`: the side is the last of its parameters."""
    return _SIDE.sub(lambda found: "]" if found[1] == "-" else "", nodeid)
