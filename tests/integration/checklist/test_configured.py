"""Is the candidate configured for production: its variables, and the secrets that it signs with."""

from __future__ import annotations

import jwt
import pytest

from tests.harness.project import LAUNCHED, Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer
from tests.integration.checklist.items import only
from tests.integration.checklist.test_checks import check, row

VARIABLES = """
[checklist.environment.variables]
DATABASE_URL = 'postgres://.+'
SIGNING_KEY = '.{32,}'
"""
GOOD = {"DATABASE_URL": "postgres://u:hunter2@h/d", "SIGNING_KEY": "s3cr" * 10}
DEVELOPMENT = "development-only-secret-of-32-bytes!"


def everything(found: Run) -> str:
    """All that is left behind, and the screen."""
    files = (found.path / ".cutover").rglob("*")
    return found.screen + "".join(one.read_text("utf-8") for one in files if one.is_file())


def printing(values: dict[str, str]) -> str:
    lines = "; ".join(f"echo '{name}={value}'" for name, value in values.items())
    return f'[checklist.environment.command]\ncommand = ["sh", "-c", "{lines}"]\n{VARIABLES}'


def test_variables_may_be_what_a_command_prints(project: Project) -> None:
    found = check(project, "environment.variables", printing(GOOD))

    assert row(found)["evidence"] == "environment.variables: 2 variables set and well-formed"
    found = check(project, "environment.variables", printing({**GOOD, "SIGNING_KEY": "short-key"}))
    assert row(found)["evidence"] == "environment.variables: not well-formed: SIGNING_KEY"
    assert "short-key" not in everything(found)
    assert "hunter2" not in everything(found)


@pytest.mark.parametrize(
    ("key", "verdict", "evidence"),
    [
        ("s3cr" * 10, "GO", "environment.variables: 2 variables set and well-formed"),
        ("short-key", "NO-GO", "environment.variables: not well-formed: SIGNING_KEY"),
        ("", "NO-GO", "environment.variables: not set: SIGNING_KEY"),
    ],
)
def test_variables_may_be_those_of_the_process_that_was_launched(
    project: Project, key: str, verdict: str, evidence: str
) -> None:
    project.write(
        "cutover.toml",
        f"""
[targets.staging.baseline]
{LAUNCHED}
[targets.staging.candidate]
{LAUNCHED}
env = {{ DATABASE_URL = "postgres://u:hunter2@h/d", SIGNING_KEY = "{key}" }}
{only("environment.variables")}
[checklist.environment]
launched = true
{VARIABLES}
""",
    )
    found = project.run("--cutover-target=staging", "--cutover-phase=switch", gate=False)

    assert (found.verdict, row(found)["evidence"]) == (verdict, evidence)
    assert "hunter2" not in everything(found)


def test_variables_are_read_from_one_place(project: Project) -> None:
    tables = f'[checklist.environment]\nfile = ".env"\nlaunched = true\n{VARIABLES}'
    found = check(project, "environment.variables", tables)

    assert found.status == 4
    assert "read from exactly one place; this names file and launched" in found.errors


SECRETS = """
[checklist.secrets]
json = { email = "a@b.c" }
known = ["another-secret-of-at-least-32-bytes", "{env:DEV_SECRET}"]
"""


def issuing(project: Project, token: object) -> None:
    project.candidate["POST /api/login"] = Answer(200, {"token": token})


def test_a_token_that_development_could_have_signed_is_a_no_go_also_in_production(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEV_SECRET", DEVELOPMENT)
    token = jwt.encode({"sub": "x"}, DEVELOPMENT, algorithm="HS256")
    issuing(project, token)
    found = check(project, "secrets.rotated", SECRETS, "production = true")

    assert found.verdict == "NO-GO"
    assert "a token verifies under known secret 2 of 2" in row(found)["evidence"]
    assert DEVELOPMENT not in everything(found)
    assert token not in everything(found)
    issuing(project, jwt.encode({"sub": "x"}, "rotated" * 8, algorithm="HS256"))
    assert check(project, "secrets.rotated", SECRETS, "production = true").verdict == "GO"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(200, {"token": "opaque"}), "the token is no JWT"),
        (Answer(401, {"error": "no"}), "no token"),
        (Answer(200, "<p>"), "no token"),
        (Answer(200, raw=b""), "POST /api/login: "),
    ],
)
def test_a_token_that_cannot_be_looked_at_decides_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, answer: Answer, said: str
) -> None:
    monkeypatch.setenv("DEV_SECRET", DEVELOPMENT)
    project.candidate["POST /api/login"] = answer
    found = check(project, "secrets.rotated", SECRETS)

    assert found.verdict == "INCONCLUSIVE"
    assert row(found)["evidence"].startswith(f"secrets.rotated: {said}")


def test_a_secret_of_development_that_is_not_told_decides_nothing(project: Project) -> None:
    found = check(project, "secrets.rotated", SECRETS)

    assert row(found)["evidence"] == "secrets.rotated: DEV_SECRET is not set"


LINT = '[checklist.migrations.lint]\ncommand = ["sh", "-c", "{lint}"]\n'
COMPATIBLE = '[checklist.migrations.compatible]\ncommand = ["sh", "-c", "{compatible}"]\n'


@pytest.mark.parametrize(
    ("tables", "verdict", "evidence"),
    [
        (LINT.format(lint="true"), "inconclusive", "not configured"),
        (COMPATIBLE.format(compatible="true"), "pass", "compatible (lint: not configured)"),
        (
            LINT.format(lint="true") + COMPATIBLE.format(compatible="true"),
            "pass",
            "lint, compatible",
        ),
        (
            LINT.format(lint="echo drops a column; exit 1") + COMPATIBLE.format(compatible="true"),
            "fail",
            "lint: status 1",
        ),
        (
            LINT.format(lint="true") + COMPATIBLE.format(compatible="exit 2"),
            "fail",
            "compatible: status 2",
        ),
    ],
)
def test_the_way_back_is_lint_and_the_suite_of_the_baseline(
    project: Project, tables: str, verdict: str, evidence: str
) -> None:
    found = check(project, "migrations.compatible", tables)

    assert row(found)["verdict"] == verdict
    assert row(found)["evidence"] == f"migrations.compatible: {evidence}"
