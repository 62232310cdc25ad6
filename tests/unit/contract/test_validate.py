"""What a document says of answers alone: a member that is only ever sent need not come back."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.contract.validate import Contract
from pytest_cutover.core.exchange import Exchange, Request, Response
from pytest_cutover.openapi.read import read

SENT = {"type": "string", "writeOnly": True}


def violations(schema: Any, body: bytes) -> list[str]:
    answer = {"description": "ok", "content": {"application/json": {"schema": schema}}}
    document = read(
        {
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {"/users": {"get": {"responses": {"200": answer}}}},
            "components": {"schemas": {"Password": SENT}},
        },
        "openapi.json",
    )
    contract = Contract(document)
    kind = (("Content-Type", "application/json"),)
    exchange = Exchange(Request("GET", "/users"), Response(200, kind, body), "GET /users")
    return [one.message for one in contract.violations(exchange, document.operations[0])]


@pytest.mark.parametrize(
    "password",
    [SENT, {"$ref": "#/components/schemas/Password"}, {"allOf": [SENT]}],
    ids=["itself", "by reference", "in parts"],
)
@pytest.mark.parametrize("listed", [False, True])
def test_a_required_member_that_is_only_sent_need_not_come_back(
    password: Any, listed: bool
) -> None:
    user = {
        "type": "object",
        "required": ["name", "password"],
        "properties": {"name": {"type": "string"}, "password": password},
    }
    schema = {"type": "array", "items": user} if listed else user
    body, without = (b'[{"name": "ada"}]', b"[{}]") if listed else (b'{"name": "ada"}', b"{}")
    assert violations(schema, body) == []
    assert violations(schema, without) == ["'name' is a required property"]
