"""Whether a rule still constrains anything: dead assertions are how suites rot.

Each value that a rule names is mutated within its type and compared with itself under all rules.
A rule under which nothing is ever found is dead. `ignore` is dead by intent and only asked whether
it names a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.truncate import Excerpts
from pytest_cutover.compare.diff.walker import Walker
from pytest_cutover.compare.noise import constraints, formats
from pytest_cutover.compare.noise.rules import Active, Mode, Rule, Rules, descend, members, places
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.matchers import (
    ArrayOf,
    ArrayPattern,
    ObjectPattern,
    Placeholder,
    Template,
)
from pytest_cutover.normalize.normalized import Golden, NormalizedExchange, normalize

ENOUGH_PLACES = 50


class RuleCoverage(StrEnum):
    """What a rule does."""

    LIVE = "live"  # it applies, and departures are still found
    DEAD = "dead"  # no departure would be found
    IDLE = "idle"  # it names values, but none of the kind it is about
    UNMATCHED = "unmatched"  # it names nothing


@dataclass(frozen=True, slots=True)
class RuleAudit:
    """One rule, what it does, and how many places it named (up to 50 are looked at)."""

    rule: Rule
    standing: RuleCoverage
    matched: int


def audit(rules: Rules, evidence: Iterable[Transcript | Golden]) -> tuple[RuleAudit, ...]:
    """Return what each rule does on the recorded or observed answers, in the order of the rules."""
    exchanges = [
        seen
        for one in evidence
        for seen in (one.exchanges if isinstance(one, Golden) else normalize(one))
    ]
    return tuple(_audited(rule, rules, exchanges) for rule in rules.rules)


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


def _audited(rule: Rule, rules: Rules, exchanges: list[NormalizedExchange]) -> RuleAudit:
    matched, applies, alive = 0, False, False
    for tree, path, active in _places(rule, rules, exchanges):
        matched += 1
        value = _at(tree, path)
        if rule.mode is not Mode.IGNORE and _applies(rule, value):
            applies = True
            alive = alive or any(
                _caught(tree, path, new, active) for new in _mutations(value, rule.mode)
            )
        if matched >= ENOUGH_PLACES:
            break
    if not matched:
        return RuleAudit(rule, RuleCoverage.UNMATCHED, 0)
    if rule.mode is Mode.IGNORE or alive:
        return RuleAudit(rule, RuleCoverage.LIVE, matched)
    return RuleAudit(rule, RuleCoverage.DEAD if applies else RuleCoverage.IDLE, matched)


def _places(
    rule: Rule, rules: Rules, exchanges: list[NormalizedExchange]
) -> Iterator[tuple[Any, tuple[str, ...], Active | None]]:
    """Yield the trees, the paths in them that the rule names, and all rules at the root of the
    tree.
    """
    for seen in exchanges:
        if seen.response is None or not rule.concerns(seen.endpoint):
            continue
        active = rules.at(seen.endpoint)
        for path in places(seen.response.body.tree, rule.tokens):
            yield seen.response.body.tree, path, active
        if rule.tokens[:1] in (("headers",), ("**",)):
            rest = rule.tokens[1:] if rule.tokens[0] == "headers" else rule.tokens
            for path in places(seen.response.headers, rest):
                yield seen.response.headers, path, descend(active, "headers")


def _applies(rule: Rule, value: Any) -> bool:
    name = value.formats[0] if isinstance(value, Placeholder) else ""
    if rule.mode is Mode.UNORDERED:
        return isinstance(value, list | ArrayPattern)
    if rule.mode is Mode.SAME_INSTANT:
        return name.startswith(("timestamp", "http-date")) or (
            isinstance(value, str) and formats.instant_s(value) is not None
        )
    if rule.mode in (Mode.SAME_NUMBER, Mode.TOLERANCE):
        return isinstance(value, bytes) or (name != "" and constraints.type_named(name) == "number")
    return not isinstance(value, list | dict | ArrayPattern | ObjectPattern | ArrayOf)


def _mutations(value: Any, mode: Mode) -> list[Any]:
    """Other values, of the same type where the type has more than a few."""
    if isinstance(value, Placeholder):
        return _of_symbol(value)
    if isinstance(value, bytes):
        digits = value.lstrip(b"-")
        others = [b"0.5", b"-" + digits, b"12345678901", b"1" + digits]
        return others if mode is Mode.TOLERANCE else [*others, "1"]
    if isinstance(value, str | Template):
        shown = value if isinstance(value, str) else "text"
        moment = formats.format_of(shown).startswith(("timestamp", "http-date"))
        return ["no such value", *(["2001-02-03T04:05:06Z"] if moment else [])]
    if isinstance(value, list | ArrayPattern):
        items = list(value.items) if isinstance(value, ArrayPattern) else value
        return [items[1:] if items else ["added"]]
    return [not value] if isinstance(value, bool) else ["no such value"]


def _of_symbol(symbol: Placeholder) -> list[Any]:
    if any(constraints.type_named(name) == "string" for name in symbol.formats):
        return ["no such value"]
    return ["1", b"0.5"]


def _caught(tree: Any, path: tuple[str, ...], new: Any, active: Active | None) -> bool:
    """Whether the walk finds the mutated tree different, looking at this place only."""
    value = _at(tree, path)
    for token in path:
        active = descend(active, token)
    walk = Walker(Scope(0, "", Excerpts(()), shared_state=False), probing=True)
    walk.visit(value, value, new, (), active)
    return bool(walk.differences)


def _at(tree: Any, path: tuple[str, ...]) -> Any:
    for token in path:
        tree = dict(members(tree))[token]
    return tree
