"""Mutations of lists in an answer: rows lost, doubled, moved, exchanged, and wrong totals."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.mutations import Mutation, _other, json_response, places, pointer, put, tree_of
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.core.exchange import Exchange

ANY: frozenset[str] = frozenset()
Rows = list[Any]
Edit = Callable[[Rows, random.Random], Rows]


def _at(rows: Rows, index: int, new: Any) -> Rows:
    return [*rows[:index], new, *rows[index + 1 :]]


WHOLE: dict[str, Edit] = {
    "empty": lambda _rows, _r: [],
    "first missing": lambda rows, _r: rows[1:],
    "last missing": lambda rows, _r: rows[:-1],
    "one missing": lambda rows, r: _without(rows, r.randrange(len(rows))),
    "half of it": lambda rows, _r: rows[: len(rows) // 2],
    "reversed": lambda rows, _r: rows[::-1],
    "turned by one": lambda rows, _r: [*rows[1:], rows[0]],
    "two exchanged": lambda rows, r: _exchanged(rows, *r.sample(range(len(rows)), 2)),
    "each twice": lambda rows, _r: [row for row in rows for _ in (0, 1)],
    "one twice": lambda rows, r: _doubled(rows, r.randrange(len(rows))),
    "one in the place of all": lambda rows, _r: [rows[0]] * len(rows),
    "one in the place of another": lambda rows, r: _at(rows, *_two_of(rows, r)),
    "a row that is none": lambda rows, _r: [*rows, {}],
}


def _without(rows: Rows, index: int) -> Rows:
    return rows[:index] + rows[index + 1 :]


def _exchanged(rows: Rows, one: int, other: int) -> Rows:
    new = list(rows)
    new[one], new[other] = rows[other], rows[one]
    return new


def _doubled(rows: Rows, index: int) -> Rows:
    return [*rows[: index + 1], *rows[index:]]


def _two_of(rows: Rows, rng: random.Random) -> tuple[int, Any]:
    one, other = rng.sample(range(len(rows)), 2)
    return one, rows[other]


def mutation_of_rows(exchange: Exchange, *, own_ids: bool = False) -> Iterator[Mutation]:
    """Every kind of mutation of each list of an answer; its rows are what is picked by chance.

    `own_ids`: each side has a database of its own, where no id is held to be the other's.
    """
    if not json_response(exchange.response) or not (exchange.response and exchange.response.body):
        return
    tree = tree_of(exchange)
    for path, rows in places(tree):
        if not isinstance(rows, list) or len(rows) < 2:
            continue
        here = frozenset((pointer(path),))
        for edit in WHOLE.values():
            yield Mutation("list: rows", put(path, edit), ANY, here)
        holder = tree
        for token in path[:-1]:
            holder = holder[token]
        yield from _totals(path[:-1], holder if path else None, own_ids=own_ids)
        if all(isinstance(row, dict) for row in rows):
            for name in rows[0]:
                if not (own_ids and names_an_id(name)):
                    yield from _members(path, name, here)


def _totals(path: tuple[str | int, ...], holder: Any, *, own_ids: bool) -> Iterator[Mutation]:
    """Numbers beside a list."""
    if not isinstance(holder, dict):
        return
    for name, value in holder.items():
        if isinstance(value, bytes) and not (own_ids and names_an_id(name)):
            here = frozenset((pointer((*path, name)),))
            for new in (b"0", b"%d" % (_whole(value) + 1), b"%d" % (10 * _whole(value) + 7)):
                yield Mutation("list: total", put((*path, name), _fixed(new)), ANY, here)


def _fixed(new: Any) -> Callable[[Any, random.Random], Any]:
    return lambda _value, _rng: new


def _whole(value: bytes) -> int:
    return int(float(value)) if value.strip(b"-").replace(b".", b"").isdigit() else 0


def _members(path: tuple[str | int, ...], name: str, here: frozenset[str]) -> Iterator[Mutation]:
    def edited(edit: Callable[[Any, random.Random], Any], *, every: bool) -> Edit:
        def change(rows: Rows, rng: random.Random) -> Rows:
            new = list(rows)
            for index in rng.sample(range(len(rows)), len(rows)):
                if name in rows[index]:
                    new[index] = edit(rows[index], rng)
                if new != rows and not every:
                    break  # one row in which it changes something, in each round
            return new

        return change

    def to(make: Callable[[Any, random.Random], Any]) -> Callable[[Any, random.Random], Any]:
        return lambda row, rng: {**row, name: make(row[name], rng)}

    def another(value: Any, rng: random.Random) -> Any:
        return value if value is None or isinstance(value, dict | list) else _other(value, rng)

    for every in (False, True):
        for make in (
            to(another),
            to(lambda _v, _r: None),
            to(lambda v, _r: "foo" if isinstance(v, str) else b"0" if isinstance(v, bytes) else v),
            to(lambda v, _r: b"%d" % (_whole(v) + 1) if isinstance(v, bytes) else v),
            to(lambda v, _r: v.decode() if isinstance(v, bytes) else v),
            lambda row, _r: {key: value for key, value in row.items() if key != name},
        ):
            yield Mutation("list: members of rows", put(path, edited(make, every=every)), ANY, here)
