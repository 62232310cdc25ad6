"""The services themselves: steady without a fault, and each fault can be seen by any client.

Nothing here uses the plugin: the suites run with a plain HTTP client against one service in a
thread, see `plain`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.workers import made_once
from tests.services import runs

LISTS = ("feed", "shop", "todo", "bank", "jobs", "search", "stats", "users", "docs")


Exchanges = dict[str, list[list[str]]]


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Exchanges]:
    """What the service of that name answered; its suite runs once, however many workers ask."""

    def asked(name: str) -> dict[str, Any]:
        try:
            return {"seen": runs.plain(name)}
        except RuntimeError as error:
            return {"error": str(error)}

    @functools.cache
    def answers(name: str) -> Exchanges:
        made = made_once(tmp_path_factory, f"service-{name}", lambda: asked(name))
        if "error" in made:
            raise RuntimeError(made["error"])
        seen: Exchanges = made["seen"]
        return seen

    return answers


@pytest.mark.parametrize("name", runs.SERVICES)
def test_the_suite_passes_and_answers_are_steady(
    name: str, answers: Callable[[str], Exchanges]
) -> None:
    seen = answers(name)
    assert seen["None"] == seen["again"]
    file = f"test_{name}.py::"
    assert 10 <= len({one[0] for one in seen["None"] if one[0].startswith(file)}) <= 20


@pytest.mark.parametrize("name", runs.SERVICES)
def test_there_are_enough_faults(name: str) -> None:
    assert len(runs.faults(name)) >= (20 if name in LISTS else 8)


FAULTS = [(name, fault.name) for name in runs.SERVICES for fault in runs.faults(name)]


@pytest.mark.parametrize(("name", "fault"), FAULTS, ids=["-".join(pair) for pair in FAULTS])
def test_a_client_can_see_the_fault(
    name: str, fault: str, answers: Callable[[str], Exchanges]
) -> None:
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
