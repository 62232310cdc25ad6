"""Express against Express, with a fresh schema each time: whatever is found is a false alarm.

Once here; tests/slow/reference/ asks for it twenty times.
"""

from __future__ import annotations

from pathlib import Path

from tests.reference.runs import SUITE, not_passed, run_suite


def test_express_does_not_depart_from_express(tmp_path: Path, server: str) -> None:
    run = run_suite(tmp_path, SUITE, "--cutover-target=itself", "-q", FLOWVIZ_DATABASE_URL=server)
    assert (run.report["findings"], not_passed(run)) == ([], []), run.screen[-4000:]
    assert run.report["tests"]["both_sides"] > 400
