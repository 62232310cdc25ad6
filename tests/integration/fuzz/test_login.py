"""What the login itself is answered: nobody can guess its password, so it asks once more."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen

Shop = Callable[..., Project]
FUZZ = ("--cutover-schema=openapi.json", "--cutover-fuzz=8", "--cutover-writes")
PASSWORD = "h0rse-battery-57"
LOGIN = f"""
    def pytest_cutover_login(backend):
        asked = {{"email": "ada@shop.example", "password": "{PASSWORD}"}}
        backend.post("/sessions", json=asked).raise_for_status()
        return True
"""
BODY = {
    "type": "object",
    "required": ["email", "password"],
    "properties": {"email": {"type": "string"}, "password": {"type": "string"}},
}
SCHEMA: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "shop", "version": "1"},
    "paths": {
        "/sessions": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": BODY}}},
                "responses": {"201": {"description": "in"}, "401": {"description": "no"}},
            }
        }
    },
}
_NUMBERS = itertools.count(4096)


def sessions(more: dict[str, Any]) -> Callable[[Seen], Answer]:
    def answered(seen: Seen) -> Answer:
        try:
            sent = json.loads(seen.body)
        except ValueError:
            sent = None
        if not isinstance(sent, dict) or sent.get("password") != PASSWORD:
            return Answer(401, {"error": "who are you?"})
        return Answer(201, {"token": f"{next(_NUMBERS) * 2654435761:032x}", **more})

    return answered


def test_a_login_is_entered_by_what_the_projects_own_asks(shop: Shop) -> None:
    project = shop(schema=SCHEMA)
    project.write("conftest.py", LOGIN)
    project.both("POST /sessions", sessions({"expires_in": 3600}))
    run = project.run(*FUZZ)
    assert run.verdict == "GO", run.screen
    assert "1 of 1 operations entered with success" in run.screen


def test_what_only_a_login_is_answered_is_compared_and_no_file_has_the_password(
    shop: Shop,
) -> None:
    project = shop(schema=SCHEMA)
    project.write("conftest.py", LOGIN)
    project.baseline["POST /sessions"] = sessions({"expires_in": 3600})
    project.candidate["POST /sessions"] = sessions({"expires_in": "3600"})
    run = project.run(*FUZZ)
    (found,) = run.report["findings"]
    assert (found["endpoint"], found["kind"], found["pointer"]) == (
        "POST /sessions",
        "type",
        "/expires_in",
    )
    files = [one for one in (project.path / ".cutover").rglob("*") if one.is_file()]
    assert files
    assert not [one for one in files if PASSWORD.encode() in one.read_bytes()]


@pytest.mark.parametrize("password", ["another", PASSWORD])
def test_a_login_that_says_something_else_on_each_side_is_not_asked(
    shop: Shop, password: str
) -> None:
    """Each side may have users of its own: what the one was asked is nothing for the other."""
    project = shop(schema=SCHEMA)
    by_side = f'"{PASSWORD}" if backend.name == "baseline" else "{password}"'
    project.write("conftest.py", LOGIN.replace(f'"{PASSWORD}"', by_side).replace(
        ".raise_for_status()", ""
    ))  # fmt: skip
    project.both("POST /sessions", sessions({}))
    run = project.run(*FUZZ)
    assert run.verdict == ("GO" if password == PASSWORD else "INCONCLUSIVE"), run.screen


def test_a_login_that_asks_nothing_is_no_missing_evidence(shop: Shop) -> None:
    project = shop(schema={**SCHEMA, "paths": {"/me": {"get": {"responses": {}}}}})
    project.write("conftest.py", """
        def pytest_cutover_login(backend):
            backend.headers["Authorization"] = "Bearer t-90417733"
            return True
    """)  # fmt: skip
    project.both("GET /me", Answer(200, {"n": 1}))
    run = project.run(*FUZZ)
    assert run.verdict == "GO", run.screen
