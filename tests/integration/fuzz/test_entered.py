"""Generated requests that come in nowhere prove nothing, and the login stays who it is."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.cli import main
from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen

Shop = Callable[..., Project]
FUZZ = ("--cutover-schema=openapi.json", "--cutover-fuzz=8", "--cutover-writes")
LOGIN = """
    def pytest_cutover_login(backend):
        backend.headers["Authorization"] = "Bearer t-90417733"
        return True
"""
SCHEMA: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "payroll", "version": "1"},
    "components": {"securitySchemes": {"b": {"type": "http", "scheme": "bearer"}}},
    "security": [{"b": []}],
    "paths": {"/payslips": {"get": {"responses": {"200": {"description": "ok"}}}}},
}


def behind_a_login(answer: Answer) -> Callable[[Seen], Answer]:
    def answered(seen: Seen) -> Answer:
        token = seen.headers.get("authorization")
        return answer if token == "Bearer t-90417733" else Answer(401, {"error": "token"})

    return answered


def serve(project: Project, baseline: Any, candidate: Any) -> None:
    project.baseline["GET /payslips"] = baseline
    project.candidate["GET /payslips"] = candidate


@pytest.mark.parametrize("status", [401, 403, 404, 500, 302])
def test_two_backends_that_refuse_everything_are_no_go(shop: Shop, status: int) -> None:
    project = shop(schema=SCHEMA)
    serve(project, Answer(status, {"error": "no"}), Answer(status, {"error": "no"}))
    run = project.run(*FUZZ)
    assert (run.verdict, run.status) == ("INCONCLUSIVE", 1), run.screen
    assert "CUT113" in run.codes
    assert "GET /payslips" in run.screen


def test_an_operation_that_cannot_be_entered_is_waived_by_an_entry(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = shop(schema=SCHEMA)
    serve(project, Answer(401, {"error": "no"}), Answer(401, {"error": "no"}))
    waiver = shlex.split(project.run(*FUZZ).gate("fuzz.entered")["next"])
    assert waiver[:3] == ["pytest-cutover", "accept", "--open"]
    monkeypatch.chdir(project.path)
    assert main([*waiver[1:], "--approver", "Mira"]) == 0
    run = project.run(*FUZZ)
    assert run.gate("fuzz.entered")["verdict"] == "pass", run.screen
    assert "CUT113" not in run.codes


def test_a_marked_test_that_enters_is_enough(shop: Shop) -> None:
    project = shop(schema=SCHEMA)
    asked = behind_a_login(Answer(200, {"n": 1}))
    serve(project, asked, asked)
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.characterization("GET /payslips")
        def test_payslips(backend):
            backend.get("/payslips", headers={"Authorization": "Bearer t-90417733"})
        """,
    )
    run = project.run(*FUZZ)
    assert run.gate("fuzz.entered")["verdict"] == "pass", run.screen


def test_the_login_is_not_replaced_by_what_the_schema_calls_for(shop: Shop) -> None:
    project = shop(schema=SCHEMA)
    project.write("conftest.py", LOGIN)
    serve(
        project,
        behind_a_login(Answer(200, {"gross": 3120.5})),
        behind_a_login(Answer(200, {"gross": "3120.50"})),
    )
    run = project.run(*FUZZ)
    found = [(one["endpoint"], one["kind"], one["pointer"]) for one in run.report["findings"]]
    assert found == [("GET /payslips", "type", "/gross")]
    tokens = [seen.headers.get("authorization") for seen in project.candidate.asked()]
    wrong = {token for token in tokens if token and token != "Bearer t-90417733"}
    assert len(wrong) <= 1  # a wrong token is asked for by itself, and seldom


def test_what_is_odd_in_the_protocol_alone_is_one_finding(shop: Shop) -> None:
    schema = {**SCHEMA, "paths": {f"/p{n}": SCHEMA["paths"]["/payslips"] for n in range(4)}}
    project = shop(schema=schema)
    for n in range(4):
        project.baseline[f"GET /p{n}"] = Answer(200, {"n": 1})
        project.candidate[f"GET /p{n}"] = Answer(200, {"n": 1})
        project.baseline[f"GET /p{n}/"] = Answer(404, {"error": "none"})
        project.candidate[f"GET /p{n}/"] = Answer(307, {"error": "none"})
    run = project.run(*FUZZ)
    (found,) = run.report["findings"]
    assert (found["endpoint"], found["kind"]) == ("*", "status")
    assert found["change"] == "404 → 307 (a slash at the end)"
    assert found["occurrences"] == 4


def test_what_differs_anyway_is_not_told_again_for_each_oddity(shop: Shop) -> None:
    project = shop(schema=SCHEMA)
    serve(project, Answer(200, {"n": 1}), Answer(200, {"n": "1"}))
    run = project.run(*FUZZ)
    assert [one["endpoint"] for one in run.report["findings"]] == ["GET /payslips"]


def test_the_report_has_a_row_for_each_operation(shop: Shop) -> None:
    paths = {f"/{name}": SCHEMA["paths"]["/payslips"] for name in ("open", "shut", "other")}
    made = {"post": {"responses": {"201": {"description": "made"}}}}
    project = shop(schema={**SCHEMA, "paths": {**paths, "/made": made}})
    for server, size in ((project.baseline, 1), (project.candidate, "1")):
        server["GET /open"] = Answer(200, {"n": 1})
        server["GET /shut"] = Answer(401, {"error": "no"})
        server["GET /other"] = Answer(200, {"n": size})
    run = project.run("--cutover-schema=openapi.json", "--cutover-fuzz=8")
    rows = {row["endpoint"]: row for row in run.report["generated"]}
    assert list(rows) == ["GET /shut", "GET /other", "GET /open", "POST /made"]
    assert rows["GET /shut"]["sent"] == rows["GET /shut"]["refused"] > 0
    assert rows["GET /other"]["differing"] > 0
    assert rows["GET /open"]["succeeded"] > 0
    assert "--cutover-writes" in rows["POST /made"]["left_out"]
    assert "2 of 3 operations entered with success" in run.screen
    assert "Generated requests" in (project.path / ".cutover" / "gate.html").read_text()


PAGE = b'<!DOCTYPE html>\n<form method="post"><input type="password" name="p"></form>'


def test_the_form_of_a_login_in_place_of_json_is_no_success(shop: Shop) -> None:
    """Single sign-on answers 200 to everybody: both sides agreed in every answer, and it was GO."""
    said = {"description": "ok", "content": {"application/json": {}}}
    documented = {"/payslips": {"get": {"responses": {"200": said}}}}
    project = shop(
        schema={**SCHEMA, "paths": {**documented, "/plain": SCHEMA["paths"]["/payslips"]}}
    )
    page = Answer(200, PAGE, {"Content-Type": "text/html; charset=utf-8"})
    project.both("GET /payslips", page)
    project.both("GET /plain", page)
    run = project.run(*FUZZ)
    assert (run.verdict, run.status) == ("INCONCLUSIVE", 1), run.screen
    assert "CUT113" in run.codes
    assert "0 of 2 operations entered with success" in run.screen


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text/html", {"text/html": {}}),  # an operation that gives pages
        ("text/html", {}),  # nobody said what it gives, and it asks for no password
        ("application/json", {"application/json": {}}),
    ],
)
def test_a_page_that_an_operation_may_give_is_a_success(
    shop: Shop, kind: str, content: dict[str, Any]
) -> None:
    said = {"200": {"description": "ok", "content": content}}
    project = shop(schema={**SCHEMA, "paths": {"/payslips": {"get": {"responses": said}}}})
    page = PAGE if "text/html" in content else b"<html><p>42</p></html>"
    answer = Answer(200, page if kind == "text/html" else {"n": 1}, {"Content-Type": kind})
    serve(project, answer, answer)
    run = project.run(*FUZZ)
    assert run.verdict == "GO", run.screen
