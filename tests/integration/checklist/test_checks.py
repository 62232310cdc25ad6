"""The ready-made checks: what they find, and how they behave where nothing can be known."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from tests.harness.processes import MARK, survivors
from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer
from tests.integration.checklist.items import only

HANGS = '["{python}", "-c", "import time; print(1, flush=True); time.sleep(60)"]'


def check(project: Project, name: str, tables: str, more: str = "") -> Run:
    """One run in which this check is all that the checklist asks for."""
    project.target(more=more, tables=only(name) + tables)
    return project.run("--cutover-target=staging", "--cutover-phase=switch", gate=False)


def row(found: Run) -> dict[str, str]:
    return next(one for one in found.report["checklist"] if one["id"] == "ours.check")


def test_health_is_asked_again_until_it_answers(project: Project) -> None:
    answers = iter([503, 503, 200])
    project.candidate["GET /health"] = lambda _seen: Answer(next(answers))
    found = check(project, "health", '[checklist.health]\npath = "/health"\ninterval = "10ms"\n')

    assert found.verdict == "GO"
    assert found.status == 0
    assert row(found)["evidence"] == "health: /health answers 200, at try 3 of 5"


def test_health_gives_up_after_its_attempts(project: Project) -> None:
    project.candidate["GET /health"] = Answer(503)
    found = check(
        project,
        "health",
        '[checklist.health]\npath = "/health"\nattempts = 2\ninterval = "10ms"\n',
    )

    assert found.verdict == "NO-GO"
    assert len(project.candidate.asked("GET /health")) == 2
    assert "asked 2 times" in found.gate("checklist.ours.check")["message"]


SMOKE = """
[[checklist.smoke]]
name = "log in"
request = "POST /login"
json = { email = "a@b.c" }
save = { token = "/token" }
[[checklist.smoke]]
name = "create"
request = "POST /lots"
headers = { Authorization = "Bearer {token}" }
json = { code = "{unique:SMOKE}" }
status = 201
expect = { "/ok" = true }
"""


def test_the_smoke_flow_carries_what_it_saved(project: Project) -> None:
    project.candidate["POST /login"] = Answer(200, {"token": "t-0123456789"})
    project.candidate["POST /lots"] = Answer(201, {"ok": True})
    found = check(project, "smoke", SMOKE, more="writes = true")

    assert row(found)["evidence"] == "smoke: 2 steps: log in, create"
    created = project.candidate.asked("POST /lots")[0]
    assert created.headers["authorization"] == "Bearer t-0123456789"
    assert b'"SMOKE' in created.body


def test_the_smoke_flow_names_the_step_that_failed(project: Project) -> None:
    project.candidate["POST /login"] = Answer(200, {"token": "t-0123456789"})
    project.candidate["POST /lots"] = Answer(201, {"ok": "t-0123456789"})
    found = check(project, "smoke", SMOKE, more="writes = true")

    said = found.gate("checklist.ours.check")["observed"]
    assert "step 2 of 2, create: /ok is '<secret token 12>', expected True" in said


def test_the_smoke_flow_needs_consent_to_write(project: Project) -> None:
    found = check(project, "smoke", SMOKE)

    assert found.verdict == "INCONCLUSIVE"
    assert "refused" in row(found)["evidence"]
    assert project.candidate.asked("POST /login") == []


def test_variables_are_named_and_never_shown(project: Project) -> None:
    project.write(".env", "DATABASE_URL=mysql://u:hunter2@h/d\nJWT_SECRET_KEY=short-one\n")
    tables = """
        [checklist.environment]
        file = ".env"
        [checklist.environment.variables]
        DATABASE_URL = 'postgres://.+'
        JWT_SECRET_KEY = '.{32,}'
        CORS_ORIGIN = '.+'
    """
    found = check(project, "environment.variables", tables)

    said = found.gate("checklist.ours.check")["observed"]
    assert "not set: CORS_ORIGIN; not well-formed: DATABASE_URL, JWT_SECRET_KEY" in said
    everything = found.screen + Path(found.path, ".cutover", "gate.json").read_text("utf-8")
    assert "hunter2" not in everything
    assert "short-one" not in everything


def test_a_command_that_lists_variables_is_never_shown_when_it_fails(project: Project) -> None:
    tables = """
        [checklist.environment.command]
        command = ["sh", "-c", "echo JWT=hunter2hunter2; exit 3"]
        [checklist.environment.variables]
        JWT = '.+'
    """
    found = check(project, "environment.variables", tables)

    assert found.verdict == "INCONCLUSIVE"
    assert "ended with status 3" in row(found)["evidence"]


def container(words: str, timeout: str = "20s") -> str:
    return f'[checklist.container.build]\ncommand = {words}\ntimeout = "{timeout}"\n'


def test_a_command_that_hangs_is_stopped_and_decides_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MARK, uuid.uuid4().hex)
    found = check(project, "container.build", container(HANGS, "1s"))

    assert found.verdict == "INCONCLUSIVE"
    assert "was still running after 1 s" in row(found)["evidence"]
    assert survivors() == []


def test_a_command_that_fails_shows_its_last_lines(project: Project) -> None:
    words = '["sh", "-c", "echo step 7 of 9; echo no space left; exit 1"]'
    found = check(project, "container.build", container(words))

    assert found.verdict == "NO-GO"
    assert "no space left" in found.gate("checklist.ours.check")["message"]


def test_a_command_that_prints_secrets_is_scrubbed(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_TOKEN", "hunter2-hunter2")
    words = '["sh", "-c", "echo $REGISTRY_TOKEN; echo postgres://u:pa55word@h/d; exit 1"]'
    found = check(project, "container.build", container(words))

    everything = found.screen + Path(found.path, ".cutover", "gate.json").read_text("utf-8")
    assert "hunter2" not in everything
    assert "pa55word" not in everything
    assert "postgres://u:<secret>@h/d" in found.gate("checklist.ours.check")["message"]


@pytest.mark.parametrize(
    "words",
    [
        '["sh", "-c", "echo Cannot connect to the Docker daemon at unix:///x >&2; exit 1"]',
        '["no-such-engine", "build", "."]',
        '["sh", "-c", "no-such-engine build ."]',
    ],
)
def test_where_no_engine_answers_nothing_is_known(project: Project, words: str) -> None:
    found = check(project, "container.build", container(words))

    assert found.verdict == "INCONCLUSIVE"


def test_a_command_whose_variable_is_not_set_decides_nothing(project: Project) -> None:
    tables = container('["true"]') + 'env = { X = "{env:NOT_SET_ANYWHERE}" }\n'
    found = check(project, "container.build", tables)

    assert "NOT_SET_ANYWHERE, which is not set" in row(found)["evidence"]


def test_what_is_not_configured_is_inconclusive_and_says_where(project: Project) -> None:
    found = check(project, "migrations.compatible", "[checklist]\n")

    assert found.verdict == "INCONCLUSIVE"
    assert "[checklist.migrations] compatible" in found.gate("checklist.ours.check")["message"]


def test_a_marked_test_may_run_a_check_and_be_inconclusive(project: Project) -> None:
    project.write(
        "test_ours.py",
        """
        import pytest

        @pytest.mark.checklist("ours.check")
        def test_it(cutover_check):
            cutover_check("container.build")
        """,
    )
    found = check(project, "health", container('["no-such-engine"]'))

    found.outcomes(failed=1)
    assert found.verdict == "INCONCLUSIVE"
    assert row(found)["evidence"] == "1 of 1 tests inconclusive"
