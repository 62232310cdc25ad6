"""The candidate's transcript beside the baseline's, or beside the golden: what departs.

`compare` is the judgement of a run, `compare_with_golden` that of a run without a baseline (and,
with the baseline observed, whether the golden is stale). Both give a `Comparison`.
"""

from __future__ import annotations

from dataclasses import dataclass

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.identity import Observation, confusions
from pytest_cutover.compare.diff.profiles import NO_PROFILES, Profiles
from pytest_cutover.compare.diff.responses import compare_responses
from pytest_cutover.compare.diff.rules import NO_RULES, Rules, places
from pytest_cutover.compare.diff.truncate import Excerpts
from pytest_cutover.compare.diff.walker import Scope, Walker, pointer
from pytest_cutover.compare.noise.matchers import EXACT, count_of_symbols
from pytest_cutover.compare.noise.model import trees
from pytest_cutover.compare.normalize.fast_path import read_together, unread
from pytest_cutover.compare.normalize.normalized import (
    Golden,
    NormalizedExchange,
    NormalizedResponse,
    normalize,
)
from pytest_cutover.compare.normalize.substitution import Substitution
from pytest_cutover.core.exchange import FailureKind, Transcript

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
    left, right = Substitution.of(baseline), Substitution.of(candidate)
    skipped = frozenset() if rules.rules else unread(baseline, candidate, golden, (left, right))
    if skipped is None:
        return Comparison(volatile=_volatile(golden.exchanges))
    twins = read_together(baseline, candidate, golden, rules, (left, right))
    ours = {index: pair.left for index, pair in twins.items()}
    theirs = {index: pair.right for index, pair in twins.items()}
    judge = _Judge(
        normalize(baseline, unread=skipped, parsers=ours, substitution=left),
        normalize(candidate, unread=skipped, parsers=theirs, substitution=right),
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
        normalize(observed),
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
        baseline: tuple[NormalizedExchange, ...],
        candidate: tuple[NormalizedExchange, ...],
        masks: tuple[NormalizedExchange, ...],
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
            _volatile(self._masks),
            self._requests_differ,
        )

    def _exchange(self, index: int, base: NormalizedExchange, cand: NormalizedExchange) -> bool:
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

    def _scope(
        self,
        index: int,
        base: NormalizedExchange,
        cand: NormalizedExchange,
        *,
        request: bool = False,
    ) -> Scope:
        return Scope(
            index,
            base.endpoint,
            self._excerpts,
            shared_state=self._shared_state,
            in_request=request,
            clock_s=(base.ended_s, cand.ended_s),
        )

    def _same_request(
        self,
        index: int,
        mask: NormalizedExchange | None,
        base: NormalizedExchange,
        cand: NormalizedExchange,
    ) -> bool:
        one, other = base.request, cand.request
        known = mask.request if mask is not None else None
        if one.method != other.method or one.body.kind is not other.body.kind:
            return False
        walk = Walker(self._scope(index, base, cand, request=True))
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


def _volatile(masks: tuple[NormalizedExchange, ...]) -> int:
    return sum(count_of_symbols(tree) for seen in masks for tree in trees(seen))


def _names_a_place(tokens: tuple[str, ...], response: NormalizedResponse) -> bool:
    if next(places(response.body.tree, tokens), None) is not None:
        return True
    headers = tokens[1:] if tokens[:1] == ("headers",) else None
    return headers is not None and next(places(response.headers, headers), None) is not None
