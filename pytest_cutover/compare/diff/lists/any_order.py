"""Arrays in any order: items are paired by a key, or by all that is not volatile. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial
from typing import Any

from pytest_cutover.compare.diff.difference import Kind
from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.lists.own_rows import OwnRows
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.noise.lists.rows import key_of, union
from pytest_cutover.compare.noise.rules import Active, descend
from pytest_cutover.normalize.matchers import EXACT, ObjectPattern, Placeholder, renumber

Name = Callable[[Any], Hashable]
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
        return key_of(_at(shared, key), _at(value, key))

    pairing: list[tuple[int, int]] = []
    alike: set[int] = set()
    lonely = [*range(len(cand))]
    for ours, theirs in [(name, name)] if others is None else _names_of_rows(others, shared):
        places: dict[Hashable, list[int]] = {}
        known = {source for _, source in pairing}
        for index in range(len(pairs) - 1, -1, -1):
            if index not in known:
                places.setdefault(ours(pairs[index][1]), []).append(index)
        alike |= {source for sources in places.values() if len(sources) > 1 for source in sources}
        left, lonely = lonely, []
        for index in left:
            sources = places.get(theirs(cand[index]))
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


def _names_of_rows(others: OwnRows, shared: Any) -> list[tuple[Name, Name]]:
    """Return what names a row of each side, closest first: all that it shows, each known value as
    its partner, then what is not chance. A row with the same id and hash on both sides is one row,
    though these may be chance.
    """
    values = others.values

    def of_baseline(name: str, value: Any) -> Any:
        text = text_of(value)
        partner = None if text is None else values.weak.get((name, text))
        if partner is not None:
            return partner
        return values.translate(value) if isinstance(value, str) else value

    def of_candidate(name: str, value: Any) -> Any:
        text = text_of(value)
        return text if text is not None and values.is_partner(name, text) else value

    return [
        (
            lambda row: key_of(shared, row, of_baseline),
            lambda row: key_of(shared, row, of_candidate),
        ),
        (partial(others.key_of_baseline, shared), partial(others.key_of_candidate, shared)),
    ]


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
