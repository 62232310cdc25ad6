"""What a run's evidence of parity becomes in the report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pytest_cutover.compare.verdict.gates import GateInputs, contribution
from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.core.run_evidence import RunEvidence


def notes_of(tmp_path: Path, *, dropped: int) -> tuple[str, ...]:
    test = TestEvidence(
        nodeid="t::a[candidate]",
        test="t::a",
        side="candidate",
        marker="characterization",
        compared="live",
        dropped_differences=dropped,
    )
    inputs = GateInputs(accepted=load_accepted(tmp_path / "none.toml"), today=date(2030, 1, 1))
    return contribution(RunEvidence(tests=(test,), outcomes={}), inputs).notes


def test_findings_that_are_too_many_to_list_are_counted(tmp_path: Path) -> None:
    assert notes_of(tmp_path, dropped=0) == ()
    assert notes_of(tmp_path, dropped=1_200) == (
        "t::a[candidate] has 1,200 findings more than are listed: they are shown once those before "
        "them are gone",
    )
