"""Which fields of a request must be new every time: learned by asking the baseline twice.

A body that is taken once and refused the second time has such a field. Each text of it is made new
in turn; the one with which the baseline takes the body again, and again, is the one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pytest_cutover.core.exchange import Transcript
from pytest_cutover.core.json_pointer import escape, get
from pytest_cutover.core.new_value import NEW_LENGTH
from pytest_cutover.fuzz.generate.case import ABSENT, Binding, Call, Case
from pytest_cutover.openapi.schema import branches, flattened

Ask = Callable[[Case], Transcript]
_MOST_PLACES: Final = 12
_MOST_BASES: Final = 4
_MOST_LARGE: Final = 2
_MOST_GROWN: Final = 24
_MOST_ALONE: Final = 8
_MOST_ITEMS: Final = 2


def fresh_places(
    bases: Iterable[Call], ask: Ask, schema: Any, *, likely: Iterable[Call] = ()
) -> tuple[Binding, ...]:
    """Return the bindings that let the baseline take a valid body any number of times; often none.

    `likely` are tried first.
    """
    for call in _to_try(bases, likely):
        if is_taken(ask, call) and is_taken(ask, call):
            return ()
        for binding in _places(call.body, schema):
            made_new = replace(call, bindings=(binding,))
            if is_taken(ask, made_new) and is_taken(ask, made_new):
                return (binding,)
    return ()


@dataclass(frozen=True, slots=True)
class Entered:
    """A body that the baseline takes, and the optional fields for which it refuses one."""

    body: Mapping[str, Any]
    refused: frozenset[str] = frozenset()


def largest_taken(
    bases: Iterable[Call],
    bindings: tuple[Binding, ...],
    ask: Ask,
    schema: Any,
    *,
    likely: Iterable[Call] = (),
) -> Entered | None:
    """Return the largest valid body that the baseline takes; a field that it refuses is left out.

    A reference to nothing in particular makes every answer a refusal, which shows little.
    """
    calls = [call for call in bases if isinstance(call.body, dict)]
    calls.sort(key=lambda call: -len(call.body))
    required = set(flattened(schema, schema).get("required") or ())

    def takes(call: Call, body: Mapping[str, Any]) -> bool:
        return is_taken(ask, _bound(replace(call, body=dict(body)), bindings))

    for call in [*reversed(list(likely)), *calls[:_MOST_LARGE]]:
        if takes(call, call.body):
            return _with_the_rest(call, calls[0], takes)
    for call in [*calls[:1], *_to_try(calls)[:_MOST_BASES]]:
        needed = {name: value for name, value in call.body.items() if name in required}
        if takes(call, needed):
            return _grown(calls[0], needed, takes)
    for call in calls[:1]:  # one of two is needed, or two say different things
        needed = {name: value for name, value in call.body.items() if name in required}
        for name in [name for name in call.body if name not in required][:_MOST_ALONE]:
            smaller = {**needed, name: call.body[name]}
            if takes(call, smaller):
                return _grown(call, smaller, takes)
    return None


def plausible(bases: list[Call], schema: Any) -> list[Call]:
    """Return the smallest and the largest of valid requests with values that make sense, then the
    largest with a value instead of each null.

    What a document allows is more than what a backend takes: 1 for 0, a number where a text is
    one as well, a word for an empty text. What another row is named by is null in most bodies, and
    says something where it is not.
    """
    calls = sorted((call for call in bases if isinstance(call.body, dict)), key=_length)
    made = [replace(call, body=_sensible(call.body, schema, schema)) for call in calls]
    likely = [*made[:1], *made[-1:]]
    for largest in made[-1:]:
        known = {
            name: value
            for call in made
            for name, value in call.body.items()
            if value is not None and not isinstance(value, dict | list)
        }
        nulls = {name for name, value in largest.body.items() if value is None} & known.keys()
        if nulls:
            filled = {name: known[name] for name in nulls}
            likely.append(replace(largest, body={**largest.body, **filled}))
    return likely


def _sensible(node: Any, schema: Any, root: Any) -> Any:
    known = flattened(schema, root)
    if isinstance(node, dict):
        properties = known.get("properties") or {}
        return {
            name: _sensible(value, properties.get(name, {}), root) for name, value in node.items()
        }
    if isinstance(node, list):
        return [_sensible(item, known.get("items", {}), root) for item in node[:_MOST_ITEMS]]
    options = branches(known, root) or [known]
    numbers = [one for one in options if one.get("type") in ("number", "integer")]
    if numbers and not isinstance(node, bool):
        return _number_in(numbers[0])
    plain = not any(word in one for one in options for word in ("pattern", "format", "enum"))
    if plain and (node == "" or (node is None and options[0].get("type") == "string")):
        longest = options[0].get("maxLength")
        return "text"[: longest if isinstance(longest, int) else None]
    return True if node is None and options[0].get("type") == "boolean" else node


def _number_in(schema: Mapping[str, Any]) -> int:
    """Return the whole number that is nearest to 1 and within the bounds."""
    low, high = schema.get("minimum", 1), schema.get("maximum", 1)
    if isinstance(schema.get("exclusiveMinimum"), int | float):
        low = max(low, schema["exclusiveMinimum"] + 1)
    return int(low) if low > 1 else int(high) if high < 1 else 1


def _length(call: Call) -> int:
    return len(call.body)


def _with_the_rest(
    call: Call, largest: Call, takes: Callable[[Call, Mapping[str, Any]], bool]
) -> Entered:
    """Return the body, and what the largest of all has besides, as far as that is taken."""
    return (
        _grown(largest, dict(call.body), takes)
        if call.body.keys() != largest.body.keys()
        else Entered(call.body)
    )


def _grown(
    largest: Call, body: dict[str, Any], takes: Callable[[Call, Mapping[str, Any]], bool]
) -> Entered:
    """Return the body with each further field that leaves it taken, one after the other."""
    refused = set()
    for name in [name for name in largest.body if name not in body][:_MOST_GROWN]:
        larger = {**body, name: largest.body[name]}
        if takes(largest, larger):
            body = larger
        else:
            refused.add(name)
    return Entered(body, frozenset(refused))


def bound(case: Case, bindings: tuple[Binding, ...]) -> Case:
    """Return the case with new values in the learned places, where it has a text there that
    fits.
    """
    if not bindings:
        return case
    return replace(case, calls=tuple(_bound(call, bindings) for call in case.calls))


def _bound(call: Call, bindings: tuple[Binding, ...]) -> Call:
    if call.body is ABSENT or isinstance(call.body, bytes):
        return call
    kept = list(call.bindings)
    places = {binding.place for binding in kept}
    for binding in bindings:
        sample = get(call.body, binding.place.removeprefix("body"))
        fits = isinstance(sample, str) and 0 < len(sample) <= (binding.max_length or len(sample))
        fits = fits and (not binding.pattern or _is_of(sample, binding.pattern))
        if fits and binding.place not in places:
            kept.append(binding)
    return replace(call, bindings=tuple(kept))


def _is_of(sample: str, pattern: str) -> bool:
    """Whether a text is of a pattern: one that is not is wrong on purpose, and stays."""
    try:
        return re.search(pattern, sample) is not None and not sample.endswith("\n")
    except re.error:
        return True


def _to_try(bases: Iterable[Call], likely: Iterable[Call] = ()) -> list[Call]:
    """Return the smallest valid bodies, which have the fewest reasons for a refusal."""
    usable = [call for call in bases if isinstance(call.body, dict)]
    usable.sort(key=lambda call: (len(call.body), len(repr(call.body))))
    return [*likely, *usable[: _MOST_BASES - 1], *usable[-1:]]


def is_taken(ask: Ask, call: Call) -> bool:
    """Return whether the baseline answers a call with success."""
    transcript = ask(Case((call,)))
    response = transcript.exchanges[0].response if transcript.exchanges else None
    return response is not None and 200 <= response.status < 300


def _places(body: Any, schema: Any) -> Iterator[Binding]:
    found = list(_texts(body, schema, schema, ""))[:_MOST_PLACES]
    # A code or a name is likelier to be a key than a note is.
    found.sort(key=lambda entry: not any(w in entry[0] for w in ("code", "name", "id", "email")))
    for pointer, longest, pattern in found:
        label = pointer.strip("/")
        yield Binding(f"body{pointer}", label=label, max_length=longest, pattern=pattern)


def _texts(
    node: Any, schema: Any, root: Any, pointer: str
) -> Iterator[tuple[str, int | None, str]]:
    known = flattened(schema, root)
    if isinstance(node, dict):
        properties = known.get("properties") or {}
        for name, value in node.items():
            below = f"{pointer}/{escape(str(name))}"
            yield from _texts(value, properties.get(name, {}), root, below)
    elif isinstance(node, str) and "enum" not in known and known.get("format") != "uuid":
        longest = known.get("maxLength")
        pattern = str(known.get("pattern") or "")
        if pattern or not isinstance(longest, int) or longest >= NEW_LENGTH:
            yield pointer, longest if isinstance(longest, int) else None, pattern
