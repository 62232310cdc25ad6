"""Which mutations an answer allows: every value, key, type, format, array place, header, cookie.

`plan` lists them by class without making them, so that a sample of each class can be drawn.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from benchmarks.mutation_of_message import mutation_of_message
from benchmarks.mutations import (
    NUMBERS,
    TEXTS,
    TYPES,
    Make,
    Mutation,
    Path,
    _other,
    formats_of,
    json_response,
    noise_at,
    places,
    pointer,
    put,
    tree_of,
    with_response,
)
from benchmarks.reference_transcripts import Recorded, Suite
from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.profiles import NO_PROFILES
from pytest_cutover.compare.noise import constraints, formats
from pytest_cutover.compare.noise.model import trees
from pytest_cutover.compare.noise.rules import Mode, Rules
from pytest_cutover.compare.noise.rules import places as ruled_places
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.normalize.matchers import ArrayPattern, Placeholder, Template, children
from pytest_cutover.normalize.normalized import Golden
from pytest_cutover.normalize.substitution import Substitution

VALUE, TYPE, FORMAT = frozenset(("value",)), frozenset(("type",)), frozenset(("format",))
TEXT = frozenset(("value", "format"))
SPELLING = frozenset(("wire",))
IDENTITY = frozenset(("identity",))
ANY_OF_A_LEAF = TYPE | TEXT | IDENTITY


def plan(suite: Suite, test: Recorded, index: int) -> Iterator[Mutation]:
    """Every mutation of one answer of the candidate."""
    exchange = test.candidate.exchanges[index]
    assert exchange.response is not None
    yield from mutation_of_message(suite.profiles, exchange)
    if json_response(exchange.response) and exchange.response.body:
        mask = test.golden.exchanges[index].response
        assert mask is not None
        shared = _shared_numbers(test.golden)
        unordered = _unordered(suite.rules, exchange)
        free: set[Path] = set()
        for path, value in places(tree_of(exchange)):
            among = any(path[:size] in free for size in range(len(path)))
            for mutation in _at(path, value, noise_at(mask.body.tree, path), shared):
                # Among items without order the golden's mask of another may be the one: it names
                # what may stand there for all of them.
                leaf = among and mutation.kinds and not mutation.group.startswith("key")
                kinds = mutation.kinds | ANY_OF_A_LEAF if leaf else None
                yield mutation if kinds is None else replace(mutation, kinds=kinds)
            if isinstance(value, list):
                if tuple(map(str, path)) in unordered or _is_unordered(mask.body.tree, path):
                    free.add(path)
                yield from _array(path, value, free=path in free)


def _at(
    path: Path, value: Any, noise: Placeholder | Template | None, shared: set[int]
) -> Iterator[Mutation]:
    here = frozenset((pointer(path),))
    volatile = noise is not None
    was = formats.type_of(value)
    allowed = {was}
    if isinstance(noise, Placeholder):
        allowed |= {constraints.type_named(name) for name in noise.formats}
    group = "type inside volatile" if volatile else "type"
    for change in TYPES.values():
        if formats.type_of(change(value if isinstance(value, str | bytes) else b"1", _NO)) in (
            allowed
        ):
            continue
        yield Mutation(group, put(path, change), TYPE, here)
    if isinstance(value, dict):
        yield from _keys(path, value)
    if value is None or isinstance(value, dict | list):
        return
    if isinstance(noise, Placeholder):
        yield from _inside(path, value, noise, shared)
    else:
        yield from _outside(path, value, "text with volatile pieces" if noise else "")


_NO = random.Random(0)


def _outside(path: Path, value: Any, group: str) -> Iterator[Mutation]:
    here = frozenset((pointer(path),))
    if not group:
        yield Mutation("value", put(path, _other), TEXT, here)
    if isinstance(value, str):
        for change in TEXTS.values():
            yield Mutation(group or "value", put(path, change), TEXT, here)
        for new in formats_of(value).values():
            yield Mutation(group or "format", put(path, _fixed(new)), TEXT, here)
        nfd = unicodedata.normalize("NFD", value)
        yield Mutation(group or "value", put(path, _fixed(nfd)), TEXT, here)
        yield Mutation("wire", put(path, lambda v, _r: v + "\ud800"), TEXT, here)
    elif isinstance(value, bytes):
        for name, change in NUMBERS.items():
            wire = name in (".0 added", "0 added", "exponent") or value.strip(b"-0.") == b""
            yield Mutation(
                "spelling of a number" if wire else "value",
                put(path, change), SPELLING | VALUE if name == "+1e-9" else
                SPELLING if wire else VALUE, here,
            )  # fmt: skip
        yield Mutation("wire", put(path, lambda _v, _r: b"NaN"), SPELLING, here)


def _inside(path: Path, value: Any, noise: Placeholder, shared: set[int]) -> Iterator[Mutation]:
    here = frozenset((pointer(path),))
    if isinstance(value, bytes):
        if noise.formats == ("integer",):
            for new in (value + b".5", value + b".0", value + b"e0"):
                yield Mutation("format inside volatile", put(path, _fixed(new)), FORMAT, here)
        yield Mutation("wire", put(path, lambda _v, _r: b"NaN"), SPELLING, here)
        return
    for new in formats_of(value).values():
        if set(noise.formats) & {"string", "text"}:
            break
        yield Mutation("format inside volatile", put(path, _fixed(new)), FORMAT, here)
    yield Mutation("format inside volatile", put(path, _fixed("")), FORMAT, here)
    yield Mutation("format inside volatile", put(path, lambda v, _r: v + " "), FORMAT, here)
    moment = formats.instant_s(value) if noise.clock else None
    for hours in (-5.5, -1, 2, 24, 720) if moment is not None else ():
        moved = datetime.fromtimestamp(moment + hours * 3600, UTC)
        if formats.format_of(value) == "timestamp ms Z":
            new = f"{moved:%Y-%m-%dT%H:%M:%S}{value[19:]}"
            yield Mutation("clock inside volatile", put(path, _fixed(new)), VALUE, here)
    if noise.per_run or noise.number in shared:
        # Of two places with two ids, which is right cannot be told.
        yield Mutation("identity", put(path, _other_id), IDENTITY)
    else:
        yield Mutation("another volatile value (none expected)", put(path, _other_id), frozenset())


def _other_id(value: Any, rng: random.Random) -> Any:
    """Another value of the format; the digits that give an id its version stay."""
    spots = [i for i, c in enumerate(value) if c.isdigit() and i > len(value) - 5]
    if not spots or value.startswith("eyJ"):
        return value
    at = rng.choice(spots)
    return value[:at] + str((int(value[at]) + 1 + rng.randrange(9)) % 10) + value[at + 1 :]


def _fixed(new: Any) -> Callable[[Any, random.Random], Any]:
    return lambda _value, _rng: new


def _keys(path: Path, value: dict[str, Any]) -> Iterator[Mutation]:
    at = pointer(path)

    def added(old: Any, _rng: random.Random) -> Any:
        return {**old, "addedByMutation": b"1"}

    yield Mutation("key added", put(path, added), frozenset(("added",)),
                   frozenset((f"{at}/addedByMutation",)))  # fmt: skip
    for key in value:
        gone = f"{at}{pointer((key,))}"

        def removed(old: Any, _rng: random.Random, key: str = key) -> Any:
            return {k: v for k, v in old.items() if k != key}

        yield Mutation("key missing", put(path, removed), frozenset(("missing",)),
                       frozenset((gone,)))  # fmt: skip
        for new in {key.upper(), key.replace("_", ""), f"{key}s"} - set(value):

            def renamed(old: Any, _rng: random.Random, key: str = key, new: str = new) -> Any:
                return {new if k == key else k: v for k, v in old.items()}

            yield Mutation("key renamed", put(path, renamed), frozenset(("missing", "added")),
                           frozenset((gone, f"{at}{pointer((new,))}")), findings=2)  # fmt: skip


def _array(path: Path, value: list[Any], *, free: bool) -> Iterator[Mutation]:
    here = frozenset((pointer(path),))
    length, order = frozenset(("length",)), frozenset(("order",))
    for i in range(len(value)):
        yield Mutation("array length", put(path, lambda v, _r, i=i: v[:i] + v[i + 1 :]),  # type: ignore[misc]
                       length, here)  # fmt: skip
        yield Mutation("array length", put(path, lambda v, _r, i=i: [*v[: i + 1], *v[i:]]),  # type: ignore[misc]
                       length, here)  # fmt: skip
    for new in (None, {}, b"1", "more"):
        yield Mutation("array length", put(path, lambda v, _r, n=new: [*v, n]), length, here)  # type: ignore[misc]
    if free:
        return
    for i in range(len(value) - 1):
        if value[i] != value[i + 1]:

            def swapped(v: Any, _r: random.Random, i: int = i) -> Any:
                return [*v[:i], v[i + 1], v[i], *v[i + 2 :]]

            yield Mutation("array order", put(path, swapped), order, here)
    if len(value) > 2 and value != value[::-1]:
        yield Mutation("array order", put(path, lambda v, _r: v[::-1]), order, here)


def _shared_numbers(golden: Golden) -> set[int]:
    """The identity classes that hold in more than one place."""
    counts: dict[int, int] = {}
    pending: list[Any] = [tree for seen in golden.exchanges for tree in trees(seen)]
    while pending:
        node = pending.pop()
        if isinstance(node, Placeholder) and node.number is not None:
            counts[node.number] = counts.get(node.number, 0) + 1
        pending += children(node)
    return {number for number, count in counts.items() if count > 1}


def _unordered(rules: Rules, exchange: Exchange) -> set[tuple[str, ...]]:
    return {
        path
        for rule in rules.rules
        if rule.mode is Mode.UNORDERED and rule.concerns(exchange.endpoint)
        for path in ruled_places(tree_of(exchange), rule.tokens)
    }


def _is_unordered(mask: Any, path: Path) -> bool:
    for token in path:
        mask = getattr(mask, "members", {}).get(token) if isinstance(token, str) else None
    return isinstance(mask, ArrayPattern) and mask.unordered


def cookies_of(exchange: Exchange) -> Iterator[Mutation]:
    """The mutations of the cookies of an answer; what is right of one that varies is not known."""
    for mutation in mutation_of_message(NO_PROFILES, exchange):
        if mutation.group == "cookie":
            yield replace(mutation, kinds=frozenset())


def replaced(
    test: Recorded, index: int, exchange: Exchange, make: Make, rng: random.Random
) -> Recorded:
    """The test with one answer of the candidate mutated, and those of the other rounds likewise."""

    def mutated(transcript: Transcript, new: Exchange) -> Transcript:
        exchanges = list(transcript.exchanges)
        exchanges[index] = new
        return replace(transcript, exchanges=tuple(exchanges))

    later = []
    for one in test.later:
        again = make(one.candidate.exchanges[index], rng) or one.candidate.exchanges[index]
        later.append(Round(one.baseline, mutated(one.candidate, again)))
    return replace(test, candidate=mutated(test.candidate, exchange), later=tuple(later))


def equalised(exchange: Exchange, substitution: Substitution) -> Exchange:
    """An answer whose generated codes are the same on both sides, as a kind peer would see it."""
    assert exchange.response is not None
    response = exchange.response
    return with_response(exchange, body=substitution.body(response.body),
                         headers=tuple(substitution.headers(response.headers)))  # fmt: skip
