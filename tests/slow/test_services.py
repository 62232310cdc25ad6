"""Services with state against themselves, in every way of running them, and each of their faults.

Against itself no service is ever accused; with a fault on the candidate it always is, by comparing
alone. Takes hours; `SERVICE_RUNS=1` does each way of running once. `python -m benchmarks.services`
does the same and prints a table.
"""

from __future__ import annotations

import os

import pytest

from tests.services import runs

TURNS = int(os.environ.get("SERVICE_RUNS", "5"))
FAULTS = [(name, fault.name) for name in runs.SERVICES for fault in runs.faults(name)]


def explained(run: runs.Run) -> str:
    """What to read first where a verdict is not the right one."""
    return "\n".join([run.verdict, *run.reasons[:8], run.output[-4000:]])


@pytest.mark.parametrize("workers", [0, 4], ids=["serial", "workers"])
@pytest.mark.parametrize("databases", ["one", "two"])
@pytest.mark.parametrize("mode", ["launched", "url"])
@pytest.mark.parametrize("name", runs.SERVICES)
def test_a_service_is_not_accused_of_being_itself(
    name: str, mode: runs.Mode, databases: runs.Databases, workers: int
) -> None:
    """By URL, later runs meet the rows of earlier ones."""
    with runs.project(name, mode=mode, databases=databases) as project:
        for turn in range(TURNS):
            run = project.run(workers=workers)
            assert run.verdict in ("GO", "INCONCLUSIVE"), f"run {turn + 1}: {explained(run)}"
            assert run.open_findings == [], f"run {turn + 1}: {explained(run)}"
            if mode == "launched":
                project.forget()


@pytest.mark.parametrize("databases", ["one", "two"])
@pytest.mark.parametrize(("name", "fault"), FAULTS, ids=["-".join(pair) for pair in FAULTS])
def test_a_fault_of_the_candidate_is_found(
    name: str, fault: str, databases: runs.Databases
) -> None:
    """By comparing, without the suite's own assertions, and at the endpoint that has it."""
    run = runs.run(name, databases=databases, fault=fault, asserting=False)
    assert run.verdict == "NO-GO", explained(run)
    assert run.status == 1
    assert run.findings_at(runs.service(name).faults[fault].endpoint), explained(run)
