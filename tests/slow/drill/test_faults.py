"""A bounded part of the drill: a healthy run, and one fault of each kind.

No second is judged, nor requests that were never acknowledged: nginx may close a kept-alive
connection under a POST while it reloads.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.slow.drill.faults import FAULTS, one
from tests.slow.drill.rig import MissingProgram, Rig, programs, rig


@pytest.fixture(scope="module")
def stage() -> Iterator[Rig]:
    try:
        programs()
    except MissingProgram as error:
        pytest.skip(str(error))
    with rig(brisk=True) as made:
        yield made


@pytest.mark.parametrize(
    "fault",
    [
        "none",
        "2 % of 5xx",
        "decision stored wrong",
        "Prometheus killed",
        "candidate killed",
        "wrong label",
        "flapping instance",
        "bucket too low",
        "provider by command",
    ],
)
def test_each_fault_leads_to_its_action_and_nothing_acknowledged_is_lost(
    stage: Rig, fault: str
) -> None:
    row = one(stage, fault)

    expected = FAULTS[fault]
    assert (row.taken, row.verdict) == (expected.action, expected.verdict), row.line()
    assert (row.unreadable, row.writes > 0) == (0, True), row.line()
    assert (row.damaged > 0) == (fault == "decision stored wrong"), row.line()
