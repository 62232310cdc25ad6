"""The candidate's transcript beside the baseline's, or beside the golden: what departs.

`compare` is the judgement of a run, `compare_with_golden` that of a run without a baseline (and,
with the baseline observed, whether the golden is stale). Both give a `Comparison`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, Final

from pytest_cutover.compare.diff.account import Account, Fate
from pytest_cutover.compare.diff.alignment import align, masks_of
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.drawn import Drawn, drawn_members
from pytest_cutover.compare.diff.echoes import sent_beside
from pytest_cutover.compare.diff.fast_path import after_a_write, in_step, read_together, unread
from pytest_cutover.compare.diff.identity import Observation, confusions
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.ids.derived import Derived, sent_to_both
from pytest_cutover.compare.diff.ids.encoded_ids import ids_shown
from pytest_cutover.compare.diff.ids.id_slots import IdSlots
from pytest_cutover.compare.diff.ids_given import IdsGiven
from pytest_cutover.compare.diff.launched import NOT_LAUNCHED, Launched
from pytest_cutover.compare.diff.numbers import Numbers
from pytest_cutover.compare.diff.places import pointer
from pytest_cutover.compare.diff.profiles import NO_PROFILES, Profiles
from pytest_cutover.compare.diff.responses import compare_responses
from pytest_cutover.compare.diff.scope import Scope
from pytest_cutover.compare.diff.taken_apart import Bodies
from pytest_cutover.compare.diff.truncate import Excerpts
from pytest_cutover.compare.diff.uploads import GivenBack, sent_before
from pytest_cutover.compare.diff.walker import Walker
from pytest_cutover.compare.noise.rules import NO_RULES, Rules, places
from pytest_cutover.core.exchange import READS, FailureKind, Transcript
from pytest_cutover.normalize.matchers import EXACT
from pytest_cutover.normalize.normalized import (
    Golden,
    NormalizedExchange,
    NormalizedResponse,
    normalize,
)
from pytest_cutover.normalize.substitution import Substitution

__all__ = [
    "Comparison",
    "Difference",
    "Kind",
    "RoundContext",
    "compare",
    "compare_with_golden",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundContext:
    """What is known of a round beside its two transcripts.

    `known`: pairs of values that earlier tests gave out. `later`: what the baseline answered in
    its next round, for rows that were written meanwhile; in the last round (`is_last_round`) in the
    one before; `theirs`: what the candidate did then. `same_side`: both are the baseline. `bodies`
    are those of the test that were taken apart before, where somebody keeps them.
    """

    known: Correspondence | None = None
    later: Transcript | None = None
    theirs: Transcript | None = None
    is_last_round: bool = False
    same_side: bool = False
    bodies: Bodies | None = None


ALONE: Final = RoundContext()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What came of comparing two transcripts.

    `inconclusive` says why an exchange could not be judged, else it is None. `rules_used` are the
    ids of the rules whose pointer named a place here. `requests_differ`: the test did not send the
    same request to both sides, though nothing had differed before. `values` are the pairs of values
    that are known after it, as the next comparison is given them; of one side there are none.
    """

    differences: tuple[Difference, ...] = ()
    inconclusive: str | None = None
    rules_used: frozenset[str] = frozenset()
    requests_differ: bool = False
    account: Account = field(default_factory=Account)
    values: Correspondence = field(default_factory=Correspondence)
    numbers: Numbers = field(default_factory=Numbers)
    of_rounds: bool = False
    is_guess: bool = False


def compare(
    baseline: Transcript,
    candidate: Transcript,
    context: RoundContext = ALONE,
    *,
    golden: Golden,
    rules: Rules = NO_RULES,
    profiles: Profiles = NO_PROFILES,
    shared_state: bool = True,
    launched: Launched = NOT_LAUNCHED,
    others_write: bool = False,
) -> Comparison:
    """Return the candidate beside the live baseline, under the noise that the golden knows.

    `shared_state`: both sides look at the same data, so that ids of seeded rows must be the same.
    `launched`: when and where both sides were started, where that is known. `others_write`: other
    workers run tests too.
    """
    left = Substitution.of(baseline, candidate)
    right = Substitution.of(candidate, baseline)
    values = context.known.copy() if context.known is not None else Correspondence()
    values.generated(
        (one.value, other.value)
        for one, other in zip(baseline.generated, candidate.generated, strict=False)
    )
    quick = in_step(baseline, candidate) and not rules.rules
    skipped = unread(baseline, candidate, golden, (left, right)) if quick else frozenset()
    if skipped is None:
        account = Account()
        for exchange in baseline.exchanges:
            account.note(exchange.endpoint, Fate.EXACT)
        return Comparison(account=account, values=values.carried())
    if skipped and not shared_state:
        skipped -= after_a_write(baseline)
    together = read_together(baseline, candidate, golden, rules, (left, right), context.bodies)
    ours = {index: pair.left for index, pair in together.items()}
    theirs = {index: pair.right for index, pair in together.items()}
    masks = golden.exchanges
    one, other = (
        normalize(baseline, unread=skipped, parsers=ours, substitution=left, recorded=masks),
        normalize(candidate, unread=skipped, parsers=theirs, substitution=right, recorded=masks),
    )
    made = left.made, right.made
    judge = _Judge(
        one,
        other,
        masks,
        rules=rules,
        profiles=profiles,
        excerpts=Excerpts(baseline.secrets | candidate.secrets),
        shared_state=shared_state,
        values=values,
        beside=context.later if context.later and in_step(baseline, context.later) else None,
        is_last_round=context.is_last_round,
        same_side=context.same_side,
        launched=launched,
        sides=(left, right),
        derived=Derived(partial(sent_to_both, baseline, candidate, (one, other), made), values.now),
        others_write=others_write,
        upload=partial(sent_before, baseline.exchanges, candidate.exchanges),
        beside_it=partial(sent_beside, baseline.exchanges, candidate.exchanges),
    )
    return judge.comparison()


def compare_with_golden(
    golden: Golden,
    observed: Transcript,
    *,
    rules: Rules = NO_RULES,
    profiles: Profiles = NO_PROFILES,
) -> Comparison:
    """Return a transcript beside the golden itself: literals, formats and identity."""
    found = Substitution.of(observed)
    judge = _Judge(
        golden.exchanges,
        normalize(observed, substitution=found, recorded=golden.exchanges),
        golden.exchanges,
        rules=rules,
        profiles=profiles,
        excerpts=Excerpts(observed.secrets),
        shared_state=False,
        values=Correspondence(),
        sides=(_NO_VALUES, found),
    )
    return judge.comparison()


_NO_VALUES = Substitution(())
_CHANGES_ITSELF = "does it use a value that changes by itself?"
_RECORD = "if that is meant, record it again: pytest --snapshot-update"
_ANOTHER_REQUEST = "the test sent another request to each side"


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
        values: Correspondence,
        beside: Transcript | None = None,
        is_last_round: bool = False,
        same_side: bool = False,
        launched: Launched = NOT_LAUNCHED,
        sides: tuple[Substitution, Substitution] = (_NO_VALUES, _NO_VALUES),
        derived: Derived | None = None,
        others_write: bool = False,
        upload: Callable[[int, int], GivenBack] = lambda _ours, _theirs: GivenBack.BY_NONE,
        beside_it: Callable[[int, int], dict[str, str]] = lambda _ours, _theirs: {},
    ) -> None:
        self._baseline, self._candidate = baseline, candidate
        self._masks = masks_of(masks, baseline)
        self._rules, self._profiles, self._excerpts = rules, profiles, excerpts
        self._shared_state, self._values = shared_state, values
        self._later, self._is_last_round, self._same_side = beside, is_last_round, same_side
        self._beside: tuple[NormalizedExchange, ...] | None = None
        self._launched, self._upload, self._beside_it = launched, upload, beside_it
        self._made = sides[0].made, sides[1].made
        self._marked = sides[0].body, sides[1].body
        self._derived = derived or Derived(tuple, {})
        self._others_write = others_write
        self._drawn = _drawn(() if shared_state else masks)
        self._account = Account()
        self._numbers = Numbers(shared=shared_state)
        self._ids_given = IdsGiven(self._made, shared_state)
        self._differences: list[Difference] = []
        self._observations: list[Observation] = []
        self._inconclusive: str | None = None
        self._requests_differ = False
        self._is_memory = baseline is masks
        self._other_side, self._other_advice = "to the baseline", _CHANGES_ITSELF
        if self._is_memory:
            self._other_side, self._other_advice = "is recorded", _RECORD

    def comparison(self) -> Comparison:
        """Return the whole judgement."""
        pairs = align(self._baseline, self._candidate)
        lonely = {pair[0] is None for pair in pairs if None in pair}
        reached = max((place for place, pair in enumerate(pairs) if pair[1] is not None), default=0)
        for place, (ours, theirs) in enumerate(pairs):
            if ours is not None and theirs is not None:
                self._exchange(ours, theirs)
            elif len(lonely) == 2 and not self._differences:
                self._nothing_alike(ours, theirs)
            elif ours is not None and place > reached and self._differences:
                endpoint = self._baseline[ours].endpoint
                self._account.leave_open(endpoint, "", "the test went no further on the candidate")
            else:
                self._alone(ours, theirs)
        self._identity()
        self._observations.clear()  # each knows this judge: a circle that kept all known values
        self._differences.sort(key=lambda d: d.exchange)
        return Comparison(
            tuple(self._differences),
            self._inconclusive,
            self._rules_used(),
            self._requests_differ,
            self._account,
            Correspondence() if self._same_side else self._values.carried(),
            self._numbers,
            self._beside is not None,
        )

    def _exchange(self, index: int, theirs: int) -> None:
        """Compare one exchange."""
        base, cand = self._baseline[index], self._candidate[theirs]
        if base.failure is not None or base.response is None:
            why = base.failure.message if base.failure else "no response"
            self._doubt(base.endpoint, f"the baseline failed at {base.endpoint}: {why}")
            return
        mask = self._masks[index]
        if not self._same_request(index, mask, base, cand) and not self._differences:
            self._another_request(index, base.endpoint)
            return
        self._values.sent_beside(self._beside_it(index, theirs))
        scope = self._scope(index, base, cand)
        is_whole = cand.failure is None
        if not is_whole or cand.response is None:
            self._no_answer(index, base, base.response, cand)
        if cand.response is None:
            return
        found = compare_responses(
            scope,
            mask.response if mask is not None else None,
            base.response,
            cand.response,
            self._rules.at(base.endpoint),
            self._profiles.beside(base.response.headers, cand.response.headers),
            upload=self._upload(index, theirs)
            if base.response.raw != cand.response.raw
            else GivenBack.BY_NONE,
            is_whole=is_whole,
        )
        self._differences += found.differences
        self._observations += found.observations
        if not is_whole:
            return
        if not self._same_side and (scope.own_ids or not self._is_memory):
            told = {one.pointer for one in self._differences if one.exchange == scope.exchange}
            self._differences += self._ids_given.held(
                scope, base, cand, told, self._rules, names_itself=not self._is_memory
            )

    def _no_answer(
        self,
        index: int,
        base: NormalizedExchange,
        answer: NormalizedResponse,
        cand: NormalizedExchange,
    ) -> None:
        kind = cand.failure.kind if cand.failure else FailureKind.RESET
        truncated = kind is FailureKind.TRUNCATED
        change = "whole → truncated" if truncated else f"answer → {kind}"
        shown = cand.failure.message if cand.failure else None
        self._account.note(base.endpoint, Fate.DIFFERENT)
        self._differences.append(
            Difference(
                index,
                base.endpoint,
                Kind.WIRE,
                "",
                change,
                f"{answer.status}",
                None if shown is None else self._excerpts.of(shown),
            )
        )

    def _nothing_alike(self, ours: int | None, theirs: int | None) -> None:
        """Both sides were sent something that the other was not."""
        if ours is not None:
            self._another_request(ours, self._baseline[ours].endpoint)
        elif theirs is not None:
            self._another_request(theirs, self._candidate[theirs].endpoint)

    def _another_request(self, index: int, endpoint: str) -> None:
        self._requests_differ = True
        self._doubt(
            endpoint,
            f"the test sent another request than {self._other_side} where {endpoint} was to come"
            f" (exchange {index + 1}), though nothing differed before; {self._other_advice}",
            _ANOTHER_REQUEST,
        )

    def _doubt(self, endpoint: str, why: str, reason: str = "the baseline failed") -> None:
        """Leave an exchange open, and say so where nothing else explains it."""
        self._account.leave_open(endpoint, "", reason)
        if self._inconclusive is None:
            self._inconclusive = why

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
            own_ids=not self._shared_state and not self._is_memory,
            in_request=request,
            clock_s=(base.ended_s, cand.ended_s),
            values=self._values,
            account=self._account,
            numbers=self._numbers,
            beside=partial(self._body_beside, index),
            ids_shown=cache(partial(ids_shown, base.response, cand.response)),
            id_slots=cache(partial(IdSlots, base.response, cand.response, self._values)),
            is_last_round=self._is_last_round,
            same_side=self._same_side,
            launched=self._launched,
            made=self._made,
            marked=self._marked,
            derived=self._derived,
            drawn=self._drawn,
            others_write=self._others_write,
        )

    def _body_beside(self, index: int) -> Any:
        if self._beside is None:
            self._beside = normalize(self._later) if self._later is not None else ()
        answer = self._beside[index].response if index < len(self._beside) else None
        return answer.body.tree if answer is not None else None

    def _same_request(
        self,
        index: int,
        mask: NormalizedExchange | None,
        base: NormalizedExchange,
        cand: NormalizedExchange,
    ) -> bool:
        self._values.begin_request(base)
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
        if not self._shared_state:
            self._values.sent_alike(one.body.tree, other.body.tree)
        return not walk.differences

    def _alone(self, ours: int | None, theirs: int | None) -> None:
        """Open a request that one side alone was sent: nothing was compared with its answer."""
        longer = ours is None
        index = theirs if ours is None else ours
        assert index is not None
        side = self._candidate if longer else self._baseline
        endpoint = side[index].endpoint
        left, right = len(self._baseline), len(self._candidate)
        self._account.note(endpoint, Fate.DIFFERENT)
        self._differences.append(
            Difference(
                index,
                endpoint,
                Kind.LENGTH,
                "",
                "longer" if longer else "shorter",
                f"{left} requests",
                f"{right} requests",
            )
        )

    def _identity(self) -> None:
        ids = {(d.exchange, d.pointer) for d in self._differences if d.kind is Kind.IDENTITY}
        for wrong in confusions(self._observations):
            at = wrong.observation
            where = pointer(at.path, in_headers=at.scope.in_headers)
            if (at.scope.exchange, where) in ids:
                continue
            shown: tuple[str | None, str] = None, self._excerpts.of(at.value)
            if wrong.expected is not None:
                shown = self._excerpts.pair(wrong.expected, at.value)
            self._differences.append(
                Difference(
                    at.scope.exchange,
                    at.scope.endpoint,
                    Kind.IDENTITY,
                    where,
                    wrong.change,
                    *shown,
                )
            )

    def _rules_used(self) -> frozenset[str]:
        return frozenset(
            rule.id
            for side in (self._baseline, self._candidate)
            for seen in side
            for rule in self._rules.rules
            if rule.concerns(seen.endpoint)
            and seen.response is not None
            and _names_a_place(rule.tokens, seen.response)
        )


def _names_a_place(tokens: tuple[str, ...], response: NormalizedResponse) -> bool:
    if next(places(response.body.tree, tokens), None) is not None:
        return True
    headers = tokens[1:] if tokens[:1] == ("headers",) else None
    return headers is not None and next(places(response.headers, headers), None) is not None


def _drawn(masks: Sequence[NormalizedExchange]) -> Drawn:
    """Return what the answers of a test draw, and those to its writes."""
    answers: tuple[list[Any], list[Any]] = ([], [])
    for one in masks:
        if one.response is not None:
            answers[one.request.method not in READS].append(one.response.body.tree)
    return drawn_members(*answers)
