"""The fixture ``cutover_load``: a locustfile against both sides, in short turns.

Plans the turns, starts the generator, watches the backends meanwhile, and hands in a `LoadRun`,
whatever went wrong. Imported when a test asks for it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

import pytest

from pytest_cutover.backends.run_dir import temporary
from pytest_cutover.backends.session import Session
from pytest_cutover.backends.waiting import told_when_long
from pytest_cutover.config.constraints import Duration
from pytest_cutover.config.performance import LoadTable, Performance
from pytest_cutover.core.endpoint import Endpoint
from pytest_cutover.core.errors import InvalidValueError
from pytest_cutover.performance.load.generator import (
    GeneratorError,
    LoadGenerator,
    LoadPlan,
    OwnLocust,
    RemoteMaster,
)
from pytest_cutover.performance.load.load_rows import Gathering
from pytest_cutover.performance.load.probe import OpenLoopProbe, probe_of
from pytest_cutover.performance.load.resource_monitor import PoolHookError, ResourceMonitor
from pytest_cutover.performance.measure.machine_watch import MachineWatch
from pytest_cutover.performance.measure.timed_transport import tls_of
from pytest_cutover.performance.stats.load_run import WARM_UP_SLICES, LoadRun
from pytest_cutover.performance.stats.machine import MachineRecord
from pytest_cutover.performance.stats.resources import PoolSample
from pytest_cutover.performance.stats.samples import Side

FEWEST_PAIRS = 8
"""Slice pairs after the warm-up; seven that all agree decide, one more may disagree by chance."""
SHORTEST_SLICE_S = 0.5
_EVERY_S = 0.2
_POOL_SETTLES_S = 5.0


@dataclass(slots=True)
class LoadRunner:
    """What a test calls. ``keep`` takes the outcome.

    ``pid`` gives the process of a launched side; ``left_s`` is what is left of the budget.
    """

    session: Session
    request: pytest.FixtureRequest
    settings: Performance
    only_try: str
    pid: Callable[[Side], int | None]
    left_s: Callable[[], float]
    endpoints: Callable[[], tuple[Endpoint, ...]]
    keep: Callable[[LoadRun], None]
    tried: Callable[[str], None]
    _machine: MachineRecord = field(default_factory=MachineRecord)

    def __call__(
        self,
        locustfile: str | None = None,
        *,
        users: int | None = None,
        duration: float | str | None = None,
        processes: int | None = None,
    ) -> None:
        """Load both sides: seconds or ``"30s"``; what is left out stands in the configuration."""
        table = self.settings.load or LoadTable()
        users = users if users is not None else (table.users or self.settings.users)
        seconds = _seconds(duration) if duration is not None else table.duration
        path = self._path(locustfile or table.locustfile)
        processes = processes if processes is not None else table.processes
        if users < 1 or processes < 1:
            pytest.fail(
                f"cutover_load: users={users}, processes={processes}.\nExpected 1 or more of both.",
                pytrace=False,
            )
        slice_s = min(table.slice, seconds / (WARM_UP_SLICES + 2 * FEWEST_PAIRS))
        if slice_s < SHORTEST_SLICE_S:
            shortest = SHORTEST_SLICE_S * (WARM_UP_SLICES + 2 * FEWEST_PAIRS)
            pytest.fail(
                f"cutover_load: a duration of {seconds:g} s is too short for {FEWEST_PAIRS} turns "
                f"of each side.\nExpected {shortest:g} s or more.",
                pytrace=False,
            )
        self._consent()
        if self.only_try:
            self.tried(self.only_try)
            return
        run = LoadRun(users=users, nodeid=self.request.node.nodeid)
        if seconds > self.left_s():
            problem = (
                f"the load takes {seconds:g} s and {max(0.0, self.left_s()):.0f} s are left of the "
                f"budget of {self.settings.budget_s:g} s: raise budget_s of [performance], or load "
                "for a shorter time"
            )
            self.keep(replace(run, problem=problem))
            return
        plan = self._plan(path, users, slice_s, int(seconds / slice_s))
        self.keep(self._loaded(run, plan, processes, table))

    def _path(self, locustfile: str | None) -> Path:
        if locustfile is None:
            pytest.fail(
                "cutover_load: no locustfile.\nExpected one as its argument, or `locustfile` in "
                "[performance.load].",
                pytrace=False,
            )
        path = self.session.plan.config.root / locustfile
        if not path.is_file():
            path = self.request.config.rootpath / locustfile
        if not path.is_file():
            pytest.fail(
                f"cutover_load: {locustfile} is not there.\nExpected a path from the folder of "
                f"{self.session.plan.config.source_name}.",
                pytrace=False,
            )
        return path.resolve()

    def _consent(self) -> None:
        target = self.session.plan.target
        if not target.may_load:
            how = (
                "It is refused for a target with production = true."
                if target.production
                else f"Set `load = true` in [targets.{target.name}] if it may be loaded."
            )
            pytest.fail(
                f"refused: load on the target {target.name!r}; nothing was sent.\n"
                f"Expected a target that consents to load.\n{how}",
                pytrace=False,
            )

    def _plan(self, path: Path, users: int, slice_s: float, slices: int) -> LoadPlan:
        """Take turns in pairs, either side first at random: a drift hits both."""
        pairs = max(FEWEST_PAIRS, (slices - WARM_UP_SLICES) // 2)
        session, plan = self.session, self.session.plan
        return LoadPlan(
            locustfile=str(path),
            baseline=session.urls[Side.BASELINE],
            candidate=session.urls[Side.CANDIDATE],
            users=users,
            slice_s=slice_s,
            sides=tuple(_turns(1 + pairs)),
            headers={str(side): dict(plan.spec(side).headers) for side in Side},
            verify={str(side): _verify(plan.spec(side).verify) for side in Side},
            cap_per_s=plan.target.rate_cap_per_s,
        )

    # -- the load itself ------------------------------------------------------------------------

    def _loaded(self, run: LoadRun, plan: LoadPlan, processes: int, table: LoadTable) -> LoadRun:
        master = table.master
        pids = {side: pid for side in Side if (pid := self.pid(side)) is not None}
        watch = ResourceMonitor(pids, self._ask_pool)
        folder = temporary("load")
        directory = folder.path
        probe: OpenLoopProbe | None = None
        generator: LoadGenerator | None = None
        try:
            before = watch.look_at_pool(Side.CANDIDATE)
            generator = (
                OwnLocust(plan, directory, processes=processes)
                if master is None
                else RemoteMaster(plan, master)
            )
            ready = self.session.plan.spec(Side.CANDIDATE).ready
            tls = tls_of(self.session, Side.CANDIDATE)
            probe = probe_of(plan.candidate, ready, tls=tls, rate_per_s=plan.cap_per_s)
            gathering = Gathering(plan, stops=not self.session.plan.target.launched)
            probe.start()
            said = f"load of {plan.users} users for {plan.slice_s * len(plan.sides):.0f} s"
            with told_when_long(self.request.config, said):
                self._until_done(generator, gathering, watch, plan.slice_s + table.patience)
            probe.stop()
            after = _settled(watch, before)
            run = gathering.run(run, self.endpoints())
            run = self._with_resources(run, watch, before, after)
            return replace(run, probe_endpoint=f"GET {ready}", probe=tuple(probe.seen))
        except (GeneratorError, PoolHookError) as error:
            return replace(run, problem=self.session.secrets.scrub(str(error)))
        finally:
            if probe is not None:
                probe.stop()
            if generator is not None:
                generator.stop()
            folder.remove()

    def _until_done(
        self, generator: Any, gathering: Gathering, watch: ResourceMonitor, patience_s: float
    ) -> None:
        """Read and watch until the generator is done. Raises GeneratorError otherwise.

        Each turn hands in what it saw: a generator that has not for so long hangs.
        """
        heard, known = time.monotonic(), 0
        machine = MachineWatch(self._machine)
        machine.look(now=True)
        while not generator.done:
            watch.look()
            machine.look()
            gathering.add(generator.rows())
            if gathering.worse:
                raise GeneratorError(gathering.worse)
            if gathering.turns > known:
                heard, known = time.monotonic(), gathering.turns
            if time.monotonic() > heard + patience_s:
                raise generator.problem(_silence(known, patience_s))
            time.sleep(_EVERY_S)
        machine.look(now=True)
        gathering.add(generator.rows())
        missing = gathering.missing(generator.processes)
        if missing:
            raise generator.problem(missing)

    def _ask_pool(self, side: Side) -> Any:
        config, plan = self.request.config, self.session.plan
        try:
            return config.hook.pytest_cutover_pool(
                config=config, target=plan.target.name, side=str(side)
            )
        except Exception as error:
            raise PoolHookError(
                f"the hook pytest_cutover_pool failed: {type(error).__name__}: {error}"
            ) from error

    def _with_resources(
        self,
        run: LoadRun,
        watch: ResourceMonitor,
        before: PoolSample | None,
        after: PoolSample | None,
    ) -> LoadRun:
        began = run.slices[0].start_s if run.slices else time.time()
        seen = watch.pools.get(Side.CANDIDATE, [])
        no_memory = "only of a candidate that this run launched can it be seen"
        no_pool = "the project does not tell: define the hook pytest_cutover_pool"
        return replace(
            run,
            rss=tuple(watch.rss.get(Side.CANDIDATE, ())),
            memory_problem="" if Side.CANDIDATE in watch.rss else no_memory,
            pool_bound=watch.bound,
            pool_before=(before,) if before else (),
            pool_during=tuple(seen[1:-1]),
            pool_after=(after,) if after else (),
            pool_problem="" if before else no_pool,
            watched=watch.watched(began),
            machine=self._machine,
        )


def _verify(verify: bool | Path) -> bool | str:
    return verify if isinstance(verify, bool) else str(verify)


def _turns(pairs: int) -> Iterator[str]:
    for _ in range(pairs):
        pair = [str(side) for side in Side]
        random.shuffle(pair)
        yield from pair


def _silence(turns: int, seconds: float) -> str:
    """Return what to say of a generator that hangs, and what to do about it."""
    done = f"since the {turns} turns that it handed in" if turns else "since it was started"
    return (
        f"locust was silent for {seconds:g} s {done}, and was ended: look for what blocks in the "
        "locustfile, or raise `patience` in [performance.load]"
    )


def _settled(watch: ResourceMonitor, before: PoolSample | None) -> PoolSample | None:
    """Return the pool a moment after the load, when what is given back has been."""
    if before is None:
        return None
    deadline = time.monotonic() + _POOL_SETTLES_S
    while True:
        sample = watch.look_at_pool(Side.CANDIDATE)
        if sample is None or sample.busy <= before.busy or time.monotonic() > deadline:
            return sample
        time.sleep(_EVERY_S)


def _seconds(duration: float | str) -> float:
    try:
        return float(get_args(Duration)[1].call(duration))
    except InvalidValueError as error:
        pytest.fail(f"cutover_load: duration: {error}", pytrace=False)
