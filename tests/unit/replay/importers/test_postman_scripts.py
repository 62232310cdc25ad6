"""What a script keeps is known where it is plain to read, however it is written."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.replay.importers.postman_scripts import KeptVariable, kept_by


def events(script: str, when: str = "test") -> list[dict[str, Any]]:
    return [{"listen": when, "script": {"exec": script.split("\n")}}]


@pytest.mark.parametrize(
    ("script", "pointer"),
    [
        ("pm.environment.set('x', pm.response.json().id);", "/body/id"),
        (
            'const r = pm.response.json()\npm.globals.set("x", r.data[0]["a/b"])',
            "/body/data/0/a~1b",
        ),
        (
            "var data = JSON.parse(responseBody);\npostman.setEnvironmentVariable('x', data.id);",
            "/body/id",
        ),
        ("const { id } = pm.response.json();\npm.variables.set(`x`, id)", "/body/id"),
        ("let {id: key} = pm.response.json();\npm.variables.set('x', String(key))", "/body/id"),
        (
            "const b = pm.response.json(); const t = b?.token;\n"
            "if (t) { pm.collectionVariables.set('x', t.toString()); }",
            "/body/token",
        ),
        ("pm.environment.set('x', pm.response.headers.get('ETag'));", "/headers/etag"),
        (
            "pm.environment.set('x', pm.response.headers.get('Location').split('/').pop());",
            "/headers/location/path/0",
        ),
    ],
)
def test_a_value_of_the_answer(script: str, pointer: str) -> None:
    assert list(kept_by(events(script), "test")) == [KeptVariable("x", pointer=pointer)]


@pytest.mark.parametrize(
    "script",
    [
        "// pm.environment.set('x', pm.response.json().id);",
        "pm.environment.set('x', pm.response.json().rows.find(r => r.ok).id);",
        "pm.environment.set('x', sign(pm.request.body));",
        "pm.environment.set('x', pm.response.json().a + 1);",
        "pm.environment.unset('x');",
        "pm.environment.set('x'",
    ],
)
def test_what_is_not_plain_keeps_nothing(script: str) -> None:
    assert list(kept_by(events(script), "test")) == []


def test_a_value_that_is_written_or_made() -> None:
    script = "pm.variables.set('a', 'b'); pm.variables.set('n', Date.now());"
    first, second = kept_by(events(script, "prerequest"), "prerequest")
    assert (first.value, second.value.isdigit()) == ("b", True)
    assert list(kept_by(events(script, "prerequest"), "test")) == []
