"""From the configuration's tables to the values that the pure part of parity works with."""

from __future__ import annotations

from pytest_cutover.compare.diff.profiles import PROFILES, Profiles
from pytest_cutover.compare.diff.rule_coverage import RuleCoverage, audit
from pytest_cutover.compare.rules import Mode, Rule, Rules
from pytest_cutover.config.model import Config, RuleKind
from pytest_cutover.config.target import Target
from pytest_cutover.core.errors import Mistake, MistakesError, did_you_mean
from pytest_cutover.core.evidence import RunEvidence
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.report import model


def rules_of(config: Config) -> Rules:
    """Return the parity rules of a configuration, in its order."""
    return Rules(
        tuple(
            Rule(
                pointer=rule.pointer,
                mode=Mode(rule.kind.value),
                endpoint=str(rule.endpoint),
                key=rule.unordered if isinstance(rule.unordered, str) else "",
                absolute=rule.tolerance.absolute if rule.tolerance else 0.0,
                relative=rule.tolerance.relative if rule.tolerance else 0.0,
                reason=rule.reason,
            )
            for rule in config.parity.rules
            if rule.kind in RuleKind
        )
    )


def profiles_of(target: Target) -> Profiles:
    """Return the framework profiles of both sides; where none is named, they are recognised.

    The profile `process` is of no framework, and stands back where a twin can be asked.
    """
    names = dict.fromkeys((*target.baseline.profile, *target.candidate.profile))
    process = ["process"] if "process" in names else []
    frameworks = [name for name in names if name != "process"]
    if target.baseline.launched or target.baseline.twin_url:
        process = []
    for side in ("baseline", "candidate"):
        for name in getattr(target, side).profile:
            if name not in PROFILES:
                raise MistakesError(
                    "cutover.toml",
                    [
                        Mistake(
                            key=f"targets.{target.name}.{side}.profile",
                            what=f"no profile has the name {name}",
                            valid=", ".join(sorted(PROFILES)),
                            suggestion=did_you_mean(name, PROFILES),
                            advice="name the framework of this side, or remove the key: without "
                            "it the framework is recognised",
                        )
                    ],
                )
    known = Profiles.named(*frameworks, *process)
    return known if frameworks else Profiles(known.profiles, by_signature=True)


def rule_report(rules: Rules, evidence: RunEvidence) -> tuple[model.RuleReport, ...]:
    """Return what each rule did in a run: in how many tests it named a place, and whether it
    constrains.

    A rule is vacuous where it applied somewhere and no change of a value would have been caught.
    """
    caught = {rule for one in evidence.tests for rule in one.rules_caught}
    dead = {rule for one in evidence.tests for rule in one.rules_dead} - caught
    return tuple(
        model.RuleReport(
            endpoint=rule.endpoint,
            pointer=rule.pointer,
            rule=str(rule.mode),
            matched=sum(rule.id in one.rules_used for one in evidence.tests),
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
