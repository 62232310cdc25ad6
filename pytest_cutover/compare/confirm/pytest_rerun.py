"""Running an item again with fresh fixtures, inside its own protocol.

What pytest-rerunfailures does, and for the same reason through two private names of pytest: an
item that has run once must be given a new fixture request.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from _pytest.runner import call_and_report

NextItem = Callable[[], "pytest.Item | None"]


def run_item(item: pytest.Item, next_item: NextItem) -> list[pytest.TestReport]:
    """Set up, call and tear down an item; its reports are returned and not logged.

    `next_item` is asked after the call: with the sibling that will run again, the fixtures of
    wider scope stay.
    """
    untyped: Any = item
    has_request = hasattr(item, "_request")
    if has_request and not untyped._request:
        untyped._initrequest()
        _forget_instance(item)
    try:
        reports = [call_and_report(item, "setup", log=False)]
        if reports[0].passed and not item.config.getoption("setuponly", False):
            reports.append(call_and_report(item, "call", log=False))
        following = next_item()
        if item.session.shouldfail or item.session.shouldstop:
            following = None
        reports.append(call_and_report(item, "teardown", log=False, nextitem=following))
    finally:
        if has_request:
            untyped._request = False
            untyped.funcargs = None
    return reports


def _forget_instance(item: pytest.Item) -> None:
    """A method that runs again gets a new instance of its class, as every test does."""
    untyped: Any = item
    if isinstance(item.parent, pytest.Class) and hasattr(item, "_instance"):
        del untyped._instance
        untyped._obj = None
