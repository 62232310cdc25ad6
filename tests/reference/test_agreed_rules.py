"""The rules of the reference forgive an order that the contract does not promise, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pytest_cutover.compare.diff.responses import compare_responses
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.truncate import Excerpts
from pytest_cutover.normalize.normalized import NormalizedExchange, NormalizedResponse
from tests.reference.test_agreed import TRACEABILITY
from tests.reference.test_agreements import PROFILES, RULES, goldens, spoken, with_tree


def test_the_rules_are_those_of_the_contract() -> None:
    """The order of parents and of children is not promised; everything else is."""
    said = {(rule.endpoint, rule.pointer, rule.mode.value) for rule in RULES.rules}
    assert said == {
        (TRACEABILITY, "/parents", "unordered"),
        (TRACEABILITY, "/children", "unordered"),
    }


def relatives(member: str) -> Iterator[tuple[NormalizedExchange, NormalizedResponse, list[Any]]]:
    """Recorded answers with two lots or more in that member."""
    for golden in goldens().values():
        for seen in golden.exchanges:
            if seen.endpoint == TRACEABILITY and seen.response is not None:
                plain = replace(
                    seen.response,
                    headers=spoken(seen.response.headers),
                    body=replace(seen.response.body, tree=spoken(seen.response.body.tree)),
                )
                tree: Any = plain.body.tree
                if isinstance(tree, dict) and len(tree.get(member, ())) > 1:
                    lots = [{**lot, "lot_code": f"L{n}"} for n, lot in enumerate(tree[member])]
                    yield seen, with_tree(plain, {**tree, member: lots}), lots


@pytest.mark.parametrize("member", ["parents", "children"])
def test_a_rule_forgives_an_order_and_nothing_else(member: str) -> None:
    first = None
    for seen, answer, lots in relatives(member):
        first = lots[0]

        def found(
            other: list[Any], seen: NormalizedExchange = seen, answer: NormalizedResponse = answer
        ) -> set[str]:
            assert seen.response is not None
            tree: Any = answer.body.tree
            scope = Scope(0, seen.endpoint, Excerpts(()))
            wrong = with_tree(answer, {**tree, member: other})
            active = RULES.at(seen.endpoint)
            compared = compare_responses(scope, None, answer, wrong, active, PROFILES)
            return {f"{one.kind} {one.pointer}" for one in compared.differences}

        assert found(lots[::-1]) == set()
        assert found(lots[1:])
        assert found([*lots, lots[0]])
        assert found([lots[0], *lots[:-1]])
        assert found([{**first, "lot_code": "another"}, *lots[1:]])
        for key in set(first) - {"lot_code"}:
            assert found([*lots[1:], {**first, key: "otherwise"}]), key
            assert found([*lots[1:], {k: v for k, v in first.items() if k != key}]), key
    assert first is not None
