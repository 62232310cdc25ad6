"""`init` asks both backends, and its first run ends in a verdict about the API."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.cli import main
from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen, StubServer

BASE = "/api/v1"
ROWS = [{"id": 7, "name": "bolt"}, {"id": 8, "name": "nut"}]
ANY: dict[str, Any] = {"content": {"application/json": {"schema": {}}}}
BOTH = {"200": {"description": "ok", **ANY}, "4XX": {"description": "refused", **ANY}}
FORM = {"application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": {
    "username": {"type": "string"}, "password": {"type": "string"}}}}}  # fmt: skip


def operation(**more: Any) -> dict[str, Any]:
    return {"responses": BOTH, **more}


DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "shop", "version": "1"},
    "servers": [{"url": BASE}],
    "paths": {
        "/auth/login": {"post": operation(requestBody={"content": FORM})},
        "/auth/logout": {"get": operation()},
        "/health": {"get": operation()},
        "/parts": {"get": operation()},
        "/parts/{part_id}": {
            "get": operation(parameters=[{"name": "part_id", "in": "path", "required": True}])
        },
        "/mine": {"get": operation()},
    },
}


def shop(server: StubServer, *, base: str) -> None:
    """The API below a base path; every other path is a page of the single-page app."""

    def asked(seen: Seen) -> Answer:
        path = seen.path.partition("?")[0]
        if path == "/docs/json":
            return Answer(200, DOCUMENT)
        if not path.startswith(base):
            return Answer(200, "<html>the app</html>", {"Content-Type": "text/html"})
        rest = path.removeprefix(base)
        if rest == "/auth/login" and b"password=hunter2-long" in seen.body:
            return Answer(200, {"access_token": f"token-of-{server.url[-5:]}-0123456789abcdef"})
        if rest == "/mine":
            known = "0123456789abcdef" in seen.headers.get("authorization", "")
            return Answer(200, ROWS[:1]) if known else Answer(401, {"error": "who?"})
        answers = {"/health": {"ok": True}, "/parts": {"items": ROWS, "total": 2}}
        answers |= {f"/parts/{row['id']}": row for row in ROWS}
        if rest not in answers or seen.method != "GET":
            return Answer(404, {"error": "no such part"})
        return Answer(200, answers[rest])

    server.fallback = lambda _key: asked


@pytest.fixture
def started(project: Project) -> Project:
    shop(project.baseline, base=BASE)
    shop(project.candidate, base="/rest")
    return project


def init(project: Project, *words: str) -> int:
    urls = ["--baseline", project.baseline.url, "--candidate", project.candidate.url]
    return main(["init", *urls, "--dir", str(project.path), *words])


def test_the_first_run_is_about_the_api(
    started: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert init(started, "--writes") == 0
    said = capsys.readouterr().out
    asked = [*started.baseline.requests, *started.candidate.requests]
    assert {seen.method for seen in asked} <= {"GET", "OPTIONS"}
    assert not any("logout" in seen.path for seen in asked)
    assert f"document  {started.baseline.url}/docs/json, 6 operations" in said
    assert f"baseline  {started.baseline.url}{BASE}" in said
    assert f"candidate {started.candidate.url}/rest" in said
    assert "health    GET /health" in said
    assert "login     POST /auth/login" in said
    assert "answering GET /health, GET /parts, GET /parts/{part_id}" in said
    assert "refused   GET /mine: they need a login" in said
    assert "pytest --cutover-target=staging\n" in said

    monkeypatch.setenv("CUTOVER_USER", "ada")
    monkeypatch.setenv("CUTOVER_PASSWORD", "hunter2-long")
    run = started.run("--cutover-target=staging", gate=False)
    run.outcomes(passed=10)
    assert (run.verdict, run.status) == ("GO", 0), run.screen
    assert any(gate["id"] == "contract.candidate" for gate in run.report["gates"])


def test_a_drift_is_found_by_the_first_run(started: Project) -> None:
    assert init(started) == 0
    started.candidate["GET /rest/parts/7"] = Answer(200, {"id": 7, "name": "BOLT"})
    run = started.run("--cutover-target=staging", gate=False)
    assert run.verdict == "NO-GO"
    assert [one["pointer"] for one in run.report["findings"]] == ["/name"]


def test_where_nothing_answers_it_says_what_to_give(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.both("GET /", Answer(404))
    assert init(project) == 0
    said = capsys.readouterr().out
    assert "no OpenAPI document was found" in said
    assert "give --path, a path that the API answers" in said


def test_basic_authentication_is_a_login_without_an_operation(
    project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = {**DOCUMENT, "servers": [], "paths": {
        "/shops": {"get": operation()},
        "/shops/{id}": {"get": operation()},
        "/shops/{shop_id}/parts": {"get": operation()},
    }}  # fmt: skip
    answers = {"/shops": ROWS, "/shops/7": ROWS[0], "/shops/7/parts": ROWS}

    def asked(seen: Seen) -> Answer:
        if seen.path == "/openapi.json":
            return Answer(200, document)
        if not seen.headers.get("authorization", "").startswith("Basic "):
            return Answer(401, {"error": "who?"}, {"WWW-Authenticate": "Basic"})
        found = answers.get(seen.path)
        return Answer(404, {"error": "none"}) if found is None else Answer(200, found)

    for server in (project.baseline, project.candidate):
        server.fallback = lambda _key: asked
    monkeypatch.setenv("CUTOVER_USER", "ada")
    monkeypatch.setenv("CUTOVER_PASSWORD", "hunter2-long")
    assert init(project) == 0
    said = capsys.readouterr().out
    assert "login     Basic authentication" in said
    assert "answering GET /shops, GET /shops/{id}, GET /shops/{shop_id}/parts" in said
    run = project.run("--cutover-target=staging", gate=False)
    run.outcomes(passed=8)
    assert run.verdict == "GO", run.screen
