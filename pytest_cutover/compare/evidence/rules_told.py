"""What the rules of a run did: where they named a place, and whether they would catch a change."""

from __future__ import annotations

from collections.abc import Collection

from pytest_cutover.compare.diff.rule_coverage import RuleCoverage, audit
from pytest_cutover.compare.noise.rules import Rules
from pytest_cutover.core.evidence import TestEvidence
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.report import model


def rule_report(rules: Rules, tests: Collection[TestEvidence]) -> tuple[model.RuleReport, ...]:
    """Return what each rule did in a run: in how many tests it named a place, and whether it
    constrains.

    A rule is vacuous where it applied somewhere and no change of a value would have been caught.
    """
    caught = {rule for one in tests for rule in one.rules_caught}
    dead = {rule for one in tests for rule in one.rules_dead} - caught
    return tuple(
        model.RuleReport(
            endpoint=rule.endpoint,
            pointer=rule.pointer,
            rule=str(rule.mode),
            matched=sum(rule.id in one.rules_used for one in tests),
            reason=rule.reason,
            vacuous=rule.id in dead,
        )
        for rule in rules.rules
    )


def standing(rules: Rules, heard: Transcript) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the rules under which a change of this transcript would be caught, and of
    those under which none would.
    """
    if not rules.rules:
        return (), ()
    audits = audit(rules, [heard])

    def of(wanted: RuleCoverage) -> tuple[str, ...]:
        return tuple(one.rule.id for one in audits if one.standing is wanted)

    return of(RuleCoverage.LIVE), of(RuleCoverage.DEAD)
