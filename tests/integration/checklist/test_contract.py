"""The contract: the document is whole, and both sides keep to it. The coverage of it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.harness.project import Project
from tests.harness.run import Run
from tests.harness.stub_server import Answer

LOT = {
    "type": "object",
    "required": ["size"],
    "additionalProperties": False,
    "properties": {"size": {"type": "integer"}, "made": {"type": "string", "format": "date-time"}},
}


def document(**changes: Any) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "parameters": [{"name": "color", "in": "query", "schema": {"type": "string"}}],
        "responses": {
            "200": {
                "description": "ok",
                "headers": {"X-Left": {"required": True, "schema": {"type": "integer"}}},
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Lot"}}},
            },
            "404": {"description": "none", "content": {"application/json": {"schema": {}}}},
        },
    }
    operation |= changes
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/thing": {"get": operation}},
        "components": {"schemas": {"Lot": LOT}},
    }


GOOD = Answer(200, {"size": 3}, {"X-Left": "7"})
TESTS = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    @pytest.mark.parametrize("color", ["red", "blue"])
    def test_thing(backend, color):
        backend.get("/thing", params={"color": color})

    @pytest.mark.negative("GET /thing", scenario="no such thing")
    def test_none(backend):
        backend.get("/thing", params={"color": "none"})
"""


def answering(answer: Answer) -> Any:
    return lambda seen: Answer(404, {"error": "x"}) if "none" in seen.path else answer


def run(
    project: Project,
    contract: dict[str, Any] | str,
    *arguments: str,
    tables: str = "[contract]\npath = 'api.yaml'\n[coverage]\n",
    tests: str = TESTS,
    more: str = "",
) -> Run:
    text = contract if isinstance(contract, str) else yaml.safe_dump(contract)
    project.write("api.yaml", text)
    project.target(more=more, tables=tables)
    project.write("test_it.py", tests)
    return project.run("--cutover-target=staging", *arguments, gate=False)


def answers(project: Project, baseline: Answer, candidate: Answer) -> None:
    for server, answer in ((project.baseline, baseline), (project.candidate, candidate)):
        for color in ("red", "blue", "none"):
            server[f"GET /thing?color={color}"] = answering(answer)


def test_what_is_documented_and_asked_for_is_a_go(project: Project) -> None:
    answers(project, GOOD, GOOD)
    found = run(project, document())

    assert found.verdict == "GO"
    assert found.gate("contract.candidate")["observed"] == "0 in 3 answers"
    cells = {(one["endpoint"], one["status"]): one for one in found.report["coverage"]}
    assert cells["GET /thing", "404"]["scenarios"] == ["no such thing"]
    assert (cells["GET /thing", "200"]["tests"], cells["GET /thing", "200"]["candidate"]) == (2, 2)
    assert cells["GET /thing", "200"]["nodeids"] != []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(200, {"size": "3"}, {"X-Left": "7"}), "body/size: type: str is not"),
        (Answer(200, {}, {"X-Left": "7"}), "body: 'size' is a required property"),
        (Answer(200, {"size": 3, "new": 1}, {"X-Left": "7"}), "'new' was unexpected"),
        (
            Answer(200, {"size": 3, "made": "2026-01-01 10:00:00"}, {"X-Left": "7"}),
            'body/made: format: str is not "date-time"',
        ),
        (Answer(200, {"size": 3}), "header x-left: missing"),
        (Answer(200, {"size": 3}, {"X-Left": "many"}), "header x-left: 'many' is not"),
        (Answer(200, "{", {"X-Left": "7", "Content-Type": "application/json"}), "body: not JSON"),
        (
            Answer(200, "<p>", {"X-Left": "7", "Content-Type": "text/html"}),
            "content type: text/html, documented is application/json",
        ),
        (Answer(202, {"size": 3}), "GET /thing 202, status: not documented; documented are 200"),
    ],
)
def test_a_violation_blames_the_candidate(project: Project, answer: Answer, said: str) -> None:
    answers(project, GOOD, answer)
    found = run(project, document())

    gate = found.gate("contract.candidate")
    assert (gate["code"], gate["verdict"]) == ("CUT404", "fail")
    assert said in gate["message"]
    assert gate["nodeids"][0].endswith("[blue-candidate]")
    # What a reader of the first screen needs: the place, what is wrong there, how to see it again.
    assert gate["place"] == "GET /thing"
    assert gate["observed"] in gate["message"]
    assert gate["next"].startswith("pytest --cutover-target=")
    assert "blue-baseline" in gate["next"]
    assert "blue-candidate" in gate["next"]
    assert found.gate("contract.baseline")["verdict"] == "pass"


def test_a_violation_of_both_blames_the_document_once(project: Project) -> None:
    wrong = Answer(200, {"size": "3"}, {"X-Left": "7"})
    answers(project, wrong, wrong)
    found = run(project, document())

    assert found.verdict == "NO-GO"
    assert found.codes == {"CUT403", "CUT404"}
    assert "api.yaml is wrong: " in found.gate("contract.baseline")["message"]
    assert found.gate("contract.candidate")["verdict"] == "inconclusive"


def test_no_value_of_a_body_is_told(project: Project) -> None:
    answers(project, GOOD, Answer(200, {"size": "hunter2-hunter2"}, {"X-Left": "7"}))
    found = run(project, document())

    assert "hunter2" not in found.gate("contract.candidate")["message"]


def test_an_operation_without_a_documented_error_is_not_whole(project: Project) -> None:
    answers(project, GOOD, GOOD)
    contract = document()
    del contract["paths"]["/thing"]["get"]["responses"]["404"]
    found = run(project, contract)

    assert "GET /thing: no documented error" in found.gate("contract.documented")["message"]
    assert found.gate("contract.documented")["code"] == "CUT402"


def test_what_no_test_asked_for_is_named(project: Project) -> None:
    answers(project, GOOD, GOOD)
    tests = """
        import pytest

        @pytest.mark.characterization("GET /thing")
        def test_thing(backend):
            backend.get("/thing", params={"color": "red"})
    """
    found = run(project, document(), tests=tests)

    assert found.verdict == "INCONCLUSIVE"
    assert found.codes == {"CUT405", "CUT406", "CUT407"}
    assert found.gate("coverage.statuses")["message"] == "seen on no side: GET /thing 404"
    assert found.gate("coverage.varied")["message"] == "never varied: GET /thing query color"
    assert found.gate("coverage.varied")["required"] is False


ORDER: dict[str, Any] = {
    "type": "object",
    "properties": {
        "kind": {"const": "order"},
        "password": {"type": "string"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "ship/to": {"anyOf": [{"$ref": "#/components/schemas/Address"}, {"type": "null"}]},
        "lines": {
            "type": "array",
            "items": {"allOf": [{"$ref": "#/components/schemas/Line"}]},
        },
    },
}
ADDRESS = {"type": "object", "properties": {"street": {}, "zip": {}}}
LINE = {
    "type": "object",
    "properties": {
        "price": {"type": "number"},
        "count": {"type": "integer"},
        "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Line"}},
    },
}


def test_what_never_varied_is_named_at_any_depth_and_secrets_are_not(project: Project) -> None:
    contract = document(
        parameters=[{"name": "X-Plant", "in": "header", "schema": {}}],
        requestBody={"content": {"application/json": {"schema": ORDER}}},
    )
    contract["paths"]["/thing"] = {"post": contract["paths"]["/thing"]["get"]}
    contract["components"]["schemas"] |= {"Address": ADDRESS, "Line": LINE}
    answers = {200: Answer(200, {"size": 3}, {"X-Left": "7"}), 404: Answer(404, {})}
    for server in (project.baseline, project.candidate):
        server["POST /thing"] = lambda seen: answers[404 if b"none" in seen.body else 200]
    found = run(
        project,
        contract,
        tests="""
            import pytest

            def order(tag, price, zip):
                line = {"price": price, "count": 1, "parts": []}
                to = {"street": "Main", "zip": zip}
                return {"kind": "order", "password": tag, "tags": [tag], "ship/to": to,
                        "lines": [line, line]}

            @pytest.mark.characterization("POST /thing")
            @pytest.mark.parametrize("tag, price", [("red", 1.5), ("blue", 2.5)])
            def test_thing(backend, tag, price):
                body = order(tag, price, 1 + (tag == "red"))
                backend.post("/thing", json=body, headers={"X-Plant": "7"})

            @pytest.mark.negative("POST /thing")
            def test_none(backend):
                backend.post("/thing", json=order("none", 1.5, 1), headers={"X-Plant": "7"})
        """,
        tables="[contract]\npath = 'api.yaml'\n[coverage]\nvaried = 'require'\n",
        more="writes = true",
    )

    gate = found.gate("coverage.varied")
    assert (gate["verdict"], gate["observed"]) == ("fail", "3 of 7 varied")
    assert gate["message"] == (
        "never varied: POST /thing header x-plant, POST /thing body lines/*/count, "
        "POST /thing body lines/*/parts, POST /thing body ship~1to/street"
    )
    assert (
        "whether it varied is not known of secrets: POST /thing body password"
        in found.report["notes"]
    )


def test_an_error_seen_by_the_way_is_no_negative_test(project: Project) -> None:
    answers(project, GOOD, GOOD)
    found = run(
        project,
        document(),
        tests=TESTS.replace("negative(", "characterization(").replace(
            ', scenario="no such thing"', ""
        ),
    )

    assert found.gate("coverage.statuses")["verdict"] == "pass"
    assert found.gate("coverage.negative")["message"] == "no negative test for GET /thing 404"


def test_scenarios_and_cells_that_nobody_can_provoke(project: Project) -> None:
    answers(project, GOOD, GOOD)
    contract = document()
    contract["paths"]["/thing"]["get"]["responses"]["429"] = {"description": "slow down"}
    tables = """
        [contract]
        path = "api.yaml"
        [coverage]
        ignore = { "GET /thing 429" = "only the edge answers it" }
        [[coverage.scenarios]]
        endpoint = "GET /thing"
        scenario = "no such *"
        [[coverage.scenarios]]
        endpoint = "GET /thing"
        scenario = "too *"
    """
    found = run(project, contract, tables=tables)

    assert found.gate("coverage.statuses")["verdict"] == "pass"
    assert found.gate("coverage.negative")["message"] == "no negative test for GET /thing: too *"
    assert any("only the edge answers it" in note for note in found.report["notes"])


def test_a_document_of_version_3_0_may_say_nullable(project: Project) -> None:
    contract = document()
    contract["openapi"] = "3.0.3"
    contract["components"]["schemas"]["Lot"] = {
        "type": "object",
        "properties": {"size": {"type": "integer", "nullable": True}},
    }
    answer = Answer(200, {"size": None}, {"X-Left": "7"})
    answers(project, answer, answer)

    assert run(project, contract).gate("contract.baseline")["verdict"] == "pass"


@pytest.mark.parametrize("url", ["https://x.example/api/v1", "/api/v1/"])
@pytest.mark.parametrize(("size", "verdict"), [(3, "pass"), ("3", "fail")])
def test_a_request_below_the_path_of_a_server_is_held_against_the_document(
    project: Project, url: str, size: Any, verdict: str
) -> None:
    answers = (
        Answer(200, {"size": 3}, {"X-Left": "7"}),
        Answer(200, {"size": size}, {"X-Left": "7"}),
    )
    for server, answer in zip((project.baseline, project.candidate), answers, strict=True):
        server["GET /api/v1/thing"] = answer
    tests = """
        import pytest

        @pytest.mark.characterization("GET /api/v1/thing")
        def test_thing(backend):
            backend.get("/api/v1/thing")
    """
    found = run(project, document() | {"servers": [{"url": url}]}, tests=tests)

    assert found.gate("contract.candidate")["verdict"] == verdict
    assert found.gate("contract.baseline")["observed"] == "0 in 1 answers"


def test_a_document_of_swagger_2_is_held_too(project: Project) -> None:
    answer = {"description": "ok", "schema": {"type": "object", "required": ["size"]}}
    contract = {
        "swagger": "2.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/thing": {"get": {"responses": {200: answer, 404: {"description": "none"}}}}},
    }
    answers(project, GOOD, Answer(200, {"mass": 3}, {"X-Left": "7"}))
    found = run(project, contract, tables="[contract]\npath = 'api.yaml'\n")

    assert found.gate("contract.baseline")["verdict"] == "fail"  # its 404 has a body
    assert "'size' is a required property" in found.gate("contract.candidate")["message"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("openapi: 2.0", "not an OpenAPI document of version 2.0, 3.0 or 3.1: it says 2.0"),
        ("a: [", "not YAML, line"),
        ("- 1", "not an OpenAPI document"),
    ],
)
def test_a_document_that_is_none_is_a_usage_error(project: Project, text: str, said: str) -> None:
    found = run(project, text)

    assert found.status == 4
    assert said in found.errors


def test_a_document_that_is_not_there_is_a_usage_error(project: Project) -> None:
    found = run(project, document(), tables="[contract]\npath = 'other.yaml'\n")

    assert found.status == 4
    assert "other.yaml" in found.errors


def test_a_narrowed_run_is_not_asked_for_coverage(project: Project) -> None:
    answers(project, GOOD, GOOD)
    found = run(project, document(), "-k", "test_thing")

    assert found.verdict == "PARTIAL"
    assert "CUT405" not in found.codes


def test_two_workers_say_the_same(project: Project) -> None:
    answers(project, GOOD, Answer(200, {"size": "3"}, {"X-Left": "7"}))
    project.write("api.yaml", yaml.safe_dump(document()))
    project.target(tables="[contract]\npath = 'api.yaml'\n[coverage]\n")
    project.write("test_it.py", TESTS)
    found = project.run("--cutover-target=staging", "-n2", gate=False, apart=True)

    assert found.gate("contract.candidate")["verdict"] == "fail"
    assert found.gate("coverage.varied")["verdict"] == "pass"


def test_without_a_demand_for_coverage_what_was_never_asked_is_not_judged(project: Project) -> None:
    contract = document()
    contract["paths"]["/other"] = contract["paths"]["/thing"]
    answers(project, GOOD, GOOD)
    found = run(project, contract, tables="[contract]\npath = 'api.yaml'\n")

    assert found.verdict == "GO"
    assert found.report["not_judged"] == [
        {
            "title": "1 of 2 operations of the contract",
            "reason": "no test asked them: GET /other",
            "code": "CUT405",
        }
    ]
