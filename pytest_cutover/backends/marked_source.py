"""Which tests of ours the source of a file defines, whether pytest collects them or not.

A class with an `__init__`, a condition around a test, a hook that returns nothing, a second test of
the same name: pytest goes on without a word, and what was not collected cannot differ. Pure.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MARKERS = frozenset({"characterization", "negative", "crossover", "perf", "checklist"})
_DEFINED = re.compile(r"^[ \t]*(?:async[ \t]+)?def[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MarkedFunction:
    """A test function by its names, outermost first; `replaced` by another of its name below it."""

    names: tuple[str, ...]
    replaced: bool = False


def may_hold_more(source: str, collected: int, prefixes: Sequence[str]) -> bool:
    """Say whether a file seems to define more tests than were collected of it: a cheap look."""
    found = [one for one in _DEFINED.findall(source) if _is_test(one, prefixes)]
    return len(found) > collected


def marked_tests(source: str, prefixes: Sequence[str] = ("test",)) -> list[MarkedFunction]:
    """Return the test functions of a source that have a marker of ours, in order.

    A function within a function is none. A source that is no Python holds none.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return []
    aliases = frozenset(
        target.id
        for one in tree.body
        if isinstance(one, ast.Assign) and _is_mark(one.value, frozenset())
        for target in one.targets
        if isinstance(target, ast.Name)
    )
    return list(_Reader(aliases, tuple(prefixes)).of_body(tree.body, (), marked=False))


@dataclass(frozen=True, slots=True)
class _Reader:
    """What the names of a file mean: `aliases` of markers, and how test functions begin."""

    aliases: frozenset[str]
    prefixes: tuple[str, ...]

    def of_body(
        self, body: Sequence[ast.stmt], names: tuple[str, ...], *, marked: bool
    ) -> Iterator[MarkedFunction]:
        marked = marked or any(self._sets_pytestmark(one) for one in body)
        last = {
            one.name: index
            for index, one in enumerate(body)
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        }
        for index, one in enumerate(body):
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                if _is_test(one.name, self.prefixes) and (marked or self._has_mark(one)):
                    yield MarkedFunction((*names, one.name), replaced=last[one.name] > index)
            elif isinstance(one, ast.ClassDef):
                of_class = marked or self._has_mark(one)
                yield from self.of_body(one.body, (*names, one.name), marked=of_class)
            else:
                for part in ("body", "orelse", "finalbody"):
                    inner = getattr(one, part, None)
                    if isinstance(inner, list):
                        yield from self.of_body(inner, names, marked=marked)

    def _has_mark(self, one: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
        return any(_is_mark(decorator, self.aliases) for decorator in one.decorator_list)

    def _sets_pytestmark(self, statement: ast.stmt) -> bool:
        if not isinstance(statement, ast.Assign):
            return False
        targets = [one.id for one in statement.targets if isinstance(one, ast.Name)]
        return "pytestmark" in targets and any(
            _is_mark(one, self.aliases)
            for one in ast.walk(statement.value)
            if isinstance(one, ast.expr)
        )


def _is_test(name: str, prefixes: Sequence[str]) -> bool:
    return any(name.startswith(prefix) for prefix in prefixes)


def _is_mark(expression: ast.expr, aliases: frozenset[str]) -> bool:
    """Whether an expression is `….mark.NAME` of ours, or an alias of one, called or not."""
    at = expression.func if isinstance(expression, ast.Call) else expression
    if isinstance(at, ast.Name):
        return at.id in aliases
    return (
        isinstance(at, ast.Attribute)
        and at.attr in _MARKERS
        and isinstance(at.value, ast.Attribute)
        and at.value.attr == "mark"
    )
