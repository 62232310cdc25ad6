"""Arrays in any order: items are paired by a key, or by all that is not volatile. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.lists.own_rows import OwnRows
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.lists.rows import key_of, union
from pytest_cutover.compare.noise.rules import Active, descend
from pytest_cutover.normalize.matchers import EXACT, ObjectPattern, Placeholder, renumber

Pair = tuple[Any, Any]  # mask and expected value of one item


def compare(
    walk: Walk,
    pairs: list[Pair],
    cand: list[Any],
    path: Path,
    rules: Active | None,
    key: tuple[str, ...],
    others: OwnRows | None,
) -> None:
    """Pair items by their key, or by what is not volatile; `others` names rows of other tests."""
    shared = union([mask for mask, _ in pairs], held=walk.scope.shared_state)

    def name(value: Any) -> Hashable:
        if others is not None:
            return others.key_of_candidate(shared, value)
        return key_of(_at(shared, key), _at(value, key))

    places: dict[Hashable, list[int]] = {}
    for index in range(len(pairs) - 1, -1, -1):
        value = pairs[index][1]
        mine = others.key_of_baseline(shared, value) if others is not None else name(value)
        places.setdefault(mine, []).append(index)
    alike = {source for sources in places.values() if len(sources) > 1 for source in sources}
    pairing: list[tuple[int, int]] = []
    lonely: list[int] = []
    for index, item in enumerate(cand):
        sources = places.get(name(item))
        if sources:
            pairing.append((index, sources.pop()))
        else:
            lonely.append(index)
    taken = {source for _, source in pairing}
    spare = [index for index in range(len(pairs)) if index not in taken]
    pairing += zip(lonely, spare, strict=False)
    if len(pairs) != len(cand):
        count = min(len(lonely), len(spare))
        change = "longer" if len(cand) > len(pairs) else "shorter"
        walk.report(Kind.LENGTH, path, change, [pairs[i][1] for i in spare[count:]],
                    [cand[i] for i in lonely[count:]])  # fmt: skip
    for index, source in sorted(pairing):
        mask, value = pairs[source]
        if source in alike:  # which of them it is cannot be told, nor whose ids it holds
            mask, value = renumber(mask, {}), renumber(value, {})
        if others is not None:
            others.visit(walk, mask, value, cand[index], (path, index), descend(rules, index))
        else:
            walk.visit(mask, value, cand[index], (path, index), descend(rules, index))


def _at(value: Any, tokens: tuple[str, ...]) -> Any:
    for token in tokens:
        if isinstance(value, ObjectPattern):
            value = value.members.get(token)
        elif isinstance(value, dict):
            value = value.get(token)
        elif isinstance(value, list) and token.isdigit() and int(token) < len(value):
            value = value[int(token)]
        else:
            return value if isinstance(value, Placeholder) or value is EXACT else None
    return value
