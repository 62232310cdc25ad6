"""A valid body varied one field at a time, then several, by values that tend to matter. Pure.

The same seed gives the same bodies.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from typing import Any, Final

from pytest_cutover.fuzz.generate.inside import example, is_of, objects, within
from pytest_cutover.fuzz.generate.pairwise import LEFT_OUT, mixtures
from pytest_cutover.fuzz.generate.probes import (
    DECIMAL,
    bounds,
    distinct,
    interesting,
    near,
    types_of,
    varied,
)
from pytest_cutover.openapi.schema import branches, flattened

UNKNOWN_FIELD: Final = "cutover_unknown"
_MOST_FIELDS: Final = 40
_AS_LISTED: Final = 0.5
_MIXED_BEFORE_ONE: Final = 3
_MOST_WITHIN: Final = 8
_OF_A_BRANCH: Final = 3


def bodies(
    schema: Mapping[str, Any],
    small: Any,
    large: Any,
    *,
    valid: Callable[[Any], bool],
    seed: int,
    taken: Mapping[str, Any] | None = None,
    others: Sequence[Any] = (),
    root: Any = None,
) -> Iterator[Any]:
    """Yield bodies from two that the document allows, endless where there is an object to vary.

    At and beyond the bounds of each field first, alternating with valid values of all fields at
    once; then each field's values in turn, and combinations of anything. `taken` is what the
    baseline is known to take. Of a union each branch has its turn, with those of the `others`,
    which are valid too, that are of it. References are followed in `root`, by default the schema.
    """
    root = schema if root is None else root
    known = flattened(schema, root)
    properties = known.get("properties")
    if taken is not None and isinstance(small, dict):
        small = {name: taken.get(name, value) for name, value in small.items()}
    yield small
    yield large
    if not isinstance(properties, dict):
        yield from _of_any_form(
            known, root, [small, large, *others], valid=valid, seed=seed, taken=taken
        )
        return
    if not (isinstance(small, dict) and isinstance(large, dict)):
        return
    base = taken if taken is not None else small
    fields = dict(list(properties.items())[:_MOST_FIELDS])
    inside = {name: within(one, root, large.get(name)) for name, one in fields.items()}
    values = {
        # What is no object or list that holds some is varied as a whole.
        name: distinct(inside[name] or [*bounds(one, root), *interesting(one, root)])
        for name, one in fields.items()
    }
    values = {name: listed for name, listed in values.items() if listed}
    if not values:
        return
    yield {**small, UNKNOWN_FIELD: 1}
    required = known.get("required") or ()
    # What is done to one text that is empty is done to all; bounds come too late to a small budget.
    filled = {*required, *_numbers_or_texts(properties, root)}
    empty = {n: "" for n in fields if n not in filled and "" in bounds(fields[n], root)}
    if empty:
        yield {**base, **empty}
    enumerated = {name for name in values if flattened(properties[name], root).get("enum")}
    fitting = _fitting(values, large, valid)
    for name in fitting.keys() & _numbers_or_texts(properties, root):
        # Such a text is a number to whoever reads it, whatever the document says.
        fitting[name] = [
            one for one in fitting[name] if not isinstance(one, str) or DECIMAL.fullmatch(one)
        ]
    fitting = {name: listed for name, listed in fitting.items() if listed}
    mixed = mixtures(fitting, large, enumerated=enumerated, seed=seed)
    at_bounds = {
        name: inside[name][:_MOST_WITHIN]
        or distinct(
            [
                *near(base.get(name, large.get(name)), properties[name], root),
                *bounds(properties[name], root),
            ]
        )
        for name in values
    }
    # A bound shows itself where all the rest is taken.
    for one in _in_turn(at_bounds, base):
        yield from islice(mixed, 1)
        yield one
    for one in _one_at_a_time(values, small, large):
        yield from islice(mixed, _MIXED_BEFORE_ONE)
        yield one
    yield from _combinations(values, small, large, seed)


def _of_any_form(
    known: Mapping[str, Any],
    root: Any,
    given: Sequence[Any],
    *,
    valid: Callable[[Any], bool],
    seed: int,
    taken: Mapping[str, Any] | None,
) -> Iterator[Any]:
    """Yield bodies of a schema that is no object: of each branch of a union in turn, or of a
    list.
    """
    options = objects(known, root)
    if not options:
        yield from within(known, root, given[1]) or _scalars(known, root)
        return
    streams = []
    for option in options:
        own = [one for one in given if is_of(option, root, one) and valid(one)]
        own = own or [example(option, root)]
        small, large = min(own, key=_members), max(own, key=_members)
        entered = taken if taken is not None and is_of(option, root, taken) else None
        streams.append(
            bodies(
                option, small, entered or large, valid=valid, seed=seed, taken=entered, root=root
            )
        )
    while streams:
        for stream in tuple(streams):
            turn = list(islice(stream, _OF_A_BRANCH))
            yield from turn
            if not turn:
                streams.remove(stream)


def _scalars(known: Mapping[str, Any], root: Any) -> list[Any]:
    """Return what a body that is a number or a text may be; none of what holds others."""
    if not {"integer", "number", "string", "boolean"} & set(types_of(known)):
        return []
    return distinct([*bounds(known, root), *interesting(known, root)])


def _members(body: Any) -> int:
    return len(body) if isinstance(body, dict | list) else 0


def _in_turn(values: Mapping[str, list[Any]], small: Any) -> Iterator[Any]:
    """Yield the small body with one other value: the first of each field, then the second of
    each.
    """
    for turn in zip_longest(*(_with_name(name, values[name]) for name in values)):
        for pair in turn:
            if pair is not None:
                yield {**small, pair[0]: pair[1]}


def _one_at_a_time(values: Mapping[str, list[Any]], small: Any, large: Any) -> Iterator[Any]:
    yield from _in_turn(values, small)
    for name in large:
        yield _without(large, name)


def _fitting(
    values: Mapping[str, list[Any]], large: Any, valid: Callable[[Any], bool]
) -> dict[str, list[Any]]:
    """Return the values of each field that leave the large body valid; last, that there is none."""
    fitting: dict[str, list[Any]] = {}
    for name in values:
        if name in large:
            fitting[name] = [value for value in values[name] if valid({**large, name: value})]
            fitting[name] += [LEFT_OUT] if valid(_without(large, name)) else []
    return {name: listed for name, listed in fitting.items() if listed}


def _numbers_or_texts(properties: Mapping[str, Any], root: Any) -> set[str]:
    """Return the fields that are a number or a text of which nothing is said: a decimal, mostly."""
    found = set()
    for name, given in properties.items():
        options = branches(flattened(given, root), root)
        texts = [one for one in options if "string" in types_of(one)]
        numbers = [one for one in options if {"integer", "number"} & set(types_of(one))]
        if texts and numbers and not any("enum" in one or "format" in one for one in texts):
            found.add(name)
    return found


def _without(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


def _with_name(name: str, values: list[Any]) -> list[tuple[str, Any]]:
    return [(name, value) for value in values]


def _combinations(
    values: Mapping[str, list[Any]], small: Any, large: Any, seed: int
) -> Iterator[Any]:
    chance = random.Random(seed)
    names = list(values)
    while True:
        body = dict(chance.choice((small, large)))
        for name in chance.sample(names, min(len(names), chance.randint(1, 3))):
            value = chance.choice(values[name])
            body[name] = value if chance.random() < _AS_LISTED else varied(value, chance)
        yield body
