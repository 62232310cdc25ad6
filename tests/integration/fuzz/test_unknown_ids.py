"""Ids that differ where nothing was written: whose data they are must be seen, or be said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from tests.harness.project import Project
from tests.harness.stub_server import Answer, Seen

Shop = Callable[..., Project]
FUZZ = ("--cutover-schema=openapi.json", "--cutover-fuzz=20")
PAGE = {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 0, "maximum": 9}}
SCHEMA: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "books", "version": "1"},
    "paths": {
        "/books": {"get": {"parameters": [PAGE], "responses": {"200": {"description": "ok"}}}}
    },
}


def books(first: int, repeats: bool = False) -> Callable[[Seen], Answer]:
    def answered(seen: Seen) -> Answer:
        given = parse_qs(seen.path.partition("?")[2]).get("page", ["0"])[0]
        page = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else 0
        if repeats and page == 1:
            page = 0
        return Answer(200, [{"id": first + 5 * page + n} for n in range(5)])

    return answered


def test_a_page_that_repeats_another_one_is_found_by_its_ids(shop: Shop) -> None:
    """Ids that differ in every row were taken for those of another database: it was GO."""
    project = shop(schema=SCHEMA)
    project.baseline["GET /books"], project.candidate["GET /books"] = books(1), books(1, True)
    run = project.run(*FUZZ)
    (found,) = run.report["findings"]
    assert (found["kind"], found["pointer"]) == ("value", "/*/id")


def test_other_ids_in_every_answer_are_not_known_to_be_of_one_database(shop: Shop) -> None:
    project = shop(schema=SCHEMA)
    project.baseline["GET /books"], project.candidate["GET /books"] = books(1), books(900)
    run = project.run(*FUZZ)
    assert run.verdict == "INCONCLUSIVE", run.screen
    assert "shared_state = true or false" in " ".join(run.screen.split())
