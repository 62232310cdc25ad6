"""Opens the rooms that a run needs, when it needs them; imported when a target is chosen.

Some are needed by the plan alone: what the configuration has a table for, what must be judged.
The others open when the first test is collected that is theirs. A fixture that belongs to a room
stands here, so that it is found whether or not its room is open, and opens it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.markers import marked
from pytest_cutover.backends.plugin import BackendsPlugin
from pytest_cutover.backends.redaction.secrets import Secrets
from pytest_cutover.backends.session import SESSION, Session
from pytest_cutover.codes import CODES
from pytest_cutover.compare.noise.formats import format_of
from pytest_cutover.config.target import Family
from pytest_cutover.core.errors import ConfigError
from pytest_cutover.core.exchange import Side
from pytest_cutover.core.extras import Extra, require
from pytest_cutover.performance.measure.markers import PERF, measures
from pytest_cutover.planning import plan_of
from pytest_cutover.replay.importers import SUFFIXES
from pytest_cutover.replay.plugin import ReplayPlugin
from pytest_cutover.xdist.worker_count import worker_count

if TYPE_CHECKING:
    from pytest_cutover.checklist.context import Context
    from pytest_cutover.checklist.plugin import ChecklistPlugin
    from pytest_cutover.checklist.results import CheckResult
    from pytest_cutover.compare.plugin import ParityPlugin
    from pytest_cutover.fuzz.plugin import FuzzPlugin
    from pytest_cutover.gate.gathering import RunGathering
    from pytest_cutover.performance.load.loader import LoadRunner
    from pytest_cutover.performance.measure.paired_benchmark import PairedBenchmark
    from pytest_cutover.performance.plugin import PerformancePlugin

_Made = TypeVar("_Made")
_NAMES = (
    "backends",
    "parity",
    "performance",
    "checklist",
    "contract",
    "coverage",
    "fuzz",
    "replay",
    "gate",
    "screen",
    "signals",
    "workers",
)


def open_rooms(config: pytest.Config) -> None:
    """Make the plan of this run and open the rooms that it needs from the start.

    Raises pytest.UsageError (exit status 4) with every mistake that was found.
    """
    plan = _as_usage_error(lambda: plan_of(config))
    off = [name for name in _NAMES if config.pluginmanager.is_blocked(f"cutover-{name}")]
    if off and plan.gate_requested:
        raise pytest.UsageError(
            f"-p no:cutover-{off[0]} switches off a part of what gives the verdict.\n"
            "Expected all of pytest-cutover: a verdict of a part would pass for one of the whole "
            f"(CUT304). Remove -p no:cutover-{off[0]} from the command line, addopts and "
            "PYTEST_ADDOPTS."
        )
    session = Session(plan, secrets=Secrets(format_of))
    config.stash[SESSION] = session
    rooms = Rooms(config, session)
    config.pluginmanager.register(OnDemand(rooms, session), "cutover-rooms")
    rooms.open_needed()


class Rooms:
    """The rooms of one run. Each opens once, when it is first asked for."""

    def __init__(self, config: pytest.Config, session: Session) -> None:
        self._config = config
        self._plan, self._session = session.plan, session
        self._backends = BothBackends(session)

    def open_needed(self) -> None:
        """Open what the plan alone says is needed."""
        plan, table = self._plan, self._plan.config
        self._register("backends", self._backends_plugin())
        # A controller of pytest-xdist collects nothing, and judges what its workers send.
        controls = not plan.is_worker and worker_count(self._config) > 0
        contract = table.contract is not None or table.coverage is not None
        if controls or ((plan.gate_requested or contract) and not plan.only_checklist):
            self.open(self.parity)
        if plan.judges(Family.PERFORMANCE) and (
            table.performance is not None or Family.PERFORMANCE in plan.required
        ):
            self.require_perf(f"[performance] in {table.source_name}")
            self.open(self.performance)
        if controls or table.checklist is not None or Family.CHECKLIST in plan.required:
            self.open(self.checklist)
        if not plan.only_checklist:
            if contract:
                self._open_contract()
            if controls or plan.fuzz is not None:
                self.open(self.fuzz)
            replay = ReplayPlugin(
                self._config, self._session, self._backends, open_parity=lambda: self.parity
            )
            self._register("replay", replay)
        gathering = None if plan.is_worker else self._open_gate()
        if self._config.pluginmanager.hasplugin("xdist"):
            from pytest_cutover.xdist.workers import WorkersPlugin

            self._register("workers", WorkersPlugin(self._session, self._backends, gathering))

    def require_perf(self, asked: str) -> None:
        """Refuse to measure without what it needs. Workers measure nothing; the controller asks."""
        if not self._plan.is_worker:
            _as_usage_error(lambda: require(Extra.PERF, asked=asked))

    def open(self, room: object) -> None:
        """Nothing is left to do: a room opens when it is named."""

    def _register(self, name: str, room: object) -> None:
        self._config.pluginmanager.register(room, f"cutover-{name}")

    # -- the rooms ------------------------------------------------------------------------------

    def _backends_plugin(self) -> BackendsPlugin:
        table = self._plan.config

        def has_golden(test: str) -> bool:
            from pytest_cutover.compare.golden.files import GoldenFiles

            return GoldenFiles(table.snapshots_path, table.root).read(test)[0] is not None

        return BackendsPlugin(self._session, self._backends, has_golden=has_golden)

    @cached_property
    def parity(self) -> ParityPlugin:
        """Compares both sides."""
        from pytest_cutover.compare.plugin import ParityPlugin

        room = _as_usage_error(lambda: ParityPlugin(self._config, self._session, self._backends))
        self._register("parity", room)
        self._register("turns", room.turns)
        if not self._plan.is_worker:
            from pytest_cutover.compare.verdict.contribution import ParityContribution

            said = ParityContribution(
                session=self._session,
                accepted=room.accepted,
                today=room.today,
                files=room.files,
                rules=room.rules,
            )
            self._register("parity-contribution", said)
        return room

    @cached_property
    def performance(self) -> PerformancePlugin:
        """Measures both sides."""
        from pytest_cutover.performance.plugin import PerformancePlugin

        room = PerformancePlugin(self._config, self._session, self._backends)
        self._register("performance", room)
        return room

    @cached_property
    def checklist(self) -> ChecklistPlugin:
        """Judges the items of the phase."""
        from pytest_cutover.checklist.plugin import ChecklistPlugin
        from pytest_cutover.monitoring.checks import READY_MADE
        from pytest_cutover.monitoring.probe_noise import learn_probes

        room = _as_usage_error(
            lambda: ChecklistPlugin(
                self._config,
                self._session,
                self._backends,
                checks=READY_MADE,
                codes=CODES,
                before_the_switch=learn_probes,
            )
        )
        self._register("checklist", room)
        return room

    @cached_property
    def fuzz(self) -> FuzzPlugin:
        """Sends generated requests; what they show is compared as tests are."""
        from pytest_cutover.fuzz.plugin import FuzzPlugin

        self.open(self.parity)
        room = _as_usage_error(lambda: FuzzPlugin(self._config, self._session, self._backends))
        self._register("fuzz", room)
        return room

    def _open_contract(self) -> None:
        table = self._plan.config
        asked = f"[{'coverage' if table.contract is None else 'contract'}] in {table.source_name}"
        _as_usage_error(lambda: require(Extra.CONTRACT, asked=asked))
        from pytest_cutover.contract.plugin import contract_rooms

        for name, room in _as_usage_error(lambda: dict(contract_rooms(self._session))).items():
            self._register(name, room)

    def _open_gate(self) -> RunGathering:
        from pytest_cutover.gate.gathering import RunGathering
        from pytest_cutover.gate.plugin import GatePlugin, LastScreen
        from pytest_cutover.gate.signals import Signals

        signals = Signals()
        gathering = RunGathering(self._session)
        gate = GatePlugin(self._config, self._session, gathering, signals, CODES)
        self._register("gathering", gathering)
        self._register("gate", gate)
        self._register("screen", LastScreen(gate))
        self._register("signals", signals)
        return gathering


class OnDemand:
    """What opens a room while tests are collected and run: hooks, and the fixtures of the rooms.

    Apart from `Rooms`, because pytest 8.2 reads every attribute of a plugin in search of
    fixtures, and would open all of them.
    """

    def __init__(self, rooms: Rooms, session: Session) -> None:
        self._rooms, self._plan, self._session = rooms, session.plan, session

    # -- while tests are collected ----------------------------------------------------------------

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Open the rooms of a test before anybody looks at what was collected."""
        on_the_list = item.get_closest_marker("checklist") is not None
        if on_the_list:
            self._rooms.open(self._rooms.checklist)
        if self._plan.only_checklist and not on_the_list:
            return
        if marked(item) is not None:
            self._rooms.open(self._rooms.parity)
        if measures(item) and self._plan.judges(Family.PERFORMANCE):
            self._rooms.open(self._rooms.performance)

    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> pytest.Collector | None:
        """Open what sends a kept case that was named; from the switch on, only count requests."""
        suffix = file_path.suffix.lower()
        kept = suffix == ".json" and file_path.is_relative_to(self._plan.report_dir)
        if self._plan.only_checklist and suffix in SUFFIXES:
            from pytest_cutover.replay.importers.registry import importer_for

            if kept or importer_for(file_path, named=parent.session.isinitpath(file_path)):
                aside: _SetAsideFile = _SetAsideFile.from_parent(parent, path=file_path)
                return aside
            return None
        return self._rooms.fuzz.collector_of(file_path, parent) if kept else None

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Set aside, from the switch on, all that is not on the checklist, and all that measures.

        Neither a request of theirs is sent nor a mistake of theirs stands in the way.
        """
        if not self._plan.only_checklist:
            return
        aside = [
            item for item in items if item.get_closest_marker("checklist") is None or measures(item)
        ]
        if aside:
            gone = set(aside)
            items[:] = [item for item in items if item not in gone]
            self._session.set_aside += [item.nodeid for item in aside]
            config.hook.pytest_deselected(items=aside)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Refuse to measure without what measuring needs, when it is known what will run."""
        if session.config.option.collectonly or not self._plan.judges(Family.PERFORMANCE):
            return
        measuring = [item for item in session.items if measures(item)]
        if measuring:
            self._rooms.require_perf(f"{measuring[0].nodeid}, which measures,")

    @pytest.hookimpl(trylast=True)
    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a plain benchmark over `backend` once for each side, like a compared test."""
        if "backend" not in metafunc.fixturenames:
            return
        if any(mark.name == PERF for mark in metafunc.definition.iter_markers()):
            sides = [str(side) for side in Side]
            metafunc.parametrize("backend", sides, ids=sides, indirect=True)

    # -- fixtures -------------------------------------------------------------------------------

    @pytest.fixture
    def paired_benchmark(self, request: pytest.FixtureRequest) -> PairedBenchmark:
        """Measures a callable over a backend on both sides, interleaved; called once in a test."""
        return self._rooms.performance.paired_benchmark(request)

    @pytest.fixture
    def cutover_load(self, request: pytest.FixtureRequest) -> LoadRunner:
        """Runs a locustfile against both sides, in short turns, in a process of its own."""
        return self._rooms.performance.loader(request)

    @pytest.fixture
    def cutover_check(self, request: pytest.FixtureRequest) -> Callable[[str], CheckResult]:
        """A function that runs a ready-made check by its name, and fails the test with it."""
        return self._rooms.checklist.check_for(request)

    @pytest.fixture
    def cutover_context(self, request: pytest.FixtureRequest) -> Context:
        """What the ready-made checks are given, for calling them as plain functions."""
        return self._rooms.checklist.context(request.config)


class _SetAsideFile(pytest.File):
    """A file of requests in a phase that sends none: collected, to be set aside and counted."""

    def collect(self) -> list[pytest.Item]:
        """Return one item, which never runs."""
        item: _SetAsideItem = _SetAsideItem.from_parent(self, name=self.path.stem)
        return [item]


class _SetAsideItem(pytest.Item):
    """Stands for requests that are not sent."""

    def runtest(self) -> None:
        """Refuse: this phase sends nothing but what is on the checklist."""
        pytest.skip("only the checklist runs in this phase")


def _as_usage_error(make: Callable[[], _Made]) -> _Made:
    """Make what reads files of its own: a mistake in one is a usage error."""
    try:
        return make()
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from None
