"""A write that one side alone takes is one finding, whatever lists show of it later."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen
from tests.integration.fuzz.conftest import SCHEMA, Shop, shop_of

Rows = list[dict[str, Any]]
LISTED: dict[str, Any] = {
    **SCHEMA,
    "paths": {
        **SCHEMA["paths"],
        "/things": {
            **SCHEMA["paths"]["/things"],
            "get": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1}},
                    {"name": "color", "in": "query", "schema": {"enum": ["red", "green", "blue"]}},
                ],
                "responses": {"200": {"description": "some of them"}},
            },
        },
    },
}


class Store(Shop):
    """A shop with a shelf of its own, and a list of it in which `turned` may do anything."""

    lenient = False
    turned: Callable[[Rows], Rows] = staticmethod(lambda rows: rows)

    def wrong(self, body: Any) -> str:
        said = super().wrong(body)
        beyond = self.lenient and said == "size" and body["size"] == 11
        return "" if beyond else said

    def listed(self, seen: Seen) -> Answer:
        query = parse_qs(urlsplit(seen.path).query)
        rows = list(self.shelf.values())
        for color in query.get("color", ()):
            rows = [row for row in rows if row["color"] == color]
        limit = query.get("limit", ["200"])[0]
        if not limit.isdecimal() or not int(limit):
            return Answer(400, {"error": "limit"})
        page = self.turned(rows[: int(limit)])
        return Answer(200, {"things": page, "total": len(rows), "more": int(limit) < len(rows)})


def without_greens(rows: Rows) -> Rows:
    return [row for row in rows if row["color"] != "green"]


def turned(rows: Rows) -> Rows:
    return rows[::-1]


@pytest.mark.parametrize(
    ("fault", "kind"), [(None, ""), (without_greens, "length"), (turned, "order")]
)
def test_lists_show_what_they_do_themselves_and_not_what_one_side_alone_took(
    project: Project, fault: Callable[[Rows], Rows] | None, kind: str
) -> None:
    for server in (project.baseline, project.candidate):
        store = Store(server, {})
        server["GET /things"] = store.listed
    candidate = shop_of(project.candidate)
    assert isinstance(candidate, Store)
    candidate.lenient = True
    if fault is not None:
        candidate.turned = fault
    project.write("openapi.json", json.dumps(LISTED))
    run = project.run("--cutover-schema=openapi.json", "--cutover-fuzz=40", "--cutover-writes")
    found = {(one["endpoint"], one["kind"], one["pointer"]) for one in run.report["findings"]}
    listed = {("GET /things", kind, "/things")} if kind else set()
    assert {("POST /things", "status", "")} | listed <= found, run.screen
    # The first row of a turned list is another thing, which what is asked for it by its code shows.
    others = {endpoint for endpoint, told, _ in found if kind and told != "identity"}
    assert others <= {"POST /things", "GET /things"}
    assert kind or len(found) == 1, run.screen
