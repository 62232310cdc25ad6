"""The values that a difference was seen with: what an accepted difference may be bound to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST_PAIRS = 20


@dataclass(frozen=True, slots=True)
class SeenValues:
    """The distinct pairs (baseline's, candidate's) of a finding, 20 at most, scrubbed.

    Texts and lexemes stand without quotes, a long text as its beginning and a digest. `more` says
    that there were others. `varying` says that they change from round to round, or are ids, times
    or secrets: no list of them says what was reviewed. `transformations` yield every pair seen.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    more: bool = False
    varying: bool = False
    transformations: tuple[str, ...] = ()


_ITEMS = re.compile(r"(\d+ items): ")


def counted(pair: tuple[str, str]) -> tuple[str, str]:
    """Return the numbers of items of a pair that tells which they are; any other as it is."""
    before, after = (found[1] if (found := _ITEMS.match(one)) is not None else one for one in pair)
    return before, after


def merged(seen: Iterable[SeenValues | None]) -> SeenValues | None:
    """Return the values of several tests together; None where the signature says all there is."""
    known = [one for one in seen if one is not None]
    if not known:
        return None
    pairs = sorted({pair for one in known for pair in one.pairs})
    if len(pairs) > MOST_PAIRS:
        pairs = sorted({counted(pair) for pair in pairs})
    return SeenValues(
        pairs=tuple(pairs[:MOST_PAIRS]),
        more=len(pairs) > MOST_PAIRS or any(one.more for one in known),
        varying=any(one.varying for one in known),
        transformations=tuple(
            name
            for name in known[0].transformations
            if all(name in one.transformations for one in known)
        ),
    )
