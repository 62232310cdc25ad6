"""Bodies in which every field varies at once, so that few of them show what pairs of values do.

Each body is chosen for what it is the first to hold: a value, then a pair of kinds of values. A
number with decimals is of another kind than one without, and each value of an enumeration is its
own. Pure; the same seed gives the same bodies.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

_NEW_VALUE: Final = 1.5
_NEW_PAIR: Final = 1.0
_NEW_WHOLE_PAIR: Final = 1.2  # 5 or 5.0: libraries write whole numbers in more than one way
_NEW_DULL_PAIR: Final = 0.3  # with null, or with no value at all
_TO_COME: Final = 0.1  # of a pair that a field chosen later can still make
_WHOLE: Final = "whole"


class _LeftOut:
    """The field is not there: another thing than `null`."""

    def __repr__(self) -> str:
        return "left out"


LEFT_OUT: Final = _LeftOut()


def mixtures(
    values: Mapping[str, list[Any]],
    large: Mapping[str, Any],
    *,
    enumerated: Collection[str],
    seed: int,
) -> Iterator[dict[str, Any]]:
    """Yield bodies like the large one with other values in all fields, without end if any.

    `enumerated` are the fields whose schema lists its values.
    """
    if not values:
        return
    chance = random.Random(seed)
    kinds = {
        name: [_kind(value, enumerated=name in enumerated) for value in listed]
        for name, listed in values.items()
    }
    seen: set[tuple[str, ...]] = set()
    while True:
        names = sorted(values, key=lambda name: (-_unseen(name, kinds[name], seen), name))
        chosen: dict[str, int] = {}
        for name in names:
            chosen[name] = _best(name, kinds, chosen, seen, chance)
        for name, index in chosen.items():
            seen.add((name, str(index)))
            seen.update(
                _pair(name, kinds[name][index], other, kinds[other][place])
                for other, place in chosen.items()
                if other != name
            )
        body = {**large, **{name: values[name][index] for name, index in chosen.items()}}
        yield {name: value for name, value in body.items() if value is not LEFT_OUT}


def _best(
    name: str,
    kinds: Mapping[str, list[str]],
    chosen: Mapping[str, int],
    seen: set[tuple[str, ...]],
    chance: random.Random,
) -> int:
    """Return the index of the value that adds most to what was seen; any of those that add the
    same.
    """
    scored: dict[int, float] = {}
    for index, kind in enumerate(kinds[name]):
        score = _NEW_VALUE if (name, str(index)) not in seen else 0.0
        for other, place in chosen.items():
            if _pair(name, kind, other, kinds[other][place]) not in seen:
                score += _worth(kind, kinds[other][place])
        for other in sorted(kinds.keys() - chosen.keys() - {name}):
            missing = {one for one in kinds[other] if _pair(name, kind, other, one) not in seen}
            score += _TO_COME * sum(_worth(kind, one) for one in sorted(missing))
        scored[index] = score
    most = max(scored.values())
    return chance.choice([index for index, score in scored.items() if score == most])


def _worth(*pair: str) -> float:
    if "" in pair:
        return _NEW_DULL_PAIR
    return _NEW_WHOLE_PAIR if _WHOLE in pair else _NEW_PAIR


def _unseen(name: str, kinds: list[str], seen: set[tuple[str, ...]]) -> int:
    return sum((name, str(index)) not in seen for index in range(len(kinds)))


def _pair(name: str, kind: str, other: str, other_kind: str) -> tuple[str, ...]:
    first, second = sorted(((name, kind), (other, other_kind)))
    return (*first, *second)


def _kind(value: Any, *, enumerated: bool) -> str:
    """Return what values have in common; empty for null and for no value."""
    if value is None or value is LEFT_OUT:
        return ""
    if isinstance(value, bool) or enumerated:
        return repr(value)
    if isinstance(value, int | float):
        return _WHOLE if value == int(value) else "fraction"
    return type(value).__name__
