"""Accepted differences hold for generated requests too, within a class of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.cli import main
from tests.harness.project import Project
from tests.harness.stub_server import Answer

Shop = Callable[..., Project]
FUZZ = ("--cutover-schema=openapi.json", "--cutover-fuzz=40", "--cutover-writes")


def seen(thing: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    return 201, {**thing, "seen": True}


def entry(project: Project, scope: str) -> None:
    project.write(
        "cutover-accepted.toml",
        f"""
        [[accepted]]
        signature = "POST /things | added | /seen | absent → boolean"
        scope = ["{scope}"]
        reason = "agreed"
        approver = "Mira Ek"
        expires = 2999-01-01
        """,
    )


@pytest.mark.parametrize("scope", ["fuzz", "fuzz::POST /things", "fuzz::*"])
def test_an_accepted_finding_does_not_block(shop: Shop, scope: str) -> None:
    project = shop(seen)
    entry(project, scope)
    run = project.run(*FUZZ)
    assert (run.verdict, run.status) == ("GO", 0), run.screen
    (found,) = run.report["findings"]
    assert found["accepted"]["reason"] == "agreed"


def test_an_entry_of_the_suite_does_not_cover_generated_requests(shop: Shop) -> None:
    project = shop(seen)
    entry(project, "tests/test_things.py::*")
    assert project.run(*FUZZ).verdict == "NO-GO"


def test_an_entry_of_generated_requests_is_not_unused_without_them(shop: Shop) -> None:
    project = shop(seen)
    entry(project, "fuzz::*")
    project.write(
        "test_thing.py",
        """
        import pytest

        @pytest.mark.characterization("GET /thing")
        def test_thing(backend):
            assert backend.get("/thing").status_code == 200
        """,
    )
    assert project.run("--cutover-writes").verdict == "GO"


def test_accept_and_promote_take_the_id_that_the_report_shows(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = shop(seen)
    (found,) = project.run(*FUZZ).report["findings"]
    monkeypatch.chdir(project.path)
    assert main(["promote", found["id"]]) == 0
    assert f"_{found['id']}(backend):" in Path("tests/test_promoted.py").read_text()
    assert "read it, and give it a better name" in capsys.readouterr().out
    assert main(["promote", found["id"]]) == 4
    assert "has the test" in capsys.readouterr().err
    assert main(["promote", "00000000"]) == 4
    assert f"valid: {found['id']}" in capsys.readouterr().err
    words = ["--scope", "fuzz::POST /things", "--reason", "agreed", "--approver", "Mira"]
    assert main(["accept", found["id"], *words]) == 0
    suite = project.run("--cutover-writes", "tests/test_promoted.py")
    assert [one["pointer"] for one in suite.report["findings"]] == ["/seen"]
    Path("tests/test_promoted.py").unlink()
    assert project.run(*FUZZ).verdict == "GO"


@pytest.mark.parametrize("scope", ["fuzz", "fuzz::protocol[*"])
def test_what_is_odd_in_the_protocol_is_accepted_for_all_operations(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, scope: str
) -> None:
    project = shop()
    project.baseline["GET /thing/"] = Answer(404, {"error": "none"})
    project.candidate["GET /thing/"] = Answer(307, {"error": "none"})
    (found,) = project.run(*FUZZ).report["findings"]
    monkeypatch.chdir(project.path)
    words = ["--scope", scope, "--reason", "agreed", "--approver", "Mira"]
    assert main(["accept", found["id"], *words]) == 0
    run = project.run(*FUZZ)
    assert run.verdict == "GO", run.screen
    assert [one["accepted"]["reason"] for one in run.report["findings"]] == ["agreed"]
