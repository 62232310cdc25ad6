"""Values like one that is taken, but for one place inside: of objects, lists and maps. Pure.

What a service says of a value depends on what stands deep in it as well: the second number of a
pair, one key of a map, a reply to a reply, another kind of a union.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

from pytest_cutover.fuzz.generate.probes import bounds, distinct, interesting, types_of
from pytest_cutover.openapi.schema import branches, flattened, takes_null

_DEEPEST: Final = 3
_MOST_FIELDS: Final = 40
_LONGEST_LIST: Final = 50
_LEFT_OUT_AFTER: Final = 2
_KEYS: Final = ("cutover", "b", "a", "ü", "a.b/c ~1", "")
_NONE: Final = object()


def within(schema: Any, root: Any, base: Any, depth: int = 0) -> list[Any]:
    """Return values like one that is taken, another at one place of it; none for a scalar.

    Of a list of objects, two that are not alike come first, then what its length may be. Of a
    union that holds objects, one of each of its branches.
    """
    known = flattened(schema, root)
    if depth >= _DEEPEST:
        return []
    if isinstance(base, list):
        return distinct(_of_list(known, root, base, depth))
    if not isinstance(known.get("properties"), dict) and (options := objects(known, root)):
        return distinct(_of_union(options, root, base, depth))
    return distinct(_of_object(known, root, base, depth)) if isinstance(base, dict) else []


def example(schema: Any, root: Any, depth: int = 0) -> Any:
    """Return a value that the schema allows, with all that it may have as far as that is not deep.

    Of a text with a pattern it may be none.
    """
    known = flattened(schema, root)
    if known.get("enum") or "const" in known or "example" in known or "default" in known:
        return interesting(known, root)[0]
    options = branches(known, root)
    properties = known.get("properties")
    if isinstance(properties, dict):
        required = known.get("required") or ()
        return (
            {
                name: example(inner, root, depth + 1)
                for name, inner in list(properties.items())[:_MOST_FIELDS]
                if name in required or depth < _DEEPEST - 1
            }
            if depth <= 2 * _DEEPEST
            else {}
        )
    if options and depth <= 2 * _DEEPEST:
        return example(options[0], root, depth + 1)
    positions = _positions(known)
    if positions:
        return [example(one, root, depth + 1) for one in positions]
    if known.get("type") == "array" and depth <= 2 * _DEEPEST:
        return [example(known.get("items", {}), root, depth + 1)]
    return next(iter(interesting(known, root)), None if takes_null(known, root) else "a")


# -- objects, maps, unions ------------------------------------------------------------------------


def _of_object(
    known: Mapping[str, Any], root: Any, base: Mapping[str, Any], depth: int
) -> Iterator[Any]:
    fields = list((known.get("properties") or {}).items())[:_MOST_FIELDS]
    # Ids are given out: the others say more.
    fields.sort(key=lambda field: flattened(field[1], root).get("format") == "uuid")
    required = known.get("required") or ()
    listed = []
    for name, inner in fields:
        values = _values(inner, root, base.get(name), depth)
        # Python takes 1, 1.0 and true for equal.
        found = [{**base, name: one} for one in values if repr(one) != repr(base.get(name, _NONE))]
        if name in base and name not in required:
            found.insert(_LEFT_OUT_AFTER, {key: one for key, one in base.items() if key != name})
        listed.append(found)
    for turn in zip_longest(*listed):
        yield from (value for value in turn if value is not None)
    yield from _of_map(known, root, base, depth)


def _of_map(
    known: Mapping[str, Any], root: Any, base: Mapping[str, Any], depth: int
) -> Iterator[Any]:
    """Yield maps with a key whose name nobody documented, with each value that it may have."""
    given = known.get("additionalProperties")
    if not isinstance(given, dict):
        return
    own = {key: value for key, value in base.items() if key in (known.get("properties") or {})}
    values = _values(given, root, example(given, root, depth + 1), depth)
    values = values or [example(given, root, depth + 1)]
    yield {**own, _KEYS[0]: values[0]}
    yield {**own, **dict(zip(_KEYS[1:3], [*values, *values][:2], strict=False))}
    for value in values[1:]:
        yield {**own, _KEYS[0]: value}
    yield from ({**own, key: values[0]} for key in _KEYS[3:])
    yield own


def _of_union(
    options: Iterable[Mapping[str, Any]], root: Any, base: Any, depth: int
) -> Iterator[Any]:
    made = [base if is_of(one, root, base) else example(one, root, depth) for one in options]
    listed = [
        [first, *within(one, root, first, depth + 1)]
        for one, first in zip(options, made, strict=True)
    ]
    for turn in zip_longest(*listed, fillvalue=_NONE):
        yield from (value for value in turn if value is not _NONE and value != base)


def is_of(option: Mapping[str, Any], root: Any, value: Any) -> bool:
    """Return whether a value is of a branch that is an object: by its names and constants."""
    properties = option.get("properties")
    if not isinstance(value, dict) or not isinstance(properties, dict):
        return False
    if not set(option.get("required") or ()) <= value.keys() <= properties.keys():
        return False
    for name, inner in properties.items():
        known = flattened(inner, root)
        listed = known.get("enum") or ([known["const"]] if "const" in known else None)
        if listed is not None and name in value and value[name] not in listed:
            return False
    return True


def objects(known: Mapping[str, Any], root: Any) -> list[dict[str, Any]]:
    """Return the branches of a union, where any of them is an object with members."""
    options = branches(known, root)
    return options if any(option.get("properties") for option in options) else []


# -- lists and tuples -----------------------------------------------------------------------------


def _of_list(known: Mapping[str, Any], root: Any, base: list[Any], depth: int) -> Iterator[Any]:
    positions = _positions(known)
    items = known.get("items", {})
    if positions:
        yield from _of_tuple(positions, root, base, depth)
        return
    first = base[0] if base else example(items, root, depth + 1)
    if isinstance(first, dict):
        others = within(items, root, first, depth + 1)
        two = [[first, other] for other in others]
        one = [[other] for other in ([first, *others] if not base else others)]
        lengths = [[], *_as_long_as(known.get("maxItems"), first)]
        turns = zip_longest(two, one, lengths, fillvalue=None)
        yield from (value for turn in turns for value in turn if value is not None)
        return
    if not base and isinstance(items, dict) and not items:
        return  # of anything: nothing to be said of it
    yield from bounds(known, root, depth)
    inside = within(items, root, first, depth + 1)
    if inside or {"integer", "number"} & set(types_of(flattened(items, root))):
        yield from ([other, *base[1:]] for other in inside or bounds(items, root))
    yield from interesting(known, root, depth)


def _of_tuple(positions: list[Any], root: Any, base: list[Any], depth: int) -> Iterator[Any]:
    """Yield lists with another value in one place, and with one more and one less."""
    whole = [*base, *(example(one, root, depth + 1) for one in positions[len(base) :])]
    places = [
        [
            [*whole[:index], value, *whole[index + 1 :]]
            for value in _values(one, root, whole[index], depth)
        ]
        for index, one in enumerate(positions)
    ]
    lengths = [whole[:-1], [*whole, whole[-1]], []]
    for turn in zip_longest(*places, lengths, fillvalue=_NONE):
        yield from (value for value in turn if value is not _NONE)


def _positions(known: Mapping[str, Any]) -> list[Any]:
    """Return the schemas of the places of a tuple; none of a list whose items are all alike."""
    for keyword in ("prefixItems", "items"):
        given = known.get(keyword)
        if isinstance(given, list) and given:
            return given
    return []


def _as_long_as(longest: Any, item: Any) -> list[list[Any]]:
    if not isinstance(longest, int) or longest > _LONGEST_LIST:
        return []
    return [[item] * longest, [item] * (longest + 1)]


def _values(schema: Any, root: Any, base: Any, depth: int) -> list[Any]:
    """Return the values of one place: like its own with another inside, or any that tell."""
    inside = within(schema, root, base, depth + 1)
    found = inside or [*bounds(schema, root), *interesting(schema, root, depth + 1)]
    if not found and flattened(schema, root).get("properties"):
        return [example(schema, root, depth + 1)]
    return found
