"""The second pair under generated requests: silent where alike, nine of ten drifts where not."""

from __future__ import annotations

import sys

import pytest

from tests.reference.runs import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from warehouse import manifest, owners, run  # type: ignore[import-not-found]

GROUPS = 5


@pytest.mark.parametrize("workers", [0, 2])
def test_an_undrifted_pair_has_no_finding_and_every_operation_is_entered(workers: int) -> None:
    result = run(workers=workers)
    assert result.lines() == []
    rows = {one["endpoint"]: one["succeeded"] for one in result.report["generated"]}
    assert [name for name, succeeded in rows.items() if not succeeded] == []
    assert result.report["verdict"] == "GO"


def test_nine_of_ten_drifts_are_found_and_nothing_else() -> None:
    drifts = manifest()
    found: set[str] = set()
    strange = []
    for number in range(GROUPS):
        group = drifts[number::GROUPS]
        for line in run(drifts=",".join(one["name"] for one in group)).lines():
            named = owners(line, group)
            found |= set(named)
            strange += [] if named else [line]
    assert strange == []
    assert len(found) >= 0.9 * len(drifts), sorted({one["name"] for one in drifts} - found)
