"""What the room hands in at the end: its gates, what was not measured, and the raw samples.

Called by the plugin when the gate is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_cutover.core.run_evidence import RunEvidence
from pytest_cutover.gate.verdict import Contribution
from pytest_cutover.performance.evidence.gates import GateContext, contribution
from pytest_cutover.performance.evidence.samples_csv import NAME, forget_samples, write_samples
from pytest_cutover.performance.evidence.waivers import Waiver
from pytest_cutover.performance.measure.run_data import Measurements
from pytest_cutover.report.model import Gate, GateVerdict

_NO_TEST = (
    'no test measured it: write one with @pytest.mark.perf("METHOD /path") and paired_benchmark'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceContribution:
    """What is known of a run when its items are done.

    ``tried`` has, by endpoint, why a workload was called and not measured; ``load_tried`` why no
    load ran.
    """

    measurements: Measurements
    waivers: tuple[Waiver, ...]
    directory: Path
    tried: Mapping[str, str]
    load_tried: str
    contract_problem: str
    under_xdist: bool

    def contribution(self, evidence: RunEvidence) -> Contribution:
        """Return the room's part of the report."""
        found = contribution(
            self.measurements,
            GateContext(
                again=lambda nodeids: evidence.again(nodeids) or evidence.command.whole(),
                waivers=self.waivers,
                full=evidence.full,
            ),
            missing=self._missing(),
            no_load=self.load_tried,
        )
        return replace(found, gates=(*found.gates, *self._raw_samples()))

    def _raw_samples(self) -> Iterator[Gate]:
        """Write what was asked for; what cannot be written leaves the answer open."""
        if not self.measurements.settings.raw_samples:
            forget_samples(self.directory)
            return
        try:
            write_samples(self.measurements, self.directory)
        except OSError as error:
            yield Gate(
                id="performance.raw-samples",
                code="CUT309",
                title="samples not written",
                verdict=GateVerdict.INCONCLUSIVE,
                place=str(self.directory / NAME),
                limit="every artifact written",
                observed=type(error).__name__,
                message=f"{error}: make room, or set raw_samples = false in [performance]",
            )

    def _missing(self) -> dict[str, str]:
        names = dict.fromkeys([*map(str, self.measurements.expected), *self.tried])
        missing = {name: self._why_missing(name) for name in names}
        missing = {name: why for name, why in missing.items() if why}
        if self.contract_problem:
            missing["the contract"] = self.contract_problem
        if not names and not self.measurements.tallies:
            missing["performance"] = _NO_TEST
        return missing

    def _why_missing(self, name: str) -> str:
        measurements = self.measurements
        if name in measurements.broken:
            return measurements.broken[name]
        if name in measurements.tallies or name in measurements.plain:
            return ""
        if name in self.tried:
            return self.tried[name]
        if self.under_xdist:
            return "under pytest-xdist nothing is measured: run it without -n"
        return _NO_TEST
