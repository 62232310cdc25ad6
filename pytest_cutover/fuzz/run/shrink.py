"""The smallest case that still shows a finding: greedy, bounded, on plain values. Pure.

First calls that are not needed, then members (all that can go at once, halves, one by one), then
values: shorter texts, rounder numbers. Every step is asked; what shows the finding is kept.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Final

from pytest_cutover.core.json_pointer import escape, get, put
from pytest_cutover.fuzz.generate.case import ABSENT, Binding, Call, Case

Shows = Callable[[Case], bool]

DEFAULT_STEPS: Final = 60
_PLAIN: Final = "a"


def shrink(case: Case, shows: Shows, *, steps: int = DEFAULT_STEPS) -> tuple[Case, int]:
    """Return the smallest case found and the number of questions it took, at most `steps`."""
    asked = 0
    tried = {case.key()}
    improved = True
    while improved and asked < steps:
        improved = False
        for smaller in candidates(case):
            key = smaller.key()
            if key in tried:
                continue
            tried.add(key)
            asked += 1
            if shows(smaller):
                case, improved = smaller, True
                break
            if asked >= steps:
                break
    return case, asked


def candidates(case: Case) -> Iterator[Case]:
    """Smaller cases, the most hopeful first."""
    yield from _fewer_calls(case)
    for index, call in enumerate(case.calls):
        for smaller in _smaller(call):
            calls = (*case.calls[:index], smaller, *case.calls[index + 1 :])
            yield replace(case, calls=calls)


def _fewer_calls(case: Case) -> Iterator[Case]:
    for index in range(len(case.calls)):
        if len(case.calls) > 1:
            rest = case.calls[:index] + case.calls[index + 1 :]
            yield replace(case, calls=tuple(_renumbered(call, index) for call in rest))


def _renumbered(call: Call, gone: int) -> Call:
    """Return the call without its bindings to a step that is gone; later steps move up."""
    kept: list[Binding] = []
    for binding in call.bindings:
        if binding.step is None or binding.step < gone:
            kept.append(binding)
        elif binding.step > gone:
            kept.append(replace(binding, step=binding.step - 1))
    return replace(call, bindings=tuple(kept))


def _smaller(call: Call) -> Iterator[Call]:
    for index in range(len(call.headers)):
        yield replace(call, headers=call.headers[:index] + call.headers[index + 1 :])
    for index in range(len(call.query)):
        yield replace(call, query=call.query[:index] + call.query[index + 1 :])
    if isinstance(call.body, bytes):
        yield from (replace(call, body=body) for body in _shorter_bytes(call.body))
    elif call.body is not ABSENT:
        for body in _smaller_value(call.body, _kept(call)):
            yield replace(call, body=body)
    for index, (name, value) in enumerate(call.query):
        for text in _texts(value):
            query = (*call.query[:index], (name, text), *call.query[index + 1 :])
            yield replace(call, query=query)
    for name, value in call.path.items():
        if not _bound(call, f"path/{name}"):
            for text in _texts(value):
                if text not in ("", ".", ".."):
                    yield replace(call, path={**call.path, name: text})


def _bound(call: Call, place: str) -> bool:
    return any(binding.place == place for binding in call.bindings)


def _kept(call: Call) -> frozenset[str]:
    """Return places of the body whose value a side gets by itself: shrinking it changes nothing."""
    return frozenset(
        binding.place.removeprefix("body")
        for binding in call.bindings
        if binding.place.startswith("body")
    )


def _smaller_value(body: Any, kept: frozenset[str]) -> Iterator[Any]:
    yield from _without_members(body, "")
    for pointer, value in _leaves(body, ""):
        if pointer in kept:
            simple = [_PLAIN] if isinstance(value, str) and value != _PLAIN else []
        else:
            simple = list(_simpler(value))
        for other in simple:
            yield put(body, pointer, other) if pointer else other


def _without_members(body: Any, pointer: str) -> Iterator[Any]:
    """Yield the body with fewer members or items, at every depth, large steps first."""
    node = get(body, pointer) if pointer else body
    if isinstance(node, dict):
        names = list(node)
        for part in _parts(names):
            smaller = {name: node[name] for name in names if name not in part}
            yield put(body, pointer, smaller) if pointer else smaller
        for name in names:
            yield from _without_members(body, f"{pointer}/{escape(str(name))}")
    elif isinstance(node, list):
        for part in _parts(list(range(len(node)))):
            items = [item for index, item in enumerate(node) if index not in part]
            yield put(body, pointer, items) if pointer else items
        for index in range(len(node)):
            yield from _without_members(body, f"{pointer}/{index}")


def _parts(names: list[Any]) -> Iterator[set[Any]]:
    """Yield what to leave out: all but one, halves, one."""
    if len(names) > 3:
        yield from (set(names) - {name} for name in names)
        shuffled = random.Random(0).sample(names, len(names))
        half = len(names) // 2
        yield set(shuffled[:half])
        yield set(shuffled[half:])
    yield from ({name} for name in names)


def _leaves(node: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for name, value in node.items():
            yield from _leaves(value, f"{pointer}/{escape(str(name))}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _leaves(value, f"{pointer}/{index}")
    else:
        yield pointer, node


def _simpler(value: Any) -> Iterator[Any]:
    if isinstance(value, str):
        yield from _texts(value)
    elif isinstance(value, bool):
        if value:
            yield False
    elif isinstance(value, int) and value not in (0, 1):
        yield from (0, 1)
    elif isinstance(value, float):
        whole = [int(value)] if value == int(value) else [int(value), round(value, 1)]
        yield from (other for other in (0, 1, *whole) if other != value or type(other) is int)


def _texts(value: str) -> Iterator[str]:
    """Shorter texts, then plainer ones of the same length."""
    length = len(value)
    if length == 0:
        return
    if length > 1:
        yield value[0]
        yield value[: length // 2]
        yield value[length // 2 :]
    if length <= 16:
        yield from (value[:index] + value[index + 1 :] for index in range(length))
    if length > 1 and value != _PLAIN * length and value.isascii():
        yield _PLAIN * length
    if value not in (_PLAIN, "0") and length == 1 and value.isascii():
        yield _PLAIN


def _shorter_bytes(body: bytes) -> Iterator[bytes]:
    if len(body) > 1:
        yield body[: len(body) // 2]
        yield body[len(body) // 2 :]
        if len(body) <= 16:
            yield from (body[:index] + body[index + 1 :] for index in range(len(body)))
