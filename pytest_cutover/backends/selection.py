"""Which of the collected items can run, and in which order. Pure but for reading the items."""

from __future__ import annotations

import inspect
import unittest
from collections.abc import Callable, Collection, Iterable
from typing import Any

import pytest

from pytest_cutover.backends.markers import MarkedTest, marked, split_side, test_name
from pytest_cutover.backends.session import AGAIN, CROSSOVER
from pytest_cutover.core.exchange import Side

FIXTURES = ("backend", "async_backend", "baseline", "candidate")


def usage_errors(items: Iterable[pytest.Item], own_module: str) -> list[str]:
    """Return what cannot work, a text for each mistake; `own_module` defines our fixtures."""
    return list(dict.fromkeys(text for item in items if (text := _usage_error(item, own_module))))


def _usage_error(item: pytest.Item, own_module: str) -> str | None:
    mark = marked(item)
    if mark is None:
        return None
    return _shadowed(item, own_module) or _wrong_fixture(item, mark) or mark.complaint


def cannot_run(item: pytest.Item) -> str:
    """Return why a marked test, and no other, cannot run as it is written; empty where it can."""
    mark = marked(item)
    if mark is None:
        return ""
    function: Any = getattr(item, "function", None)
    case = getattr(item, "cls", None)
    if isinstance(case, type) and issubclass(case, unittest.TestCase):
        return (
            f"{item.nodeid} is a method of unittest.TestCase and marked {mark.name}: pytest gives "
            "such a method no fixtures, so it has no `backend` and runs on no side.\nExpected a "
            "function, or a method of a plain class, that takes `backend`.\nLet the class inherit "
            "nothing, move setUp into a fixture, and write assert for self.assertEqual."
        )
    fixtures = getattr(item, "fixturenames", ())
    if inspect.iscoroutinefunction(function) and "async_backend" not in fixtures:
        return (
            f"{test_name(item)} is `async def` and marked {mark.name}, and does not use "
            "`async_backend`.\nExpected that fixture: `backend` is a synchronous client and would "
            "hold up the event loop.\nTake `async_backend`, or remove `async` and `await`."
        )
    return ""


def _shadowed(item: pytest.Item, own_module: str) -> str | None:
    info = getattr(item, "_fixtureinfo", None)
    for name in FIXTURES:
        definitions = info.name2fixturedefs.get(name, ()) if info else ()
        if definitions and getattr(definitions[-1].func, "__module__", "") != own_module:
            module = getattr(definitions[-1].func, "__module__", "")
            where = definitions[-1].baseid
            if where and not where.partition("::")[0].endswith(".py"):
                where = f"{where}/conftest.py"  # what pytest calls it by is the folder
            where = where or (f"{module}.py" if module else "a plugin")
            return (
                f"the fixture `{name}` of {where} hides the one of pytest-cutover, and "
                f"{test_name(item)} would be compared with nothing.\n"
                f"Expected `{name}` to be the client of pytest-cutover. Rename the fixture; to add "
                "headers or to log in, define `cutover_login(backend)`."
            )
    return None


def _wrong_fixture(item: pytest.Item, mark: MarkedTest) -> str | None:
    names = set(FIXTURES) & set(getattr(item, "fixturenames", ()))
    names -= {"async_backend"}  # it stands on `backend`
    if mark.name == CROSSOVER and "backend" in names:
        return (
            f"{test_name(item)} is marked crossover and uses `backend`.\n"
            "Expected `baseline` and `candidate`: a crossover test speaks to both sides in one "
            "run. Use those two, or mark the test characterization."
        )
    if mark.name != CROSSOVER and names - {"backend"}:
        return (
            f"{test_name(item)} is marked {mark.name} and uses `{min(names - {'backend'})}`.\n"
            "Expected `backend` alone: the test runs once on each side, and what both answer is "
            "compared. Use `backend`, or mark the test crossover."
        )
    return None


def paired(items: Iterable[pytest.Item]) -> list[pytest.Item]:
    """Return the candidate right after its baseline; second recordings of the baseline last of
    all.
    """
    groups: dict[str, list[pytest.Item]] = {}
    last: list[pytest.Item] = []
    for item in items:
        test, variant = split_side(item)
        if variant == AGAIN:
            last.append(item)
        else:
            groups.setdefault(test if variant else item.nodeid, []).append(item)
    ordered: list[pytest.Item] = []
    for group in groups.values():
        ordered += sorted(group, key=lambda item: split_side(item)[1] != str(Side.BASELINE))
    return ordered + last


def unrunnable(
    items: Iterable[pytest.Item],
    silent: Collection[Side],
    *,
    has_golden: Callable[[str], bool],
) -> list[pytest.Item]:
    """Return the marked items that say nothing while some sides do not answer.

    A candidate's test does without the baseline where it has a golden.
    """
    return [item for item in items if _wants(item, silent, has_golden)]


def _wants(item: pytest.Item, silent: Collection[Side], has_golden: Callable[[str], bool]) -> bool:
    if not silent or marked(item) is None:
        return False
    test, variant = split_side(item)
    if variant in (str(Side.BASELINE), AGAIN):
        # Without the candidate the baseline's part is only of use to a recording.
        siblings = {Side.BASELINE} if _records(item) else set(Side)
        return bool(siblings & set(silent))
    if variant == str(Side.CANDIDATE):
        return Side.CANDIDATE in silent or not has_golden(test)
    return True


def _records(item: pytest.Item) -> bool:
    return bool(getattr(item.config.option, "update_snapshots", False))
