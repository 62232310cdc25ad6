"""Schemas and options that cannot be used: exit 4, or missing evidence, never a GO."""

from __future__ import annotations

import copy
import socket
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer
from tests.integration.fuzz.conftest import SCHEMA

Shop = Callable[..., Project]
FUZZ = ("--cutover-schema=openapi.json", "--cutover-fuzz=10", "--cutover-writes")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "OpenAPI"),
        ('{"openapi": "3.1.0", "paths": {}}', "it has no operations"),
        ('{"name": "package.json"}', "version"),
    ],
)
def test_what_is_no_schema_is_a_usage_error(shop: Shop, text: str, said: str) -> None:
    run = shop(schema=text).run(*FUZZ)
    assert run.status == 4
    assert "openapi.json" in run.errors
    assert "--cutover-schema" in run.errors
    assert said.lower() in run.errors.lower()


def test_a_schema_that_is_not_there_is_a_usage_error(shop: Shop) -> None:
    run = shop().run("--cutover-schema=missing.yaml", "--cutover-fuzz=5")
    assert run.status == 4
    assert "missing.yaml:\n  --cutover-schema: no such file" in run.errors


def test_fuzzing_needs_a_schema(project: Project) -> None:
    run = project.run("--cutover-fuzz=5")
    assert run.status == 4
    assert "Expected --cutover-schema=PATH-OR-URL" in run.errors


def test_fuzzing_needs_a_target(project: Project) -> None:
    run = project.run("--cutover-fuzz=5", gate=False)
    assert run.status == 4
    assert "there is nothing to send cases to" in run.errors


def test_a_negative_number_is_a_usage_error(shop: Shop) -> None:
    run = shop().run("--cutover-schema=openapi.json", "--cutover-fuzz=-1")
    assert run.status == 4
    assert "cannot be negative" in run.errors


def test_a_schema_is_fetched_from_a_url(shop: Shop) -> None:
    project = shop()
    project.baseline["GET /openapi.json"] = Answer(200, SCHEMA)
    run = project.run(f"--cutover-schema={project.baseline.url}/openapi.json", "--cutover-fuzz=5")
    assert run.gate("fuzz.cases")["verdict"] == "pass", run.screen
    missing = project.run(f"--cutover-schema={project.baseline.url}/none", "--cutover-fuzz=5")
    assert missing.status == 4
    assert "the server answers 404" in missing.errors


def test_a_reference_that_does_not_resolve_is_missing_evidence(shop: Shop) -> None:
    schema = changed(lambda one: one["components"]["schemas"].clear())
    run = shop(schema=schema).run(*FUZZ)
    assert (run.verdict, run.status) == ("INCONCLUSIVE", 1), run.screen
    gate = run.gate("fuzz.cases")
    assert (gate["code"], gate["verdict"], gate["place"]) == (
        "CUT111",
        "inconclusive",
        "POST /things",
    )
    assert "the schema cannot be used there" in gate["message"]


def test_a_schema_that_refers_to_itself_is_no_problem(shop: Shop) -> None:
    def nested(schema: dict[str, Any]) -> None:
        thing = schema["components"]["schemas"]["T"]
        thing["properties"]["parts"] = {
            "type": "array",
            "items": {"$ref": "#/components/schemas/T"},
        }

    run = shop(schema=changed(nested)).run(*FUZZ)
    assert run.report["findings"] == []
    assert run.gate("fuzz.differences")["verdict"] == "pass"


def test_a_budget_that_ends_too_early_is_inconclusive(shop: Shop) -> None:
    project = shop()
    for server in (project.baseline, project.candidate):
        server.answers["GET /thing"] = Answer(200, {"size": 3}, wait_s=0.3)
    project.write("cutover.toml", "[fuzz]\nseconds = 0.2\n")
    run = project.run(*FUZZ)
    assert run.verdict == "INCONCLUSIVE"
    assert "raise seconds in [fuzz]" in run.gate("fuzz.cases")["message"]


def test_a_baseline_that_cannot_be_reached_is_inconclusive(shop: Shop) -> None:
    project = shop()
    project.baseline.close()
    with socket.socket() as held:  # by nobody who answers, such as the server of another test
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", project.baseline.port))
        run = project.run(*FUZZ)
    assert run.verdict == "INCONCLUSIVE", run.screen
    assert "CUT302" in run.codes


def changed(change: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    schema = copy.deepcopy(SCHEMA)
    change(schema)
    return schema


def test_fuzzing_without_the_extra_says_what_to_install(shop: Shop) -> None:
    project = shop()
    project.write("conftest.py", "import sys\nsys.modules['schemathesis'] = None\n")
    run = project.run(*FUZZ, apart=True)
    assert run.status == 4
    assert run.errors.strip() == (
        "ERROR: --cutover-fuzz needs schemathesis, not installed here: "
        'pip install "pytest-cutover[fuzz]"'
    )
    assert "INTERNALERROR" not in run.screen + run.errors


def test_an_extra_that_cannot_be_imported_is_no_internal_error(shop: Shop) -> None:
    project = shop()
    project.write("conftest.py", "")
    project.write("schemathesis.py", "raise ImportError('cannot import name Given')\n")
    run = project.run(*FUZZ, apart=True)
    assert run.status == 4
    assert "schemathesis is installed and cannot be imported: cannot import name" in run.errors
    assert 'pip install -U "pytest-cutover[fuzz]"' in run.errors
    assert "INTERNALERROR" not in run.screen + run.errors


def test_a_path_behind_a_blank_moves_no_root(shop: Shop) -> None:
    project = shop()
    text = (project.path / "openapi.json").read_text()
    project.write("service/openapi.json", text)
    project.write("service/pytest.ini", "[pytest]\naddopts = --no-such-option\n")
    project.write("pytest.ini", "[pytest]\naddopts = -ra\n")
    run = project.run(
        "--cutover-schema", "service/openapi.json", "--cutover-fuzz", "5", "--cutover-writes"
    )
    assert run.verdict == "GO", run.screen + run.errors
    assert f"rootdir: {project.path}\n" in run.screen
