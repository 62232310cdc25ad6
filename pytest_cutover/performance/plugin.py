"""The performance room in a pytest session: fixtures, the sampling stage, the room's gates.

Runs that measure nothing do not pay for numpy and scipy: what needs them is imported when the first
measuring item, or the gate, asks for it.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from random import SystemRandom
from typing import TYPE_CHECKING, Any

import pytest

from pytest_cutover.backends.lifecycle import BothBackends
from pytest_cutover.backends.session import Session
from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.config.performance import Performance
from pytest_cutover.config.target import Family
from pytest_cutover.core.endpoint import Endpoint
from pytest_cutover.core.errors import FileError
from pytest_cutover.core.evidence import TEST, TestEvidence
from pytest_cutover.core.run_evidence import RunEvidence
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.performance.measure.markers import (
    Measuring,
    complaint,
    measures,
    measuring,
    perf_endpoint,
)
from pytest_cutover.performance.measure.paired_benchmark import PairedBenchmark, why_no_benchmark
from pytest_cutover.performance.measure.status_line import StatusLine
from pytest_cutover.performance.measure.workload import Workload
from pytest_cutover.performance.stats.samples import Block
from pytest_cutover.report.model import NotJudged

if TYPE_CHECKING:
    from pytest_cutover.performance.evidence.waivers import Waiver
    from pytest_cutover.performance.load.loader import LoadRunner
    from pytest_cutover.performance.measure.run_data import Measurements


class PerformancePlugin:
    """What the run measured, and where it is in measuring."""

    def __init__(self, config: pytest.Config, session: Session, backends: BothBackends) -> None:
        self._config = config
        self._backends = backends
        self._plan, self._session = session.plan, session
        self._settings = session.plan.config.performance or Performance()
        self._required = Family.PERFORMANCE in session.plan.required
        self._contract_problem = ""
        self._waivers: tuple[Waiver, ...] = ()
        self._measuring = Measuring()
        self._kept: Measurements | None = None
        self._workloads: dict[str, Workload] = {}
        self._tried: dict[str, str] = {}
        self._load_tried = ""
        self._spent_s = 0.0
        self._seen_items = False

    def _measurements(self) -> Measurements:
        """Return what was measured; made when first asked for, so no property: pytest 8.2 reads
        those.
        """
        if self._kept is None:
            from pytest_cutover.performance.evidence.waivers import raised
            from pytest_cutover.performance.measure.run_data import Measurements

            self._waivers = self._waived()
            self._kept = Measurements(raised(self._settings, self._waivers), self._contract())
        return self._kept

    def _waived(self) -> tuple[Waiver, ...]:
        from pytest_cutover.performance.evidence.waivers import waivers_of

        entries = load_accepted(self._plan.config.accepted_path_for(self._plan.target)).entries
        today = datetime.now(UTC).date()
        return waivers_of(entries, self._settings, self._measuring, today=today)

    def _contract(self) -> tuple[Endpoint, ...]:
        """Return the endpoints of the OpenAPI document: each must be measured, or the gate says
        so.
        """
        from pytest_cutover.openapi.read import load_document

        source = self._plan.config.contract_source
        if source is None or not self._required:
            return ()
        try:
            return load_document(source, named_by="[contract] path").endpoints
        except FileError as error:
            self._contract_problem = " ".join(str(error).split())
            return ()

    # -- collection -----------------------------------------------------------------------------

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Refuse what cannot work, before anything runs."""
        wrong = [text for item in items if (text := complaint(item))]
        if wrong and not config.option.collectonly and not self._plan.is_worker:
            raise pytest.UsageError("\n\n".join(wrong))
        self._measuring = measuring(items)
        self._seen_items = bool(self._measuring.everywhere)

    # -- measuring ------------------------------------------------------------------------------

    def paired_benchmark(self, request: pytest.FixtureRequest) -> PairedBenchmark:
        """Return what measures a callable over a backend on both sides, interleaved."""
        endpoint = perf_endpoint(request.node)
        assert endpoint is not None
        reason = self._why_only_try()
        benchmark: Any = None
        # Only where it will be used: pytest-benchmark warns of a fixture that was not.
        if not reason and self._config.pluginmanager.hasplugin("benchmark"):
            benchmark = request.getfixturevalue("benchmark")
        return PairedBenchmark(
            session=self._session,
            request=request,
            endpoint=endpoint,
            benchmark=benchmark,
            only_try=reason or why_no_benchmark(benchmark),
            register=self._register,
            tried=lambda known, why: self._tried.update({str(known): why}),
        )

    def _why_only_try(self) -> str:
        if self._plan.is_worker:
            return "under pytest-xdist nothing is measured: run it without -n"
        if self._plan.recording:
            return "a recording run measures nothing"
        if not self._required and self._plan.config.performance is not None:
            return f"the target {self._plan.target.name!r} does not require performance"
        return ""

    def _register(self, workload: Workload, blocks: list[Block]) -> None:
        name = str(workload.endpoint)
        if name in self._workloads:
            workload.close()
            pytest.fail(
                f"{name} is measured already, by {self._workloads[name].nodeid}.\n"
                "Expected one workload per endpoint: its limits are about one distribution.",
                pytrace=False,
            )
        if not self._workloads:
            from pytest_cutover.performance.measure.client_cost import client_cost_ms

            self._measurements().client_cost_ms = client_cost_ms()
        self._workloads[name] = workload
        self._measurements().nodeids[name] = [workload.nodeid]
        for block in blocks:
            self._measurements().add(block)

    def loader(self, request: pytest.FixtureRequest) -> LoadRunner:
        """Return what loads both sides, in short turns, in a process of its own."""
        from pytest_cutover.performance.load.loader import LoadRunner

        return LoadRunner(
            session=self._session,
            request=request,
            settings=self._settings,
            only_try=self._why_only_try(),
            pid=self._backends.pid,
            left_s=lambda: self._settings.budget_s - self._spent_s,
            endpoints=lambda: self._measurements().expected,
            keep=lambda run: self._measurements().add_load(run),
            tried=self._not_loaded,
        )

    def _not_loaded(self, why: str) -> None:
        self._load_tried = why

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Count the time of measuring items against the budget; read plain benchmarks."""
        began = time.monotonic()
        try:
            return (yield)
        finally:
            if measures(item):
                self._spent_s += time.monotonic() - began
                self._read_plain(item)
                self._hand_in(item)

    def _read_plain(self, item: pytest.Item) -> None:
        funcargs = getattr(item, "funcargs", {})
        benchmark: Any = funcargs.get("benchmark")
        backend: Any = funcargs.get("backend")
        stats = getattr(getattr(benchmark, "stats", None), "stats", None)
        endpoint = perf_endpoint(item)
        if stats is None or backend is None or endpoint is None or benchmark.has_error:
            return
        plain = self._measurements().plain_of(str(endpoint))
        plain.of(backend.side).extend(1000 * seconds for seconds in stats.data)
        self._measurements().nodeids.setdefault(str(endpoint), []).append(item.nodeid)

    def _hand_in(self, item: pytest.Item) -> None:
        """Say that a test asked both sides, for the gate's count of evidence."""
        mine = [one for one in self._workloads.values() if one.nodeid == item.nodeid]
        seen = [
            (name, status, 2 * self._measurements().tallies[name].blocks)
            for name, one in self._workloads.items()
            if one in mine
            for status in one.first.values()
        ]
        requests = sum(times for _, _, times in seen) + sum(
            len(one.requests) for one in self._measurements().loads if one.nodeid == item.nodeid
        )
        if not requests:
            return
        evidence = TestEvidence(
            nodeid=item.nodeid,
            test=item.nodeid,
            side="both",
            marker="perf",
            endpoints=tuple(str(one.endpoint) for one in mine),
            requests=requests,
            seen=tuple(seen),
        )
        TEST.attach(item.user_properties, evidence)

    # -- the sampling stage ---------------------------------------------------------------------

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self, session: pytest.Session) -> Generator[None, object, object]:
        """Start the backends where only measuring items need them; sample when items are done."""
        option = session.config.option
        idle = option.collectonly or getattr(option, "setupplan", False)
        if not idle and self._seen_items and not self._plan.is_worker:
            self._backends.start(session.config)
        try:
            result = yield
            if self._workloads:
                self._sample()
            return result
        finally:
            for workload in self._workloads.values():
                workload.close()

    def _sample(self) -> None:
        from pytest_cutover.performance.measure.sampling import Sampling, time_to_sample_s

        budget_s = self._settings.budget_s
        left_s = time_to_sample_s(budget_s, self._spent_s)
        line = StatusLine(self._config)
        Sampling(
            measurements=self._measurements(),
            workloads=self._workloads,
            seed=SystemRandom().randrange(2**32),
            budget_s=left_s,
            deadline_s=time.monotonic() + left_s,
            more_s=self._settings.longest_s - budget_s,
            show=line.show,
            show_every_s=line.every_s,
        ).run()
        line.end()

    # -- deciding -------------------------------------------------------------------------------

    def pytest_cutover_judge(
        self, config: pytest.Config, evidence: RunEvidence
    ) -> Contribution | None:
        """Return the room's gates."""
        measured = self._kept is not None and (self._kept.tallies or self._kept.loads)
        configured = self._plan.config.performance is not None
        if configured and not self._required and not measured:
            reason = f"the target {self._plan.target.name!r} does not require it"
            unjudged = NotJudged(title="performance", reason=reason)
            return Contribution(family=Family.PERFORMANCE, not_judged=(unjudged,))
        if self._kept is None and not (self._required or self._tried):
            return None
        from pytest_cutover.performance.evidence.contribution import PerformanceContribution

        return PerformanceContribution(
            measurements=self._measurements(),
            waivers=self._waivers,
            directory=self._plan.report_dir,
            tried=self._tried,
            load_tried=self._load_tried,
            contract_problem=self._contract_problem,
            under_xdist=getattr(config.option, "dist", "no") != "no",
        ).contribution(evidence)

    # -- pytest-benchmark's JSON ----------------------------------------------------------------

    @pytest.hookimpl(optionalhook=True)
    def pytest_benchmark_update_json(self, output_json: dict[str, Any]) -> None:
        """Give each of our rows both sides, with every later sample."""
        if self._workloads:
            from pytest_cutover.performance.measure.benchmark_json import add_both_sides

            rows = {workload.nodeid: name for name, workload in self._workloads.items()}
            add_both_sides(output_json.get("benchmarks", []), rows, self._measurements())
