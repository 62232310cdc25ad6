"""The fixture ``paired_benchmark``: registers a workload and takes its first blocks.

Called by tests through the plugin.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from pytest_cutover.backends.http.client import Backend
from pytest_cutover.backends.session import Session
from pytest_cutover.core.endpoint import Endpoint
from pytest_cutover.core.exchange import Side
from pytest_cutover.performance.measure.timed_transport import timed_backend
from pytest_cutover.performance.measure.workload import Workload, WorkloadError
from pytest_cutover.performance.stats.samples import Block, Timed, turns

FIRST_BLOCKS = 8
"""So many blocks run through pytest-benchmark: enough for its table, few enough to be quick."""
_WARM_UP_CALLS = 100
_WARM_UP_S = 1.0


@dataclass(slots=True)
class PairedBenchmark:
    """What a test calls: once, with a callable that takes a backend.

    ``only_try`` says why nothing is measured in this run; the callable then runs once on each
    side. ``benchmark`` is pytest-benchmark's fixture. ``register`` takes the workload over with
    its first blocks; ``tried`` is told why there are none.
    """

    session: Session
    request: pytest.FixtureRequest
    endpoint: Endpoint
    benchmark: Any
    only_try: str
    register: Callable[[Workload, list[Block]], None]
    tried: Callable[[Endpoint, str], None]
    used: bool = False

    def __call__(self, call: Callable[[Backend], Any]) -> None:
        """Measure ``call`` on both sides; it must use its argument for every request."""
        if self.used:
            pytest.fail(
                "paired_benchmark was called twice in one test.\nExpected one workload per test: "
                "write a second test for the second one.",
                pytrace=False,
            )
        self.used = True
        self._check(call)
        workload = self._workload(call)
        try:
            self._compare_statuses(workload)
            if self.only_try:
                self.tried(self.endpoint, self.only_try)
                workload.close()
                return
            self._warm_up(workload)
            self.register(workload, self._first_blocks(workload))
        except WorkloadError as error:
            workload.close()
            pytest.fail(str(error), pytrace=False)

    def _check(self, call: Callable[[Backend], Any]) -> None:
        target = self.session.plan.target
        if not target.may_load:
            how = (
                "Load is refused for a target with production = true."
                if target.production
                else f"If this environment may be loaded, set `load = true` in "
                f"[targets.{target.name}] of {self.session.plan.config.source_name}."
            )
            pytest.fail(
                f"refused: a benchmark of {self.endpoint} on the target {target.name!r}.\n"
                f"Expected a target that consents to load; nothing was sent.\n{how}",
                pytrace=False,
            )
        name = held_resource(call, self.request.node)
        if name is not None:
            pytest.fail(
                f"the workload holds the fixture `{name}`, which is gone when the test ends.\n"
                "Expected a callable that uses its argument alone, or fixtures of module or "
                "session scope: it is called again after its test.\nMake what it needs inside "
                "the callable.",
                pytrace=False,
            )

    def _workload(self, call: Callable[[Backend], Any]) -> Workload:
        clients, transports = {}, {}
        for side in Side:
            known = self.request.getfixturevalue(str(side))
            clients[side], transports[side] = timed_backend(
                self.session, side, headers=known.headers, cookies=known.cookies, auth=known.auth
            )
        return Workload(self.endpoint, self.request.node.nodeid, call, clients, transports)

    def _compare_statuses(self, workload: Workload) -> None:
        """One call on each side: what is compared must be the same kind of answer."""
        for side in Side:
            taken = workload.once(side)
            if side not in workload.first:
                raise WorkloadError(
                    f"the {side} backend gave no whole answer to {self.endpoint} within "
                    f"{taken.latency_ms:.0f} ms.\nExpected one: look at its log."
                )
        first = workload.first
        if first[Side.BASELINE] // 100 != first[Side.CANDIDATE] // 100:
            raise WorkloadError(
                f"{self.endpoint} was answered with {first[Side.BASELINE]} by the baseline and "
                f"{first[Side.CANDIDATE]} by the candidate.\nExpected the same kind of answer: "
                "the times of two different things are not compared. Settle parity first."
            )

    def _warm_up(self, workload: Workload) -> None:
        deadline = time.monotonic() + _WARM_UP_S
        for _ in range(_WARM_UP_CALLS):
            for side in Side:
                workload.once(side)
            if time.monotonic() > deadline:
                break

    def _first_blocks(self, workload: Workload) -> list[Block]:
        """Through pytest-benchmark's public API, so that its table and JSON have them."""
        schedule = [order for order, _ in zip(_orders(), range(FIRST_BLOCKS), strict=False)]
        sides = iter([side for order in schedule for side in order])
        taken: list[Timed] = []

        def pick() -> tuple[tuple[Side], dict[str, Any]]:
            return (next(sides),), {}

        def target(side: Side) -> None:
            taken.append(workload.once(side))

        if self.benchmark.group is None:
            # Its table has one row for each test: both sides' times are in it together.
            self.benchmark.group = "cutover: both sides in one row, see the gate's report for each"
        self.benchmark.pedantic(target, setup=pick, rounds=4 * FIRST_BLOCKS, iterations=1)
        self.benchmark.extra_info["cutover"] = {"endpoint": str(self.endpoint), "interleaved": True}
        groups = zip(*[iter(taken)] * 4, strict=True)
        return [Block(str(self.endpoint), (a, b, c, d)) for a, b, c, d in groups]


def _orders() -> Iterator[tuple[Side, ...]]:
    """Yield the same random orders as those of the sampling stage."""
    for _, order in turns(lambda: ("",), seed=time.time_ns()):
        yield order.sides


def why_no_benchmark(benchmark: Any) -> str:
    """Why pytest-benchmark cannot measure; empty where it can."""
    if benchmark is None:
        return "pytest-benchmark is switched off (-p no:benchmark): run it with the plugin"
    if benchmark.disabled:
        return "pytest-benchmark is switched off (--benchmark-disable, or --dist): run it without"
    return ""


def held_resource(call: Callable[..., Any], item: pytest.Item) -> str | None:
    """Return the function-scoped fixture with a teardown that a callable holds on to, if there
    is one.
    """
    held = list(_held(call))
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {})
    for name, value in getattr(item, "funcargs", {}).items():
        definitions = known.get(name)
        if not definitions or definitions[-1].scope != "function":
            continue
        if inspect.isgeneratorfunction(definitions[-1].func) and any(one is value for one in held):
            return str(name)
    return None


def _held(call: Any) -> Iterator[Any]:
    """Yield what a callable keeps: closure, defaults, partial arguments, the object of a method."""
    if isinstance(call, functools.partial):
        yield from call.args
        yield from call.keywords.values()
        yield from _held(call.func)
        return
    if inspect.ismethod(call):
        yield call.__self__
    function = inspect.unwrap(getattr(call, "__func__", call))
    for cell in getattr(function, "__closure__", None) or ():
        try:
            yield cell.cell_contents
        except ValueError:
            continue
    yield from getattr(function, "__defaults__", None) or ()
    yield from (getattr(function, "__kwdefaults__", None) or {}).values()
