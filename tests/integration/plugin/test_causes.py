"""What one change of the candidate explains is one cause, and its harmful twin is another."""

from __future__ import annotations

import json
from typing import Any

from tests.harness.project import Project
from tests.harness.stub_server import Answer

PATHS = ("orders", "bills", "refunds", "lost", "gone")
TEST = """
    @pytest.mark.characterization("GET /{path}")
    def test_{path}(backend):
        backend.get("/{path}")
"""
SUITE = "\n    import pytest\n" + "".join(TEST.format(path=path) for path in PATHS)
OLD = {"X-Served-By": "Express"}


def test_causes_over_endpoints(project: Project) -> None:
    project.target()
    project.write("tests/test_api.py", SUITE)
    for path, total in (("orders", 1250), ("bills", 3199), ("refunds", 4711)):
        project.both(f"GET /{path}", Answer(200, {"total": total}, headers=OLD))
        project.candidate[f"GET /{path}"] = Answer(200, {"total": total * 100})
    project.candidate["GET /refunds"] = Answer(200, {"total": 9999})
    for path, status in (("lost", 404), ("gone", 410)):
        project.both(f"GET /{path}", Answer(status, {"error": f"{path} for good"}, headers=OLD))
        project.candidate[f"GET /{path}"] = Answer(status, {"detail": f"{path} for good"})

    run = project.run("--cutover-target=staging", gate=False)

    causes = {one["title"]: one for one in run.report["causes"]}
    findings = {one["id"]: one for one in run.report["findings"]}
    scaled, renamed = causes["scaled: total ×100"], causes["renamed: error → detail"]
    header = causes["header: x-served-by is missing"]
    assert sorted(scaled["endpoints"]) == ["GET /bills", "GET /orders"]
    assert sorted(renamed["endpoints"]) == ["GET /gone", "GET /lost"]
    assert len(renamed["findings"]) == 4
    assert len(header["endpoints"]) == 5
    (twin,) = [one for one in causes.values() if one not in (scaled, renamed, header)]
    assert [findings[one]["endpoint"] for one in twin["findings"]] == ["GET /refunds"]
    assert [row["severity"] for row in run.report["blockers"]] == [1, 1, 2, 3]
    assert run.gate("CUT101")["observed"].startswith("12")


def test_a_run_of_one_test_forgets_nothing_that_the_full_run_found(project: Project) -> None:
    project.target()
    project.write("tests/test_api.py", SUITE)
    for path in PATHS:
        project.both(f"GET /{path}", Answer(200, {"total": 1}))
    for path in ("orders", "bills"):
        project.candidate[f"GET /{path}"] = Answer(200, {"total": 2})
    kept = project.path / "kept"

    def told_after(*arguments: str) -> Any:
        project.run("--cutover-target=staging", f"--cutover-report={kept}", *arguments, gate=False)
        return json.loads((kept / "gate.json").read_text("utf-8"))

    assert len(told_after()["findings"]) == 2
    project.candidate["GET /orders"] = Answer(200, {"total": 1})

    narrowed = told_after("-k", "orders")

    assert (narrowed["verdict"], narrowed["findings"]) == ("PARTIAL", [])
    assert [one["endpoint"] for one in narrowed["remembered"]] == ["GET /bills"]
    assert told_after()["remembered"] == []
