"""Which tests measure, and what the marker ``perf`` says of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from pytest_cutover.core.endpoint import Endpoint, parse
from pytest_cutover.core.errors import InvalidValueError
from pytest_cutover.core.nodeid import without_side

PERF = "perf"
LOAD_FIXTURE = "cutover_load"
BENCHMARK_FIXTURE = "paired_benchmark"
_FORM = '@pytest.mark.perf("METHOD /path/{template}")'


def perf_endpoint(item: pytest.Item) -> Endpoint | None:
    """Return the endpoint that a test measures; None without the marker.

    Raises ValueError saying what is wrong with it.
    """
    mark = item.get_closest_marker(PERF)
    if mark is None:
        return None
    if len(mark.args) != 1 or mark.kwargs:
        raise ValueError(
            f"{item.nodeid}: the marker perf names one endpoint, and this one has "
            f"{len(mark.args)} positional and {len(mark.kwargs)} keyword arguments.\n"
            f"Expected {_FORM}."
        )
    try:
        return parse(str(mark.args[0]))
    except InvalidValueError as error:
        raise ValueError(f"{item.nodeid}: marker perf: {error}") from None


def measures(item: pytest.Item) -> bool:
    """Whether an item puts load on the backends: by its marker, or by what it asks for."""
    names = getattr(item, "fixturenames", ())
    if item.get_closest_marker(PERF) is not None:
        return True
    return LOAD_FIXTURE in names or BENCHMARK_FIXTURE in names


def complaint(item: pytest.Item) -> str | None:
    """Return what cannot work, before anything runs."""
    try:
        perf_endpoint(item)
    except ValueError as error:
        return str(error)
    names = getattr(item, "fixturenames", ())
    if BENCHMARK_FIXTURE in names and item.get_closest_marker(PERF) is None:
        return f"{item.nodeid} uses paired_benchmark without a marker.\nExpected {_FORM}."
    return None


@dataclass(frozen=True, slots=True)
class Measuring:
    """The tests of a run that measure an endpoint, and those that load; ids without the side."""

    of_endpoint: tuple[tuple[str, str], ...] = ()
    of_load: tuple[str, ...] = ()

    def of(self, endpoint: str) -> tuple[str, ...]:
        """Return the tests that measure an endpoint."""
        return tuple(test for known, test in self.of_endpoint if known == endpoint)

    @property
    def everywhere(self) -> tuple[str, ...]:
        """All of them."""
        return (*(test for _, test in self.of_endpoint), *self.of_load)


def measuring(items: Iterable[pytest.Item]) -> Measuring:
    """Return what the items of a run measure; one whose marker is wrong measures nothing."""
    of_endpoint, of_load = [], []
    for item in items:
        if complaint(item):
            continue
        endpoint = perf_endpoint(item)
        if endpoint is not None:
            of_endpoint.append((str(endpoint), without_side(item.nodeid)))
        if LOAD_FIXTURE in getattr(item, "fixturenames", ()):
            of_load.append(item.nodeid)
    return Measuring(tuple(of_endpoint), tuple(of_load))
