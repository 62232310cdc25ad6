"""Each accepted difference and rule of the reference hides what it says, and nothing beside it.

Mutation tests on the recorded goldens: no backend is asked.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.compare.confirm.rulebook import profiles_of, rules_of
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.diff.responses import compare_responses
from pytest_cutover.compare.diff.rule_coverage import RuleCoverage, audit
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.truncate import Excerpts
from pytest_cutover.compare.golden.text import load
from pytest_cutover.config.accepted import Entry, load_accepted
from pytest_cutover.config.load import load_config
from pytest_cutover.normalize.body import Body
from pytest_cutover.normalize.matchers import (
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Placeholder,
    Template,
)
from pytest_cutover.normalize.normalized import (
    Golden,
    NormalizedExchange,
    NormalizedResponse,
)
from tests.reference.runs import ROOT
from tests.reference.scenarios import VARIABLE

CONFIG = load_config(ROOT)
RULES = rules_of(CONFIG)
ACCEPTED = load_accepted(ROOT / "cutover-accepted.toml")
PROFILES = profiles_of(CONFIG.target("quick"))


@cache
def goldens() -> dict[str, Golden]:
    files = (ROOT / "snapshots").rglob("*.json")
    loaded = [load(path.read_text("utf-8")) for path in files if ".snapshot" not in path.name]
    return {golden.test: golden for golden in loaded}


@cache
def standings() -> dict[Any, RuleCoverage]:
    return {one.rule: one.standing for one in audit(RULES, goldens().values())}


@pytest.fixture(scope="module")
def scenarios(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    """The scenario of each test of the suite."""
    path: Path = tmp_path_factory.mktemp("collected") / "scenarios.json"
    subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "tests.reference.scenarios"],
        cwd=ROOT,
        env={**os.environ, VARIABLE: str(path)},
        stdout=subprocess.DEVNULL,
        timeout=120,
        check=True,
    )
    found: dict[str, str | None] = json.loads(path.read_text("utf-8"))
    return found


def concerned(
    entry: Entry, scenarios: dict[str, str | None]
) -> dict[str, list[NormalizedExchange]]:
    """The tests in the entry's scope, with their exchanges that it is about."""
    endpoint = entry.signature.partition(" | ")[0]
    return {
        test: [seen for seen in golden.exchanges if seen.endpoint == endpoint]
        for test, golden in goldens().items()
        if test in scenarios and entry.in_scope(test, scenarios[test])
    }


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: str(rule.id))
def test_a_rule_still_constrains_what_it_names(rule: Any) -> None:
    assert standings()[rule] == RuleCoverage.LIVE


def by_signature(entry: Entry) -> str:
    return f"{entry.signature} [{entry.place}]"


entries = pytest.mark.parametrize("entry", ACCEPTED.entries, ids=by_signature)
# What only generated requests provoke has no test in its scope; `test_fuzz` holds those entries.
of_tests = pytest.mark.parametrize(
    "entry", [one for one in ACCEPTED.entries if not one.of_generated], ids=by_signature
)


@of_tests
def test_an_entry_is_about_a_request_of_a_test_in_its_scope(
    entry: Entry, scenarios: dict[str, str | None]
) -> None:
    assert any(concerned(entry, scenarios).values())


@entries
def test_the_same_difference_outside_of_the_scope_is_a_finding(
    entry: Entry, scenarios: dict[str, str | None]
) -> None:
    """Only where no other entry has agreed to it."""
    outside = [
        (test, scenario)
        for test, scenario in scenarios.items()
        if not any(
            one.signature == entry.signature and one.in_scope(test, scenario)
            for one in ACCEPTED.entries
        )
    ]
    assert outside
    assert not any(
        ACCEPTED.covering(entry.signature, test, scenario, entry.expires)
        for test, scenario in outside
    )


@of_tests
def test_another_difference_within_the_scope_is_a_finding(
    entry: Entry, scenarios: dict[str, str | None]
) -> None:
    hidden, caught = [], 0
    for test, exchanges in concerned(entry, scenarios).items():
        for seen in exchanges:
            for what, difference in mutated(seen):
                covering = ACCEPTED.covering(
                    difference.signature, test, scenarios[test], entry.expires
                )
                caught += covering is None
                if covering is not None and not agreed(what, difference):
                    hidden.append((test, what, difference.signature))
    assert caught
    assert hidden == []


def agreed(what: str, difference: Difference) -> bool:
    """Whether a mutation is, by itself, the very thing that was agreed to."""
    change = f"{difference.kind} {difference.pointer} {difference.change}"
    return what == change


# What a candidate may do wrong, and what is then found -------------------------------------------


def mutated(seen: NormalizedExchange) -> Iterator[tuple[str, Difference]]:
    """Every mutation of a recorded answer by its name, with each difference that it shows."""
    assert seen.response is not None
    plain = replace(
        seen.response,
        headers=spoken(seen.response.headers),
        body=replace(seen.response.body, tree=spoken(seen.response.body.tree)),
    )
    scope = Scope(0, seen.endpoint, Excerpts(()))
    active = RULES.at(seen.endpoint)
    for what, answer in mutations(plain):
        found = compare_responses(scope, seen.response, plain, answer, active, PROFILES)
        for difference in found.differences:
            yield what, difference


def mutations(answer: NormalizedResponse) -> Iterator[tuple[str, NormalizedResponse]]:
    was = answer.status
    for status in (200, 201, 204, 400, 404, 405, 409, 422, 500, 503):
        yield f"status  {was} → {status}", replace(answer, status=status)
    headers = answer.headers
    assert isinstance(headers, dict)
    yield "header added", replace(answer, headers={**headers, "x-new": "1"})
    for name in headers:
        rest = {key: value for key, value in headers.items() if key != name}
        yield f"no header {name}", replace(answer, headers=rest)
        yield f"other header {name}", replace(answer, headers={**rest, name: "other"})
    tree = answer.body.tree
    if isinstance(tree, dict):
        yield "member added", with_tree(answer, {**tree, "surplus": None})
        for key, value in tree.items():
            rest = {name: one for name, one in tree.items() if name != key}
            gone = f"missing /{key} {'string' if isinstance(value, str) else '?'} → absent"
            yield gone, with_tree(answer, rest)
            yield f"other type /{key}", with_tree(answer, {**tree, key: [value]})
            yield f"other value /{key}", with_tree(answer, {**tree, key: "\ufdd2"})


def with_tree(answer: NormalizedResponse, tree: Any) -> NormalizedResponse:
    return replace(answer, body=Body(answer.body.kind, tree, answer.body.problems))


def spoken(pattern: Any) -> Any:
    """A pattern as a baseline may say it: words in the place of symbols."""
    if isinstance(pattern, Placeholder | Template):
        return "volatile"
    if isinstance(pattern, ObjectPattern):
        return {key: spoken(value) for key, value in pattern.members.items()}
    if isinstance(pattern, ArrayPattern):
        return [spoken(item) for item in pattern.items]
    if isinstance(pattern, ArrayOf):
        return [spoken(pattern.item)]
    if isinstance(pattern, dict):
        return {key: spoken(value) for key, value in pattern.items()}
    return [spoken(item) for item in pattern] if isinstance(pattern, list) else pattern
