"""A rule that constrains nothing any more is reported, not carried along."""

from __future__ import annotations

import pytest

from pytest_cutover.compare.diff.rule_coverage import RuleCoverage, audit
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.compare.noise.rules import Mode, Rule, Rules
from tests.unit.compare.building import JSON_HEADERS, exchange, transcript

ANSWERS = transcript(
    exchange(
        {"weight_kg": 500.5, "at": "2026-03-02T00:00:00Z", "note": "a word", "n": 3,
         "parents": [{"id": 1}, {"id": 2}], "none": []},
        headers=(*JSON_HEADERS, ("X-Cost", "12")),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule("/weight_kg", Mode.TOLERANCE, absolute=0.01), RuleCoverage.LIVE),
        (Rule("/weight_kg", Mode.TOLERANCE, absolute=1e12), RuleCoverage.DEAD),
        (Rule("/weight_kg", Mode.SAME_NUMBER), RuleCoverage.LIVE),
        (Rule("/at", Mode.SAME_INSTANT), RuleCoverage.LIVE),
        (Rule("/note", Mode.SAME_INSTANT), RuleCoverage.IDLE),
        (Rule("/note", Mode.VOLATILE), RuleCoverage.DEAD),
        (Rule("/at", Mode.VOLATILE), RuleCoverage.LIVE),
        (Rule("/n", Mode.VOLATILE), RuleCoverage.LIVE),
        (Rule("/parents", Mode.UNORDERED, key="/id"), RuleCoverage.LIVE),
        (Rule("/none", Mode.UNORDERED), RuleCoverage.LIVE),
        (Rule("/note", Mode.UNORDERED), RuleCoverage.IDLE),
        (Rule("/nowhere", Mode.SAME_NUMBER), RuleCoverage.UNMATCHED),
        (Rule("/n", Mode.SAME_NUMBER, endpoint="POST *"), RuleCoverage.UNMATCHED),
        (Rule("/headers/x-cost", Mode.VOLATILE), RuleCoverage.LIVE),
        (Rule("/note", Mode.IGNORE, reason="words"), RuleCoverage.LIVE),
        (Rule("/gone", Mode.IGNORE, reason="words"), RuleCoverage.UNMATCHED),
    ],
)
def test_the_standing_of_a_rule(rule: Rule, expected: RuleCoverage) -> None:
    found = audit(Rules((rule,)), [ANSWERS])
    assert [expected] == [one.standing for one in found]
    recorded = audit(Rules((rule,)), [learn(ANSWERS, ANSWERS)])
    assert [expected] == [one.standing for one in recorded]


def test_a_rule_under_a_wider_ignore_is_dead() -> None:
    rules = Rules((Rule("/*", Mode.IGNORE, reason="all"), Rule("/n", Mode.SAME_NUMBER)))
    assert [RuleCoverage.LIVE, RuleCoverage.DEAD] == [
        one.standing for one in audit(rules, [ANSWERS])
    ]
