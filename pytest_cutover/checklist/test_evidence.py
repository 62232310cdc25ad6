"""Tests marked ``checklist("id", …)``: which items they speak about, and what they showed."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pytest

from pytest_cutover.checklist.items import unknown_item
from pytest_cutover.checklist.results import ItemTest
from pytest_cutover.core.errors import MistakesError
from pytest_cutover.report.phase_words import ActionName

_DEMANDED = pytest.StashKey[list[ActionName]]()


class InconclusiveCheck(Exception):  # noqa: N818 - it is an answer, not an error
    """A check could not decide: its test fails, and its item is inconclusive."""


def item_ids(item: pytest.Item) -> tuple[str, ...]:
    """Return the items that a test is marked for, over all of its markers."""
    names = (str(name) for mark in item.iter_markers("checklist") for name in mark.args)
    return tuple(dict.fromkeys(names))


def complaint(item: pytest.Item, known: Collection[str]) -> str:
    """Return what is wrong with the marker of a test; empty where nothing is."""
    if any(not mark.args for mark in item.iter_markers("checklist")):
        return (
            f"{item.nodeid}: the marker checklist names no item.\n"
            'Expected @pytest.mark.checklist("environment.health").'
        )
    unknown = [name for name in item_ids(item) if name not in known]
    if unknown:
        mistake = unknown_item(unknown[0], known)
        return str(MistakesError(item.nodeid, [mistake]))
    return ""


def demand(item: pytest.Item, action: ActionName) -> None:
    """Note what a check that a test ran demands."""
    item.stash.setdefault(_DEMANDED, []).append(action)


def shown_by(
    item: pytest.Item,
    call: pytest.CallInfo[None],
    ids: tuple[str, ...],
    scrub: Callable[[str], str],
) -> ItemTest:
    """Return what a test showed, in its call or where it broke in set-up."""
    verdict, message = _of_call(call)
    return ItemTest(
        nodeid=item.nodeid,
        items=ids,
        verdict=verdict,
        message=scrub(message),
        action=_most_urgent(item),
    )


def _most_urgent(item: pytest.Item) -> str:
    """Return what the checks of a test demand; empty where they demand nothing."""
    demanded = item.stash.get(_DEMANDED, list[ActionName]())
    return str(max(demanded, key=lambda name: name.urgency, default=""))


def _of_call(call: pytest.CallInfo[None]) -> tuple[str, str]:
    if call.excinfo is None:
        return "pass", ""
    if isinstance(call.excinfo.value, InconclusiveCheck):
        return "inconclusive", str(call.excinfo.value)
    said = str(call.excinfo.value).strip() or call.excinfo.typename
    if call.excinfo.errisinstance(pytest.skip.Exception):
        return "inconclusive", f"skipped: {said}"
    return "fail", said.splitlines()[0]
