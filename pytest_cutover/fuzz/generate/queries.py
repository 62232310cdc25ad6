"""Queries that tell: none at all, each parameter alone, then two at a time. Pure.

A list answers little to a query with every filter at once: no row is left. A page of one row, an
offset of one, each order and a word that rows really have show what a list does. The same seed
gives the same queries.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any, Final

from pytest_cutover.fuzz.generate.probes import bounds, interesting
from pytest_cutover.openapi.schema import flattened

Query = tuple[tuple[str, str], ...]
_WORD: Final = re.compile(r"\w{2,20}")
_MOST_WORDS: Final = 4
_MOST_LISTED: Final = 8


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query, with its schema.

    The values of a list are `joined_by` that; by nothing where the name is given again for each.
    """

    name: str
    schema: Mapping[str, Any]
    required: bool = False
    joined_by: str = ""


def queries(
    parameters: Sequence[Parameter],
    *,
    known: Mapping[str, Sequence[str]],
    given: Mapping[str, str],
    seed: int,
) -> Iterator[tuple[Query, bool]]:
    """Yield queries, each with whether the document allows it, without end for two parameters.

    `known` are words that answers hold, by the names of their members, with those of all under an
    empty name; `given` is what a valid request had.
    """
    values = {one.name: values_of(one, known) for one in parameters}
    base = {
        one.name: given.get(one.name, next(iter(values[one.name][0]), ""))
        for one in parameters
        if one.required
    }
    yield tuple(base.items()), True
    chance = random.Random(seed)
    allowed = {name: valid for name, (valid, _) in values.items() if valid}
    listed = {one.name for one in parameters if _enumerated(one)}
    # Each alone with its first value; what is enumerated is another behaviour with each value.
    for name, found in allowed.items():
        yield tuple({**base, name: found[0]}.items()), True
    for name in listed & allowed.keys():
        for value in allowed[name][1:_MOST_LISTED]:
            yield tuple({**base, name: value}.items()), True
    for one in parameters:
        for several in _two_of_a_list(one, allowed.get(one.name, [])):
            yield (*((n, value) for n, value in base.items() if n != one.name), *several), True
    singles = _in_turn({n: found[1:] for n, found in allowed.items() if n not in listed})
    wrong = _in_turn({name: beyond for name, (_, beyond) in values.items()})
    two = _two_at_a_time(allowed, chance)
    while True:
        turn = [
            *((pair, True) for pair in islice(two, 3)),
            *(({name: value}, False) for name, value in islice(wrong, 3)),
            *(({name: value}, True) for name, value in islice(singles, 2)),
        ]
        if not turn:
            return
        for chosen, valid in turn:
            yield tuple({**base, **chosen}.items()), valid


def _two_of_a_list(one: Parameter, values: Sequence[str]) -> Iterator[Query]:
    """Yield a parameter that takes a list with two values: many a reader takes but one of them."""
    schema = flattened(one.schema, one.schema)
    most = schema.get("maxItems", 2)
    two = [value for value in values if value][:2]
    if schema.get("type") != "array" or len(two) < 2 or (isinstance(most, int) and most < 2):
        return
    yield (
        ((one.name, one.joined_by.join(two)),)
        if one.joined_by
        else tuple((one.name, value) for value in two)
    )


def words_of(answer: Any) -> dict[str, list[str]]:
    """Return what the rows of an answer hold, by the names of members; words under an empty name.

    What stands in most rows comes first.
    """
    counts: dict[str, dict[str, int]] = {"": {}}
    for name, value in _scalars(answer, ""):
        text = _text(value)
        counts.setdefault(name, {})[text] = counts.setdefault(name, {}).get(text, 0) + 1
        if isinstance(value, str):
            for word in dict.fromkeys(_WORD.findall(value)):
                counts[""][word] = counts[""].get(word, 0) + 1
    return {
        name: sorted(found, key=lambda word: (-found[word], word))[:_MOST_WORDS]
        for name, found in counts.items()
    }


def _scalars(node: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, inner in node.items():
            yield from _scalars(inner, str(key))
    elif isinstance(node, list):
        for inner in node:
            yield from _scalars(inner, name)
    elif node is not None:
        yield name, node


def values_of(one: Parameter, known: Mapping[str, Sequence[str]]) -> tuple[list[str], list[str]]:
    """Return what the document allows, the telling ones first, and what is beyond its bounds.

    `known` are words that answers hold, as in `queries`.
    """
    schema = flattened(one.schema, one.schema)
    if schema.get("type") == "array":
        schema = flattened(schema.get("items", {}), one.schema)
    allowed: list[Any] = []
    beyond: list[Any] = []
    kind = schema.get("type")
    if kind in ("integer", "number"):
        # What is beyond the larger bound is likelier to be let in.
        few = _all_of_few(schema) if kind == "integer" else ()
        for value in dict.fromkeys((1, 2, *reversed(bounds(schema, one.schema)), *few)):
            (allowed if _is_within(value, schema) else beyond).append(value)
        beyond += ["1.0", "01", " 1", "", "one"]
    elif schema.get("enum"):
        allowed += schema["enum"]
        beyond += [str(schema["enum"][0]).swapcase(), "", "none of them"]
    elif kind == "boolean":
        allowed += [True, False]
        beyond += ["1", "yes", "TRUE", ""]
    else:
        own = list(known.get(one.name, ()))
        words = own or ([] if "format" in schema else list(known.get("", ())))
        allowed += [*words[:1], *(word.lower() for word in words[:1]), *words[1:]]
        listed = interesting(schema, one.schema)
        edges = bounds(schema, one.schema)
        beyond += [value for value in (*edges, *listed) if value is not None]
        if not allowed and listed:
            allowed.append(listed[0])
    return _texts(allowed), _texts(beyond)


def _all_of_few(schema: Mapping[str, Any]) -> range:
    """Return every integer between two bounds that lie close together."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if not isinstance(low, int) or not isinstance(high, int) or high - low >= _MOST_LISTED:
        return range(0)
    return range(low, high + 1)


def _enumerated(one: Parameter) -> bool:
    return bool(flattened(one.schema, one.schema).get("enum"))


def _is_within(value: Any, schema: Mapping[str, Any]) -> bool:
    low, high = schema.get("minimum"), schema.get("maximum")
    if (low is not None and value < low) or (high is not None and value > high):
        return False
    below, above = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if below is True or above is True:
        return (below is not True or value > low) and (above is not True or value < high)
    return (below is None or value > below) and (above is None or value < above)


def _texts(values: Iterable[Any]) -> list[str]:
    return list(dict.fromkeys(_text(one) for one in values if not isinstance(one, dict | list)))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _in_turn(values: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    for turn in zip_longest(*([(name, one) for one in listed] for name, listed in values.items())):
        yield from (pair for pair in turn if pair is not None)


def _two_at_a_time(
    values: Mapping[str, list[str]], chance: random.Random
) -> Iterator[dict[str, str]]:
    """Two parameters each time; every pair of them with their first values, then any."""
    names = list(values)
    if len(names) < 2:
        return
    pairs = [(one, other) for index, one in enumerate(names) for other in names[index + 1 :]]
    chance.shuffle(pairs)
    for one, other in pairs:
        yield {one: values[one][0], other: values[other][0]}
    while True:
        yield {name: chance.choice(values[name]) for name in chance.sample(names, 2)}
