"""A small shop on two loopback servers, its schema, and a project to fuzz it from."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
import schemathesis
import schemathesis.specs.openapi._hypothesis
import schemathesis.specs.openapi.coverage
import schemathesis.specs.openapi.schemas

from tests.harness.preloading import preload
from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen, StubServer

# It takes two seconds each time.
_PRELOADED = schemathesis
preload("pytest_cutover.fuzz", apart=())

Change = Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]

SCHEMA: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "shop", "version": "1"},
    "paths": {
        "/thing": {"get": {"responses": {"200": {"description": "a thing"}}}},
        "/things": {
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/T"}}},
                },
                "responses": {"201": {"description": "made"}},
            }
        },
        "/things/{code}": {
            "get": {
                "parameters": [
                    {
                        "name": "code",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string", "minLength": 1},
                    }
                ],
                "responses": {"200": {"description": "found"}},
            },
            "head": {"responses": {"200": {"description": "found"}}},
        },
    },
    "components": {
        "schemas": {
            "T": {
                "type": "object",
                "required": ["code"],
                "additionalProperties": False,
                "properties": {
                    "code": {"type": "string", "minLength": 1, "maxLength": 40},
                    "color": {"enum": ["red", "green", "blue"]},
                    "size": {"type": "integer", "minimum": 0, "maximum": 10},
                    "note": {"type": "string"},
                },
            }
        }
    },
}


class Shop:
    """What both servers do; `change` is what the candidate does to a valid answer."""

    def __init__(self, server: StubServer, shelf: dict[str, Any], change: Change | None = None):
        self.server, self.shelf, self.change = server, shelf, change
        server["POST /things"] = self.make
        server.answers = _Answers(server.answers, self)

    def make(self, seen: Seen) -> Answer:
        try:
            body = json.loads(seen.body)
        except ValueError:
            return Answer(400, {"error": "not JSON"})
        wrong = self.wrong(body)
        if wrong:
            return Answer(400, {"error": wrong})
        if body["code"] in self.shelf:
            return Answer(409, {"error": "taken"})
        thing = {"id": str(uuid.uuid4()), "color": None, "size": None, "note": None, **body}
        self.shelf[body["code"]] = thing
        status, thing = self.change(dict(thing)) if self.change else (201, thing)
        return Answer(status, thing)

    def wrong(self, body: Any) -> str:
        if not isinstance(body, dict) or not isinstance(body.get("code"), str) or not body["code"]:
            return "code"
        if len(body["code"]) > 40 or set(body) - {"code", "color", "size", "note"}:
            return "body"
        if "color" in body and body["color"] not in ("red", "green", "blue"):
            return "color"
        size = body.get("size", 0)
        if type(size) is not int or not 0 <= size <= 10:
            return "size"
        return "" if isinstance(body.get("note", ""), str) else "note"

    def find(self, seen: Seen) -> Answer:
        thing = self.shelf.get(unquote(seen.path.removeprefix("/things/")))
        return Answer(200, thing) if thing else Answer(404, {"error": "unknown"})


class _Answers(dict[str, Any]):
    """The table of a server, with one path that has a parameter."""

    def __init__(self, answers: dict[str, Any], shop: Shop) -> None:
        super().__init__(answers)
        self.shop = shop

    def get(self, key: str, default: Any = None) -> Any:
        if key.startswith("GET /things/"):
            return self.shop.find
        return super().get(key, default)


def shop_of(server: StubServer) -> Shop:
    """The shop that this server answers for."""
    assert isinstance(server.answers, _Answers)
    return server.answers.shop


@pytest.fixture
def shop(project: Project) -> Callable[..., Project]:
    """Fill both servers and write the schema; `change` is the candidate's."""

    def fill(change: Change | None = None, schema: Any = SCHEMA) -> Project:
        shelf: dict[str, Any] = {}
        Shop(project.baseline, shelf)
        Shop(project.candidate, shelf, change)
        project.write("openapi.json", json.dumps(schema) if isinstance(schema, dict) else schema)
        return project

    return fill
