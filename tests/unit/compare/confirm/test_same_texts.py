"""A short text that is made anew and stands at two places of an answer is one thing."""

from __future__ import annotations

import random
from typing import Any

from pytest_cutover.compare.confirm.confirmation import Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from tests.unit.compare.building import JSON_HEADERS, exchange, transcript


def found(candidate_refers: bool) -> list[tuple[str, str, str]]:
    chance = random.Random(7)

    def said(refers: bool) -> Any:
        offer, person, tag = (f"{chance.randrange(2**28, 2**32):07x}a1" for _ in range(3))
        graph = [{"@id": offer, "seller": person if refers else offer}, {"@id": person}]
        document = {"graph": graph, "etag": tag if refers else offer[::-1]}
        return transcript(exchange(document, headers=(*JSON_HEADERS, ("ETag", f'"{tag}"'))))

    rounds = [Round(said(True), said(candidate_refers)) for _ in range(3)]
    judged = judge(rounds, Rulebook().beside((rounds[0].baseline, rounds[1].baseline)))
    return [(str(one.kind), one.pointer, one.change) for one in judged.differences]


def test_a_reference_that_names_another_is_found() -> None:
    told = [
        ("identity", "/headers/etag", "the same → another"),
        ("identity", "/graph/1/@id", "the same → another"),
    ]
    assert sorted(found(False)) == sorted(told)


def test_references_that_name_the_same_are_equal() -> None:
    assert found(True) == []
