"""Each drift of the manifest, provoked by its own steps: what is found is what it says.

The other findings of such a test are drifts of the manifest too (all are active at once), or known
differences of the pair; nothing is found that neither explains.
"""

from __future__ import annotations

import tomllib

import pytest

from tests.harness.run import Run
from tests.reference.runs import ROOT, run_suite

MANIFEST = ROOT / "examples/flowviz/drifts.toml"
DRIFTS = tomllib.loads(MANIFEST.read_text("utf-8"))["drift"]


@pytest.fixture(scope="module")
def provoked(tmp_path_factory: pytest.TempPathFactory) -> Run:
    report = tmp_path_factory.mktemp("report")
    return run_suite(report, "tests/reference/drift_suite.py", "--cutover-target=drifted", "-q")


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: str(drift["name"]))
def test_the_steps_of_a_drift_show_what_the_manifest_says(
    provoked: Run, drift: dict[str, object]
) -> None:
    shown = {
        (finding["kind"], finding["pointer"])
        for finding in provoked.report["findings"]
        if any(f"[{drift['name']}-candidate]" in nodeid for nodeid in finding["nodeids"])
        and finding["endpoint"] == drift["endpoint"]
    }
    findings = drift["findings"]
    assert isinstance(findings, list)
    assert {(one["kind"], one["pointer"]) for one in findings} - shown == set()
