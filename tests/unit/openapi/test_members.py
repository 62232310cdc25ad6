"""Which member of a shared schema stands at a place."""

from __future__ import annotations

from pytest_cutover.openapi.members import member_at
from pytest_cutover.openapi.places import Place

DOCUMENT = {
    "components": {
        "schemas": {
            "Page": {
                "properties": {
                    "rows": {"type": "array", "items": {"$ref": "#/components/schemas/Row"}}
                }
            },
            "Row": {"allOf": [{"$ref": "#/components/schemas/Base"}], "properties": {"own": {}}},
            "Base": {
                "properties": {
                    "id": {"type": "integer"},
                    "next": {"$ref": "#/components/schemas/Row"},
                }
            },
        }
    },
    "here": {"$ref": "#/components/schemas/Page"},
    "bare": {"properties": {"rows": {}}},
}
ROOT = Place(DOCUMENT, "")


def _at(name: str, *tokens: str) -> str:
    schema = ROOT.get(name)
    assert schema is not None
    return member_at(schema, ROOT, tokens)


def test_a_member_is_that_of_the_schema_that_says_it() -> None:
    assert _at("here", "rows", "0", "own") == "/components/schemas/Row/properties/own"
    assert _at("here", "rows", "*", "id") == "/components/schemas/Base/properties/id"


def test_a_schema_that_refers_to_itself_has_an_end() -> None:
    deep = ["next"] * 40
    assert _at("here", "rows", "0", *deep, "own") in (
        "",
        "/components/schemas/Row/properties/own",
    )


def test_what_no_schema_shares_is_nobodys() -> None:
    assert _at("bare", "rows") == ""
    assert _at("here", "rows", "0", "unknown") == ""
