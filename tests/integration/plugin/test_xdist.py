"""With -n the verdict is the one without: same findings, same report but for times and order."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.harness.project import ONE_TEST, Project
from tests.harness.stub_server import Answer

SUITE = """
import pytest

@pytest.mark.characterization("GET /thing")
@pytest.mark.parametrize("n", range(6))
def test_thing(backend, n):
    backend.get("/thing", params={"n": n})

@pytest.mark.negative("GET /odd")
def test_odd(backend):
    backend.get("/odd")

@pytest.mark.characterization("GET /thing")
def test_skipped(backend):
    backend.get("/thing")
    pytest.skip("later")

@pytest.mark.crossover("GET /thing")
def test_both(baseline, candidate):
    assert baseline.get("/thing").status_code == candidate.get("/thing").status_code
"""


@pytest.fixture
def suite(project: Project) -> Project:
    project.target("staging")
    project.write("test_it.py", SUITE)
    return project


def comparable(report: dict[str, Any]) -> dict[str, Any]:
    for name in ("started", "finished", "environment"):
        del report[name]
    return report


def run(project: Project, *arguments: str) -> Any:
    return project.run("--cutover-target=staging", *arguments, gate=False)


def test_the_report_is_the_same(suite: Project) -> None:
    suite.candidate["GET /thing"] = Answer(200, {"size": 4})
    suite.baseline["GET /odd"] = Answer(
        400, '{"text": "\\ud800", "n": 123456789012345678901234567890}'
    )
    suite.candidate["GET /odd"] = Answer(400, '{"text": "\\udfff", "n": -98765432109876543210987}')
    alone, spread = run(suite), run(suite, "-n2")
    assert spread.verdict == "NO-GO"
    assert spread.status == alone.status == 1
    one, other = comparable(alone.report), comparable(spread.report)
    assert len(one["findings"]) == 3
    assert json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@pytest.mark.parametrize("dist", ["no", "load", "worksteal", "loadscope", "loadfile", "loadgroup"])
def test_every_way_of_spreading_that_runs_a_test_once(project: Project, dist: str) -> None:
    project.target("staging")
    project.write("test_it.py", ONE_TEST)
    grouped = "@pytest.mark.xdist_group('g')\n    @pytest.mark.char"
    project.write("test_two.py", ONE_TEST.replace("@pytest.mark.char", grouped))
    result = run(project, "-n2", f"--dist={dist}")
    assert result.verdict == "GO"
    assert result.status == 0
    assert result.report["tests"]["both_sides"] == 2


def test_running_every_test_everywhere_is_refused(suite: Project) -> None:
    result = run(suite, "-n2", "--dist=each")
    assert result.status == 4
    assert "--dist each" in result.errors + result.screen


@pytest.mark.parametrize(
    ("workers", "dist"),
    [("-n4", "load"), ("-n2", "load"), ("-n2", "worksteal"), ("-n2", "loadfile")],
)
def test_a_worker_that_crashes_leaves_missing_evidence(
    suite: Project, workers: str, dist: str
) -> None:
    suite.write(
        "test_it.py",
        ONE_TEST + "\n    import os\n    def test_crash(): os._exit(7)\n",
    )
    result = run(suite, workers, f"--dist={dist}")
    assert result.status == 1
    assert result.verdict == "INCONCLUSIVE"
    assert "CUT307" in result.codes
    assert "test_it.py::test_crash" in str(result.gate("evidence.worker-crashed"))


def test_a_narrowed_run_is_partial_there_too(suite: Project) -> None:
    result = run(suite, "-n2", "-k", "thing and 1")
    assert result.verdict == "PARTIAL"
    suite.write(
        "conftest.py",
        """
        def pytest_collection_modifyitems(config, items):
            gone = [item for item in items if "skipped" in item.name]
            items[:] = [item for item in items if item not in gone]
            config.hook.pytest_deselected(items=gone)
        """,
    )
    result = run(suite, "-n2")
    assert result.verdict == "PARTIAL"
    assert result.report["tests"]["deselected"] == 2


def test_a_mistake_in_the_suite_is_a_usage_error_there_too(suite: Project) -> None:
    suite.write("test_it.py", ONE_TEST.replace("GET /", "GTE /"))
    result = run(suite, "-n2")
    assert result.status == 4
    assert "did you mean `GET /thing`?" in result.screen + result.errors
    assert not (suite.path / ".cutover").exists()


def test_a_silent_backend_is_one_sentence_there_too(suite: Project) -> None:
    suite.candidate.close()
    text = (
        (suite.path / "cutover.toml")
        .read_text()
        .replace(
            f'url = "{suite.candidate.url}"',
            f'url = "{suite.candidate.url}", ready_timeout_s = 0.2',
        )
    )
    (suite.path / "cutover.toml").write_text(text)
    result = run(suite, "-n2")
    assert result.status == 1
    assert result.verdict == "INCONCLUSIVE"
    assert "17 marked tests were not run" in str(result.gate("evidence.candidate-unreachable"))
    assert suite.baseline.asked() == []
