"""Running an item inside its own protocol: again with fresh fixtures, and with another ending.

What pytest-rerunfailures does, and for the same reason through private names of pytest: an item
that has run once must be given a new fixture request.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator
from typing import Any, Final, Protocol

import pytest
from _pytest.runner import call_and_report

_TIMEOUT: Final = "timeout"
"""The name under which pytest-timeout is registered."""


class _TimeLimits(Protocol):
    """What is used of pytest-timeout."""

    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, None, object]:
        """Limit an item for as long as it is between two steps."""
        ...


def run_item(item: pytest.Item, following: pytest.Item | None) -> list[pytest.TestReport]:
    """Set up, call and tear down an item; its reports are returned and not logged.

    Fixtures of wider scope that `following`, another item, uses too stay: `close_scopes` ends them.
    """
    untyped: Any = item
    has_request = hasattr(item, "_request")
    if has_request and not untyped._request:
        untyped._initrequest()
        _forget_instance(item)
    try:
        with _time_limit(item):
            reports = [call_and_report(item, "setup", log=False)]
            if reports[0].passed and not item.config.getoption("setuponly", False):
                reports.append(call_and_report(item, "call", log=False))
            stop = item.session.shouldfail or item.session.shouldstop
            nextitem = None if stop else following
            reports.append(call_and_report(item, "teardown", log=False, nextitem=nextitem))
    finally:
        if has_request:
            untyped._request = False
            untyped.funcargs = None
    return reports


def lift_time_limit(item: pytest.Item) -> None:
    """Take off the limit that pytest-timeout set this item: each run of it gets its own.

    What comes between the runs, a process that starts or a wait, is none of the test's time.
    """
    if item.config.pluginmanager.hasplugin(_TIMEOUT):
        item.ihook.pytest_timeout_cancel_timer(item=item)


@contextlib.contextmanager
def _time_limit(item: pytest.Item) -> Iterator[None]:
    """Have the wrapper by which pytest-timeout limits an item around one run of it."""
    plugin: _TimeLimits | None = item.config.pluginmanager.get_plugin(_TIMEOUT)
    if plugin is None:
        yield
        return
    wrapper = plugin.pytest_runtest_protocol(item)
    next(wrapper)
    try:
        yield
    finally:
        with contextlib.suppress(StopIteration):
            wrapper.send(None)


def close_scopes(item: pytest.Item, nextitem: pytest.Item | None) -> pytest.TestReport | None:
    """End the fixtures of wider scope that the next item does not use; a report if that fails."""
    stop = item.session.shouldfail or item.session.shouldstop
    state = item.session._setupstate
    following = None if stop else nextitem
    call = pytest.CallInfo.from_call(lambda: state.teardown_exact(following), when="teardown")
    if call.excinfo is None:
        return None
    report: pytest.TestReport = item.ihook.pytest_runtest_makereport(item=item, call=call)
    return report


def failed_call(
    item: pytest.Item, reports: list[pytest.TestReport], text: str, cause: BaseException | None
) -> list[pytest.TestReport]:
    """Return the reports of an item whose call fails with a text of ours; its own error is the
    cause.

    What set-up and teardown made of the same difference is not told a second time.
    """

    def fail() -> None:
        raise pytest.fail.Exception(text, pytrace=False) from cause

    call = pytest.CallInfo.from_call(fail, when="call")
    untyped: Any = item
    if getattr(item, "funcargs", {}) is None:
        untyped.funcargs = {}  # other plugins look there for their fixtures
    told: pytest.TestReport = item.ihook.pytest_runtest_makereport(item=item, call=call)
    found = []
    for report in reports:
        if report.when == "call":
            told.duration, told.start, told.stop = report.duration, report.start, report.stop
            told.sections = report.sections
            continue
        if report.failed:
            report.outcome, report.longrepr = "passed", None
        if report.when == "teardown":
            found.append(told)
        found.append(report)
    return found


def _forget_instance(item: pytest.Item) -> None:
    """Give a method that runs again a new instance of its class, as every test gets."""
    untyped: Any = item
    if isinstance(item.parent, pytest.Class) and hasattr(item, "_instance"):
        del untyped._instance
        untyped._obj = None
