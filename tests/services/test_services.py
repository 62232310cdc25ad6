"""The services themselves: steady without a fault, and each fault can be seen by any client.

Nothing here uses the plugin: the suites run with a plain HTTP client against one service in a
thread, see `plain`.
"""

from __future__ import annotations

import functools

import pytest

from tests.services import runs

LISTS = ("feed", "shop", "todo", "bank", "jobs", "search", "stats", "users", "docs")


@functools.cache
def _asked(name: str) -> dict[str, list[list[str]]] | RuntimeError:
    try:
        return runs.plain(name)
    except RuntimeError as error:
        return error


def answers(name: str) -> dict[str, list[list[str]]]:
    seen = _asked(name)
    if isinstance(seen, RuntimeError):
        raise seen
    return seen


@pytest.mark.parametrize("name", runs.SERVICES)
def test_the_suite_passes_and_answers_are_steady(name: str) -> None:
    seen = answers(name)
    assert seen["None"] == seen["again"]
    file = f"test_{name}.py::"
    assert 10 <= len({one[0] for one in seen["None"] if one[0].startswith(file)}) <= 20


@pytest.mark.parametrize("name", runs.SERVICES)
def test_there_are_enough_faults(name: str) -> None:
    assert len(runs.faults(name)) >= (20 if name in LISTS else 8)


FAULTS = [(name, fault.name) for name in runs.SERVICES for fault in runs.faults(name)]


@pytest.mark.parametrize(("name", "fault"), FAULTS, ids=["-".join(pair) for pair in FAULTS])
def test_a_client_can_see_the_fault(name: str, fault: str) -> None:
    """The first answer that departs, times and random values aside, is that of the endpoint."""
    seen = answers(name)
    method, template = runs.service(name).faults[fault].endpoint.split(" ")
    pattern = next(
        route.pattern
        for route in runs.service(name).routes
        if (route.method, route.template) == (method, template)
    )
    pairs = zip(seen["None"], seen[fault], strict=False)
    test, asked, _ = next((a for a, b in pairs if a != b), ("", "none", ""))
    asked_method, _, path = asked.partition(" ")
    assert asked_method in (method, "HEAD"), (test, asked)
    assert pattern.fullmatch(path.partition("?")[0]), (test, asked)
