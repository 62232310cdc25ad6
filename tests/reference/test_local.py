"""The main job: the real pair is at parity, and the run leaves what it says and nothing else."""

from __future__ import annotations

import uuid
from pathlib import Path

import psycopg
import pytest

from tests.harness.processes import MARK, survivors
from tests.harness.run import SCHEMA, Run
from tests.reference.runs import SUITE, not_passed, pending, run_suite

pytestmark = pytest.mark.long
MARKED = uuid.uuid4().hex


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("local")


@pytest.fixture(scope="module")
def local(directory: Path) -> Run:
    """The command that the team's documents name, verbatim, with a database of its own."""
    return run_suite(directory, "tests/characterization/", "-v", "--tb=short", **{MARK: MARKED})


def test_the_pair_is_at_parity(local: Run) -> None:
    """Asked for a part of the suite, it says PARTIAL; `make gate` asks for all of it."""
    assert (pending(local), not_passed(local)) == (set(), []), local.screen[-4000:]
    assert (local.verdict, local.status) == ("PARTIAL", 0)


def test_the_decision_is_on_the_last_screen(local: Run) -> None:
    assert "cutover: PARTIAL" in local.screen
    assert "not judged here: " in local.screen
    assert "real users and the people on call" in " ".join(local.screen.split())


def test_every_golden_is_recorded_and_none_is_stale(local: Run) -> None:
    assert (local.report["tests"]["unrecorded"], local.report["stale_goldens"]) == (0, [])


def test_gate_json_is_what_its_schema_says(local: Run) -> None:
    SCHEMA.validate(local.report)


def test_every_accepted_difference_is_still_there(local: Run) -> None:
    """But for those that only generated requests provoke, which this run has none of."""
    unseen = [entry["scope"] for entry in local.report["accepted"] if entry["matched"] == 0]
    assert [scope for scope in unseen if not str(scope).lstrip("[('\"").startswith("fuzz")] == []


def test_the_known_secrets_of_the_pair_are_in_no_artifact(local: Run, directory: Path) -> None:
    text = "\n".join(
        path.read_text("utf-8", "replace") for path in directory.rglob("*") if path.is_file()
    )
    assert "eyJhbGciOi" not in text + local.screen
    assert "never-used-elsewhere" not in text + local.screen


def test_nothing_is_left_running(local: Run) -> None:
    del local
    assert survivors(MARKED) == []


def test_two_workers_reach_the_same_verdict_and_findings(
    local: Run, tmp_path: Path, server: str
) -> None:
    words = ("--cutover-target=quick", "-n", "2")
    run = run_suite(tmp_path, SUITE, *words, FLOWVIZ_DATABASE_URL=server)

    def stable(report: dict[str, object]) -> list[object]:
        findings = report["findings"]
        assert isinstance(findings, list)
        return [
            report["verdict"],
            report["tests"],
            [(one["signature"], one["occurrences"], one["nodeids"]) for one in findings],
        ]

    assert stable(run.report) == stable(local.report)


def test_a_server_of_the_users_gets_a_fresh_schema_that_is_dropped(
    tmp_path: Path, server: str
) -> None:
    def schemas() -> list[str]:
        with psycopg.connect(server) as connection:
            rows = connection.execute("SELECT nspname FROM pg_namespace ORDER BY 1").fetchall()
        return [row[0] for row in rows]

    before = schemas()
    run = run_suite(
        tmp_path,
        "tests/characterization/test_health.py",
        "--cutover-target=quick",
        FLOWVIZ_DATABASE_URL=server,
    )
    assert (run.verdict, schemas()) == ("PARTIAL", before), run.screen[-4000:]
    assert run.status == 1  # the gate was asked for
