"""The candidate's transcript beside the baseline's, or beside the golden: what departs.

`compare` is the judgement of a run, `compare_with_golden` that of a run without a baseline (and,
with the baseline observed, whether the golden is stale). Both give a `Comparison`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pytest_cutover.backends.exchange import Exchange, FailureKind, Transcript
from pytest_cutover.parity.canonical import Golden, Seen, SeenResponse, Substitution, see
from pytest_cutover.parity.difference import Difference, Kind
from pytest_cutover.parity.excerpts import Excerpts
from pytest_cutover.parity.identity import Observation, confusions
from pytest_cutover.parity.noise import trees
from pytest_cutover.parity.pattern import EXACT, is_plain, symbols
from pytest_cutover.parity.profiles import NO_PROFILES, Profiles
from pytest_cutover.parity.responses import compare_responses
from pytest_cutover.parity.rules import NO_RULES, Rules, places
from pytest_cutover.parity.walk import Scope, Walk, pointer

__all__ = ["Comparison", "Difference", "Kind", "compare", "compare_with_golden"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two transcripts.

    `inconclusive` says why nothing can be concluded (from some exchange on), else it is None.
    `rules_used` are the ids of the rules whose pointer named a place here; `volatile` counts the
    symbols under which the comparison was made. `requests_differ`: the comparison ended early,
    because the test did not send the same request to both sides.
    """

    differences: tuple[Difference, ...] = ()
    inconclusive: str | None = None
    rules_used: frozenset[str] = frozenset()
    volatile: int = 0
    requests_differ: bool = False


def compare(
    baseline: Transcript,
    candidate: Transcript,
    *,
    golden: Golden,
    rules: Rules = NO_RULES,
    profiles: Profiles = NO_PROFILES,
    shared_state: bool = True,
) -> Comparison:
    """The candidate beside the live baseline, under the noise that the golden knows.

    `shared_state`: both sides look at the same data, so that ids of seeded rows must be the same.
    """
    unread = _unread(baseline, candidate, golden, rules)
    judge = _Judge(
        see(baseline, unread=unread),
        see(candidate, unread=unread),
        golden.exchanges,
        rules=rules,
        profiles=profiles,
        excerpts=Excerpts(baseline.secrets | candidate.secrets),
        shared_state=shared_state,
    )
    return judge.comparison()


def compare_with_golden(
    golden: Golden,
    observed: Transcript,
    *,
    rules: Rules = NO_RULES,
    profiles: Profiles = NO_PROFILES,
) -> Comparison:
    """A transcript beside the golden itself: literals, formats and identity."""
    judge = _Judge(
        golden.exchanges,
        see(observed),
        golden.exchanges,
        rules=rules,
        profiles=profiles,
        excerpts=Excerpts(observed.secrets),
        shared_state=False,
    )
    return judge.comparison()


_CHANGES_ITSELF = "does it use a value that changes by itself?"
_RECORD = "if that is meant, record it again: pytest --snapshot-update"


class _Judge:
    """One comparison, exchange by exchange."""

    def __init__(
        self,
        baseline: tuple[Seen, ...],
        candidate: tuple[Seen, ...],
        masks: tuple[Seen, ...],
        *,
        rules: Rules,
        profiles: Profiles,
        excerpts: Excerpts,
        shared_state: bool,
    ) -> None:
        self._baseline, self._candidate, self._masks = baseline, candidate, masks
        self._rules, self._profiles, self._excerpts = rules, profiles, excerpts
        self._shared_state = shared_state
        self._differences: list[Difference] = []
        self._observations: list[Observation] = []
        self._inconclusive: str | None = None
        self._requests_differ = False
        self._other_side, self._other_advice = "to the baseline", _CHANGES_ITSELF
        if baseline is masks:
            self._other_side, self._other_advice = "is recorded", _RECORD

    def comparison(self) -> Comparison:
        """The whole judgement."""
        reached = 0
        pairs = zip(self._baseline, self._candidate, strict=False)
        for index, (base, cand) in enumerate(pairs):
            if not self._exchange(index, base, cand):
                break
            reached = index + 1
        else:
            self._lengths()
        self._identity()
        self._differences.sort(key=lambda d: d.exchange)
        return Comparison(
            tuple(self._differences),
            self._inconclusive,
            self._rules_used(reached),
            sum(1 for seen in self._masks for tree in trees(seen) for _ in symbols(tree)),
            self._requests_differ,
        )

    def _exchange(self, index: int, base: Seen, cand: Seen) -> bool:
        """Compare one exchange; False where what follows is no longer comparable."""
        if base.failure is not None or base.response is None:
            why = base.failure.message if base.failure else "no response"
            return self._stop(f"the baseline failed at {base.endpoint}: {why}")
        mask = self._masks[index] if index < len(self._masks) else None
        if not self._same_request(index, mask, base, cand):
            self._requests_differ = True
            return self._stop(
                f"the test sent another request than {self._other_side} where {base.endpoint} was"
                f" to come (exchange {index + 1}), though nothing differed before;"
                f" {self._other_advice}"
            )
        scope = self._scope(index, base, cand)
        if cand.failure is not None or cand.response is None:
            kind = cand.failure.kind if cand.failure else FailureKind.RESET
            truncated = kind is FailureKind.TRUNCATED
            change = "whole → truncated" if truncated else f"answer → {kind}"
            shown = cand.failure.message if cand.failure else None
            self._differences.append(
                Difference(
                    index,
                    base.endpoint,
                    Kind.WIRE,
                    "",
                    change,
                    f"{base.response.status}",
                    None if shown is None else self._excerpts.of(shown),
                )
            )
            return True
        masked = mask.response if mask is not None else None
        active = self._rules.at(base.endpoint)
        found = compare_responses(
            scope,
            masked,
            base.response,
            cand.response,
            active,
            self._profiles.beside(base.response.headers, cand.response.headers),
        )
        self._differences += found.differences
        self._observations += found.observations
        return True

    def _stop(self, why: str) -> bool:
        if not self._differences:
            self._inconclusive = why
        return False

    def _scope(self, index: int, base: Seen, cand: Seen, *, request: bool = False) -> Scope:
        return Scope(
            index,
            base.endpoint,
            self._excerpts,
            shared_state=self._shared_state,
            in_request=request,
            clock_s=(base.ended_s, cand.ended_s),
        )

    def _same_request(self, index: int, mask: Seen | None, base: Seen, cand: Seen) -> bool:
        one, other = base.request, cand.request
        known = mask.request if mask is not None else None
        if one.method != other.method or one.body.kind is not other.body.kind:
            return False
        walk = Walk(self._scope(index, base, cand, request=True))
        walk.visit(known.target if known else EXACT, one.target, other.target)
        walk.visit(known.headers if known else EXACT, one.headers, other.headers)
        body = known.body if known and known.body.kind is one.body.kind else None
        walk.visit(body.tree if body else EXACT, one.body.tree, other.body.tree)
        self._observations += walk.observations
        return not walk.differences

    def _lengths(self) -> None:
        """One side had more exchanges: a difference unless it follows from an earlier one."""
        left, right = len(self._baseline), len(self._candidate)
        if left == right or self._differences:
            return
        index = min(left, right)
        endpoint = (self._baseline if left > right else self._candidate)[index].endpoint
        change = "longer" if right > left else "shorter"
        self._differences.append(
            Difference(
                index, endpoint, Kind.LENGTH, "", change, f"{left} requests", f"{right} requests"
            )
        )

    def _identity(self) -> None:
        for wrong in confusions(self._observations):
            at = wrong.observation
            self._differences.append(
                Difference(
                    at.scope.exchange,
                    at.scope.endpoint,
                    Kind.IDENTITY,
                    pointer(at.path, in_headers=at.scope.in_headers),
                    wrong.change,
                    None if wrong.expected is None else self._excerpts.of(wrong.expected),
                    self._excerpts.of(at.value),
                )
            )

    def _rules_used(self, reached: int) -> frozenset[str]:
        used = {
            rule.id
            for side in (self._baseline, self._candidate)
            for seen in side[:reached]
            for rule in self._rules.rules
            if rule.concerns(seen.endpoint)
            and seen.response is not None
            and _names_a_place(rule.tokens, seen.response)
        }
        return frozenset(used)


def _names_a_place(tokens: tuple[str, ...], response: SeenResponse) -> bool:
    if next(places(response.body.tree, tokens), None) is not None:
        return True
    headers = tokens[1:] if tokens[:1] == ("headers",) else None
    return headers is not None and next(places(response.headers, headers), None) is not None


def _unread(
    baseline: Transcript, candidate: Transcript, golden: Golden, rules: Rules
) -> frozenset[int]:
    """The exchanges whose bodies need not be read: equal bytes, and no noise to look into."""
    if rules.rules:
        return frozenset()
    left, right = Substitution.of(baseline), Substitution.of(candidate)
    pairs = list(zip(baseline.exchanges, candidate.exchanges, strict=False))
    equal = [_equal_bodies(one, other, left, right) for one, other in pairs]
    if all(equal) and len(baseline.exchanges) == len(candidate.exchanges):
        same = all(_equal_heads(one, other, left, right) for one, other in pairs)
    else:
        same = False
    masks = golden.exchanges
    return frozenset(
        index
        for index, yes in enumerate(equal)
        if yes and (same or (index < len(masks) and _no_noise(masks[index])))
    )


def _no_noise(mask: Seen) -> bool:
    return mask.response is not None and is_plain(mask.response.body.tree)


def _equal_bodies(one: Exchange, other: Exchange, left: Substitution, right: Substitution) -> bool:
    if one.response is None or other.response is None:
        return False
    if one.response.header("content-type") != other.response.header("content-type"):
        return False
    return left.body(one.response.body) == right.body(other.response.body)


def _equal_heads(one: Exchange, other: Exchange, left: Substitution, right: Substitution) -> bool:
    """Whether all but the bodies and the date are equal, so that no id can be confused."""

    def head(exchange: Exchange, substitution: Substitution) -> tuple[Any, ...]:
        assert exchange.response is not None
        headers = [
            (name.lower(), value)
            for name, value in substitution.headers(exchange.response.headers)
            if name.lower() != "date"
        ]
        request = exchange.request
        return (
            request.method,
            substitution.text(request.target),
            substitution.body(request.body),
            exchange.response.status,
            headers,
        )

    return head(one, left) == head(other, right)
