"""One document, whatever its version, its format and the number of files it was written in."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from pytest_cutover.core.errors import FileError
from pytest_cutover.core.json_pointer import get
from pytest_cutover.openapi.document import ApiDocument
from pytest_cutover.openapi.read import load_document, read

LOT: dict[str, Any] = {
    "type": "object",
    "required": ["code"],
    "properties": {"code": {"type": "string"}, "kg": {"type": "number"}},
}
SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "lots", "version": "1"},
    "basePath": "/api/v1",
    "consumes": ["application/json"],
    "produces": ["application/json"],
    "parameters": {
        "Plant": {"name": "X-Plant", "in": "header", "type": "string"},
        "Lot": {"name": "lot", "in": "body", "schema": {"$ref": "#/definitions/Lot"}},
    },
    "responses": {"None": {"description": "none", "schema": {"$ref": "#/definitions/Error"}}},
    "paths": {
        "/lots/{code}": {
            "parameters": [
                {"name": "code", "in": "path", "required": True, "type": "string"},
                {"$ref": "#/parameters/Plant"},
            ],
            "put": {
                "parameters": [{"$ref": "#/parameters/Lot"}],
                "responses": {
                    200: {
                        "description": "ok",
                        "schema": {"$ref": "#/definitions/Lot"},
                        "headers": {"X-Left": {"type": "integer"}},
                    },
                    404: {"$ref": "#/responses/None"},
                },
            },
        },
        "/files": {
            "post": {
                "parameters": [{"name": "file", "in": "formData", "type": "file"}],
                "responses": {"201": {"description": "made"}},
            }
        },
    },
    "definitions": {
        "Lot": {**LOT, "properties": {**LOT["properties"], "note": {"type": "string"}}},
        "Error": {"type": "object"},
    },
}


def written(folder: Path, contents: Any, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    is_json = name.endswith(".json")
    text = json.dumps(contents) if is_json else yaml.safe_dump(contents, sort_keys=False)
    path.write_text(text, "utf-8")
    return path


def loaded(folder: Path, contents: Any, name: str = "openapi.json") -> ApiDocument:
    return load_document(str(written(folder, contents, name)), named_by="--cutover-schema")


def described(schema: Any, **more: Any) -> dict[str, Any]:
    """A document of one operation whose answer has this schema."""
    answer = {"description": "ok", "content": {"application/json": {"schema": schema}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {"/lots": {"get": {"responses": {"200": answer}}}},
        **more,
    }


def answer_schema(document: ApiDocument) -> Any:
    """The schema of the one answer, behind its references."""
    place = document.operations[0].responses["200"].content["application/json"]
    assert place is not None
    schema = place.value
    while "$ref" in schema:
        schema = get(document.contents, schema["$ref"][1:])
    return schema


@pytest.mark.parametrize("name", ["swagger.json", "swagger.yaml"])
def test_swagger_2_is_read_as_the_others_are(tmp_path: Path, name: str) -> None:
    document = loaded(tmp_path, SWAGGER, name)
    put, post = document.operations
    assert (str(put.endpoint), put.bases) == ("PUT /lots/{code}", ("/api/v1",))
    assert set(put.responses) == {"200", "404"}
    assert set(put.responses["404"].content) == {"application/json"}
    assert put.responses["200"].headers["x-left"][0] is False
    assert put.inputs == ("path code", "header x-plant", "body code", "body kg", "body note")
    assert (str(post.endpoint), post.broken) == ("POST /files", "")


def test_what_3_0_says_of_null_and_of_excluded_bounds(tmp_path: Path) -> None:
    schema = {
        "type": "object",
        "properties": {
            "share": {"type": "number", "minimum": 0, "exclusiveMinimum": True, "nullable": True},
            "level": {"type": "string", "enum": ["a"], "nullable": True},
            "nullable": {"type": "boolean"},
        },
    }
    old = described(schema) | {"openapi": "3.0.3"}
    found = answer_schema(loaded(tmp_path, old))["properties"]
    assert found["share"] == {"type": ["number", "null"], "exclusiveMinimum": 0}
    assert found["level"] == {"type": ["string", "null"], "enum": ["a", None]}
    assert found["nullable"] == {"type": "boolean"}


def test_files_beside_the_document_are_read_circles_included(tmp_path: Path) -> None:
    written(tmp_path, {"Lot": {"$ref": "parts/row.yaml#/Row"}}, "models.yaml")
    row = {"type": "object", "properties": {"above": {"$ref": "../models.yaml#/Lot"}}}
    written(tmp_path, {"Row": row, "Used": {"$ref": "#/Row"}}, "parts/row.yaml")
    written(tmp_path, described({"$ref": "./models.yaml#/Lot"}), "openapi.json")
    document = load_document("openapi.json", named_by="--cutover-schema", root=tmp_path)
    assert document.operations[0].broken == ""
    assert answer_schema(document)["type"] == "object"
    assert "$ref" in answer_schema(document)["properties"]["above"]


def test_a_path_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    answers = {200: {"$ref": "openapi.json#/components/responses/Ok"}}
    written(tmp_path, {"get": {"responses": answers}}, "lots.yaml")
    ok = {"description": "ok", "content": {"application/json": {"schema": LOT}}}
    contents = described({}, components={"responses": {"Ok": ok}})
    contents["paths"] = {"/lots": {"$ref": "lots.yaml"}}
    document = loaded(tmp_path, contents)
    assert [str(one) for one in document.endpoints] == ["GET /lots"]
    assert answer_schema(document) == LOT


def test_what_looks_like_a_reference_in_an_example_is_none(tmp_path: Path) -> None:
    schema = {"type": "object", "example": {"$ref": "gone.yaml"}, "properties": {"example": LOT}}
    document = loaded(tmp_path, described(schema))
    assert document.operations[0].broken == ""
    assert answer_schema(document)["example"] == {"$ref": "gone.yaml"}


def test_a_reference_that_leads_nowhere_breaks_the_operations_that_need_it(tmp_path: Path) -> None:
    models = {"Lot": {"properties": {"of": {"$ref": "#/components/schemas/Gone"}}}, "Ok": LOT}
    contents = described({"$ref": "#/components/schemas/Lot"}, components={"schemas": models})
    contents["paths"]["/ok"] = {"get": {"responses": {"200": {"description": "ok"}}}}
    contents["paths"]["/away"] = {
        "get": {"responses": {"200": {"$ref": "https://elsewhere.example/x.json#/a"}}}
    }
    found = {str(one.endpoint): one.broken for one in loaded(tmp_path, contents).operations}
    assert "Gone leads nowhere" in found["GET /lots"]
    assert found["GET /ok"] == ""
    assert "elsewhere.example" in found["GET /away"]


@pytest.fixture
def host(tmp_path: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_document_and_its_parts_are_fetched(tmp_path: Path, host: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "lot.json").write_text(json.dumps(LOT))
    contents = described({"$ref": "lot.json"}, servers=[{"url": "v2"}])
    (tmp_path / "docs" / "openapi.json").write_text(json.dumps(contents))
    document = load_document(f"{host}/docs/openapi.json", named_by="--cutover-schema")
    assert answer_schema(document) == LOT
    assert document.operations[0].bases == ("/docs/v2",)
    with pytest.raises(FileError, match="the server answers 404"):
        load_document(f"{host}/none.json", named_by="--cutover-schema")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[]", "it holds list"),
        ('{"asyncapi": "3.0.0"}', "it looks like an AsyncAPI document"),
        ('{"log": {"entries": []}}', "a HAR recording"),
        ('{"openapi": "4.0.0", "paths": {}}', "it says 4.0.0"),
        ('{"name": "x"}', "it names no version"),
    ],
)
def test_what_is_no_document_is_told_apart(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "openapi.json"
    path.write_text(text)
    with pytest.raises(FileError) as raised:
        load_document(str(path), named_by="[contract] path")
    assert said in str(raised.value)
    assert "[contract] path: " in str(raised.value)


@pytest.mark.parametrize(
    ("servers", "path", "base", "found"),
    [
        ([], "/lots", "", True),
        ([], "/api/v1/lots", "/api/v1", True),
        ([{"url": "https://x.example/api/v1/"}], "/api/v1/lots", "/api/v1", True),
        ([{"url": "https://x.example/api/v1"}], "/api/v1/lots", "", True),
        ([{"url": "/v1"}], "/gateway/v1/lots", "/gateway", True),
        ([{"url": "https://x.example/v1"}], "/lots?page=1", "", True),
        ([{"url": "https://x.example/v1"}], "/v2/lots", "", False),
        ([], "/api/lots", "/api/v1", False),
    ],
)
def test_a_request_is_found_below_a_base_path(
    servers: list[Any], path: str, base: str, found: bool
) -> None:
    document = read(described(LOT, servers=servers), "openapi.json")
    assert (document.operation_of("GET", path, base=base) is not None) is found


def test_variables_of_a_server_have_each_of_their_values() -> None:
    server = {
        "url": "{scheme}://{host}/{version}/api",
        "variables": {
            "scheme": {"default": "https"},
            "host": {"default": "x.example"},
            "version": {"default": "v1", "enum": ["v1", "v2"]},
        },
    }
    document = read(described(LOT, servers=[server]), "openapi.json")
    assert document.operations[0].bases == ("/v1/api", "/v2/api")
    assert document.operation_of("GET", "/v2/api/lots") is document.operations[0]


def test_a_literal_path_wins_over_a_template() -> None:
    contents = described(LOT, servers=[{"url": "/api"}])
    contents["paths"]["/{any}"] = contents["paths"]["/lots"]
    document = read(contents, "openapi.json")
    found = document.operation_of("GET", "/api/lots", base="/api")
    assert found is not None
    assert str(found.endpoint) == "GET /lots"


def test_a_path_that_is_none_is_named_and_the_others_are_read() -> None:
    contents = described(LOT)
    contents["paths"]["/a?action=b"] = contents["paths"]["/lots"]
    document = read(contents, "openapi.json")
    assert [str(one) for one in document.endpoints] == ["GET /lots"]
    assert "query" in document.unreadable["GET /a?action=b"]


def test_paths_that_begin_with_the_base_of_the_target_are_found_by_what_is_asked_below_it() -> None:
    """A framework writes the prefix of its routers into the paths, and names no server."""
    contents = described(LOT)
    contents["paths"] = {"/api/v1/lots": contents["paths"]["/lots"]}
    document = read(contents, "openapi.json")
    for path in ("/lots", "/api/v1/lots"):
        assert document.operation_of("GET", path, base="/api/v1/") is document.operations[0]
    assert document.operation_of("GET", "/lots") is None


@pytest.mark.parametrize(
    ("written_as", "expected"),
    [
        ("NO", "NO"), ("on", "on"), ("y", "y"), ("12:30", "12:30"), ("007", "007"),
        ("1_000", "1_000"), ("=", "="), ("2024-02-29", "2024-02-29"), ("0b1", "0b1"),
        ("true", True), ("False", False), ("~", None), ("null", None), ("-12", -12), ("0", 0),
        ("1.50", 1.5), (".5", 0.5), ("1e3", 1000.0), ("1.5e-1", 0.15), ("-.inf", -math.inf),
        ("0x1F", 31), ("'1'", "1"), ("1.2.3", "1.2.3"), ("v1", "v1"),
    ],
)  # fmt: skip
def test_plain_texts_are_what_yaml_1_2_says(written_as: str, expected: Any, tmp_path: Path) -> None:
    """The country NO was sent as false, and refused by both sides: nothing was found in it."""
    text = yaml.safe_dump(described({"enum": ["PLACE"]})).replace("- PLACE", f"- {written_as}")
    (tmp_path / "openapi.yaml").write_text(text, "utf-8")
    (value,) = answer_schema(
        load_document(str(tmp_path / "openapi.yaml"), named_by="--cutover-schema")
    )["enum"]
    assert (type(value), value) == (type(expected), expected)


def test_a_name_that_yaml_1_1_took_for_a_boolean_is_a_name(tmp_path: Path) -> None:
    properties = {"PLACE": {"type": "string"}}
    text = yaml.safe_dump(described({"properties": properties})).replace("PLACE", "on")
    (tmp_path / "openapi.yaml").write_text(text, "utf-8")
    document = load_document(str(tmp_path / "openapi.yaml"), named_by="--cutover-schema")
    assert answer_schema(document) == {"properties": {"on": {"type": "string"}}}
