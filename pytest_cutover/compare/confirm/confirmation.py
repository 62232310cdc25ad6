"""Confirm before accusing: what several rounds of the same test say together. Pure.

A round is one run of a test on each side with fresh fixtures. One round is enough to acquit; to
accuse, a second one must tell a difference from noise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache, partial
from itertools import pairwise
from typing import Final, Protocol

from pytest_cutover.compare.confirm import (
    answer_times,
    as_answered,
    asked_numbers,
    clock_steps,
    drawn_forms,
    drawn_words,
    few_rows,
    merged_pages,
    name_orders,
    newest_pages,
    own_write,
    same_texts,
    spans,
    steps_within,
    sums_beside,
    times_of_rows,
    times_within,
    told_of_rows,
)
from pytest_cutover.compare.confirm.chance import told_by_chance
from pytest_cutover.compare.confirm.movement import Course, Moving, counts, is_of_pages, number_of
from pytest_cutover.compare.confirm.page_ends import PUSHED_OFF, PageEnds, may_be
from pytest_cutover.compare.confirm.renewed_cookies import (
    LIFETIME_HELD,
    renewed,
    with_one_lifetime,
)
from pytest_cutover.compare.confirm.written_before import WRITTEN, WrittenBefore
from pytest_cutover.compare.diff.account import UNSTEADY, Account, Fate
from pytest_cutover.compare.diff.difference import Difference, Kind, wildcard
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.numbers import IN_DIGITS, OF_AN_ID
from pytest_cutover.compare.diff.responses import UNSEEN
from pytest_cutover.compare.diff.transcripts import ALONE, Comparison, RoundContext
from pytest_cutover.compare.noise.rules import NO_RULES, Rules
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Transcript

_ASIDE: Final = "the count is another by the same number in every round"
_LENGTH: Final = "/headers/content-length"
_FEW_DIGITS: Final = 4  # by which a number in the body may be longer
ANOTHER_LENGTH: Final = "a length of the body that the baseline tells in no round"
_Named = tuple[str, Difference]  # by its signature
_Places = frozenset[tuple[str, str]]

# Whether the sides have data of their own, which is asked once in a run.
_DATA: Final = ("", "data of each side's own")


class Compare(Protocol):
    """Compares two transcripts, given what is known of their round."""

    def __call__(
        self, baseline: Transcript, candidate: Transcript, context: RoundContext = ALONE
    ) -> Comparison:
        """Return what departs."""


@dataclass(frozen=True, slots=True)
class Round:
    """The two transcripts of one round."""

    baseline: Transcript
    candidate: Transcript


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rounds say.

    `unstable` holds the signatures that not every round showed. `account` is that of the last
    round: what the test can vouch for. `values` are the pairs of values that all rounds have shown.
    `moving` are the places, by endpoint and pointer, of numbers that vary and of which more rounds
    would tell whether they move together, `drawn` those of words that may be none of the
    baseline's, `few_rows` those of lists that may be sorted by a name, or be in a wrong order,
    `by_one_unit` what is open until the baseline was asked alone, `equal` what is held until then.
    `by_form`: the sides differ in a row, in what the noise holds to its form alone. `stale` says
    where the baseline departs from its golden in every round; `stale_by_numbers`: in numbers alone,
    which may be of a moment.
    """

    differences: tuple[Difference, ...]
    unstable: frozenset[str] = frozenset()
    inconclusive: str | None = None
    requests_differ: bool = False
    rules_used: frozenset[str] = frozenset()
    account: Account = field(default_factory=Account)
    values: Correspondence = field(default_factory=Correspondence)
    moving: frozenset[tuple[str, str]] = frozenset()
    drawn: frozenset[tuple[str, str]] = frozenset()
    few_rows: frozenset[tuple[str, str]] = frozenset()
    by_one_unit: tuple[steps_within.ByOneUnit, ...] = ()
    equal: tuple[own_write.Equal, ...] = ()
    by_form: bool = False
    stale: tuple[str, ...] = ()
    stale_by_numbers: bool = False
    first: Round | None = None  # the first round, as it was compared


def judge(
    rounds: Sequence[Round],
    compare: Compare,
    known: Correspondence | None = None,
    rules: Rules = NO_RULES,
    written: WrittenBefore | None = None,
    disturbed: Round | None = None,
) -> Judged:
    """Return what the candidate did differently, with the baseline's own noise taken out.

    A place where the baseline departs from itself accuses nobody: it makes the test inconclusive.
    `known` are pairs of values from earlier tests; each round is given what the rounds before it
    added, for their rows are still there. `rules` say of which times nothing is told, `written`
    what the writes of earlier tests drew. `disturbed` is a round before these, in which other
    workers wrote.
    """
    values = known or Correspondence()
    comparisons = []
    for index, one in enumerate(rounds):
        is_last = index == len(rounds) - 1
        other = rounds[index - 1 if is_last else index + 1] if len(rounds) > 1 else None
        context = RoundContext(
            known=values,
            later=other.baseline if other else None,
            theirs=other.candidate if other else None,
            is_last_round=is_last and other is not None,
        )
        comparisons.append(compare(one.baseline, one.candidate, context))
        values = comparisons[-1].values
    noise = _noise([one.baseline for one in rounds], compare)
    asked = [(one.baseline, one.candidate) for one in rounds]
    numbers = [one.numbers for one in comparisons]
    by_name = merged_pages.merged(asked, numbers)
    merged, merged_apart = (
        {(rounds[0].baseline.exchanges[at].endpoint, wildcard(where)) for at, where in places}
        for places in (by_name, merged_pages.merged(asked, numbers, shared=False))
    )
    if merged or merged_apart:
        noise = {place for place in noise if not _is_below(place, merged | merged_apart)}
    named = [[(one.signature, one) for one in comparison.differences] for comparison in comparisons]
    every = [one for pairs in named for _, one in pairs]
    shown = [_by_signature(pairs) for pairs in named]
    first_seen: dict[str, Difference] = {}
    for differences in shown:
        for signature, difference in differences.items():
            first_seen.setdefault(signature, difference)
    sides = [side for one in rounds for side in (one.baseline, one.candidate)]
    on_time = with_one_lifetime({*noise, *map(_place, first_seen.values())}, sides)
    timed = answer_times.alike(asked) | answer_times.alike_in_bodies(
        asked, [one.differences for one in comparisons]
    )
    noise -= on_time | timed | renewed(noise, sides, every)
    real = {
        signature: difference
        for signature, difference in first_seen.items()
        if _place(difference) not in noise | on_time | timed
    }
    in_order = {place for place in map(_place, real.values()) if _is_below(place, merged)}
    real = {signature: one for signature, one in real.items() if _place(one) not in in_order}
    beside_others = [disturbed] if disturbed and every else []
    pages = PageEnds(
        [*beside_others, *rounds],
        [
            *(compare(one.baseline, one.candidate).differences for one in beside_others),
            *(one.differences for one in comparisons),
        ],
    )
    told_beside = {
        why: _told_in_all(rounds, named, says_no_more)
        for why, says_no_more in (
            (spans.BETWEEN, spans.says_no_more),
            (sums_beside.SUMS, sums_beside.says_no_more),
            (WRITTEN, (written or WrittenBefore()).heard(rounds, every).says_no_more),
            (PUSHED_OFF, pages.says_no_more),
        )
    }
    sums, others = told_beside[sums_beside.SUMS], frozenset().union(*told_beside.values())
    told_beside[sums_beside.SUMS] = sums_beside.without_departing_rows(sums, others, every)
    explained_beside = frozenset().union(*told_beside.values())
    real = {signature: one for signature, one in real.items() if signature not in explained_beside}
    at_ends = _told_in_all(rounds, named, may_be) if disturbed else frozenset()
    by_chance = told_by_chance(real, shown, comparisons, at_ends)
    real = {signature: one for signature, one in real.items() if signature not in by_chance}
    apart, moving, aside, strangers = _courses(rounds, comparisons)
    told = {(one.exchange, one.pointer) for one in every}
    same, may_be_same, may_stand_still = same_texts.judged(rounds[0].baseline, numbers)
    within = steps_within.judged(asked, numbers)
    equal, may_be_unwritten = own_write.judged(asked, numbers)
    staying, may_stay = times_within.judged(asked)
    of_rows, may_be_of_rows = times_of_rows.judged(asked)
    coarse, may_be_coarse = clock_steps.judged(asked, {(d.exchange, _name(d)) for d in every})
    answered, may_be_answered = as_answered.judged(asked)
    unwaived = [
        one
        for one in (*staying, *of_rows, *coarse, *answered)
        if not rules.waive(one.endpoint, json_pointer.parse(one.pointer))
    ]
    otherwise, may_be_otherwise = drawn_forms.judged(rounds[0].baseline, numbers)
    lost, unsorted = name_orders.judged(rounds[0].baseline, numbers)
    behind, unseen = newest_pages.judged(asked, numbers, every)
    apart += [
        one
        for one in (*same, *within.apart, *unwaived, *lost, *behind, *otherwise)
        if (one.exchange, one.pointer) not in told
    ]
    unknown, foreign = (
        frozenset((rounds[0].baseline.exchanges[place[0]].endpoint, place[1]) for place in places)
        for places in drawn_words.judged(numbers)
    )
    kept = [pair for pairs in named for pair in pairs if pair[0] in real]
    reasons = [comparison.inconclusive for comparison in comparisons if comparison.inconclusive]
    if noise:
        endpoint, pointer = min(noise)
        reasons.insert(
            0,
            f"{UNSTEADY} at {endpoint} {pointer or 'the answer'}"
            + (f" and {len(noise) - 1} more places" if len(noise) > 1 else ""),
        )
    if by_chance:
        least = min(by_chance.values(), key=_place)
        what = "a value" if least.kind is Kind.VALUE else "the order of rows"
        reasons.append(
            f"{what} at {least.endpoint} {wildcard(least.pointer) or 'the answer'} comes and goes "
            f"on the candidate, no more often than by chance in {len(rounds)} rounds"
        )
    explained, untold = few_rows.judged(numbers, by_name)
    untold += [place for place in unsorted if place not in by_name]
    if len(rounds) == 1 and comparisons[0].is_guess:
        may_be_shared = unseen or not numbers[0].shared
        if may_be_shared and newest_pages.show_own(asked[0], numbers[0]):
            moving |= {_DATA}
        unseen = []
    endpoints = [exchange.endpoint for exchange in rounds[-1].baseline.exchanges]
    account = few_rows.without_open(comparisons[-1].account, explained, endpoints)
    for held, why in ((on_time, LIFETIME_HELD), (timed, answer_times.HELD)):
        if held:
            account = _held(account, comparisons[-1].differences, held, why)
    if in_order:
        account = _held(account, comparisons[-1].differences, in_order, merged_pages.MERGED)
    for why, signatures in told_beside.items():
        if by_others := {_place(one) for one in every if one.signature in signatures}:
            account = _held(account, comparisons[-1].differences, by_others, why)
    for places, why in (
        (aside, _ASIDE),
        *(([place], why) for place, why in strangers.items()),
        (noise, UNSTEADY),
        (foreign, drawn_words.NEVER_DRAWN),
        ((_place(one.difference) for one in within.by_one_unit), steps_within.OF_ONE_UNIT),
        (((endpoints[index], at) for index, at in {*unsorted} - {*by_name}), name_orders.UNTOLD),
        (((endpoints[at], where) for at, where in unseen if len(rounds) > 1), newest_pages.UNTOLD),
    ):
        account = with_open(account, places, why)
    for earlier in comparisons[:-1]:  # a later round says nothing of what was answered before
        for place in earlier.account.open:
            if place.reason in UNSEEN and place not in account.open:
                account = with_open(account, [(place.endpoint, place.pointer)], place.reason)
    return Judged(
        differences=(*_one_round(kept), *apart),
        unstable=frozenset(
            signature for signature in real if not all(signature in each for each in shown)
        ),
        inconclusive=reasons[0] if reasons else None,
        requests_differ=any(comparison.requests_differ for comparison in comparisons),
        rules_used=frozenset(rule for comparison in comparisons for rule in comparison.rules_used),
        account=account,
        values=values,
        moving=moving.union(
            may_be_same,
            within.unknown,
            may_stay,
            may_be_of_rows,
            may_be_coarse,
            may_be_unwritten,
            may_be_answered,
        ),
        drawn=unknown | may_be_otherwise | may_stand_still,
        few_rows=frozenset(
            (rounds[0].baseline.exchanges[index].endpoint, at) for index, at in (*untold, *unseen)
        ),
        by_one_unit=within.by_one_unit,
        equal=equal,
        by_form=any(one.by_form for one in numbers),
    )


def _courses(
    rounds: Sequence[Round], comparisons: Sequence[Comparison]
) -> tuple[list[Difference], _Places, _Places, dict[tuple[str, str], str]]:
    """Return the numbers that do not move as the baseline's; the places of those yet unknown, of
    counts that move with it and are another in each round, and of what else is left open, with why.
    """
    aside: set[tuple[str, str]] = set()
    strangers: dict[tuple[str, str], str] = {}
    apart: dict[tuple[int, str], Difference] = {}
    unknown: set[tuple[str, str]] = set()
    every = [
        told_of_rows.with_sent(one.numbers, said.baseline, said.candidate)
        for one, said in zip(comparisons, rounds, strict=True)
    ]
    asked = [(one.baseline, one.candidate) for one in rounds]

    @cache
    def sent(index: int) -> Callable[[], list[asked_numbers.Sent]]:
        return cache(partial(asked_numbers.sent_before, asked, index))

    places = set.intersection(*(set(one.lexemes) for one in every))
    with_rows = {place[0] for place in every[0].rows}
    for index, where, part in sorted(places):
        lexemes = [one.numbers.lexemes[index, where, part] for one in comparisons]
        numbers = [(number_of(one), number_of(other)) for one, other in lexemes]
        ours = tuple(one for one, _ in numbers if one is not None)
        theirs = tuple(other for _, other in numbers if other is not None)
        if len(ours) != len(theirs) or len(ours) != len(lexemes):
            continue
        endpoint = rounds[0].baseline.exchanges[index].endpoint
        change = told_of_rows.departure(index, where, (ours, theirs), every, is_id=part == OF_AN_ID)
        if change == told_of_rows.HELD:
            continue  # whatever its course: its rows are compared
        of_index = [
            (one.baseline.exchanges[index], one.candidate.exchanges[index]) for one in rounds
        ]
        is_told = change or asked_numbers.is_of_another(where, of_index[0][0].request.target)
        names = "" if is_told else asked_numbers.heard((ours, theirs), of_index, sent(index))
        if where == _LENGTH and not any(map(_near(ours), theirs)):
            names = ANOTHER_LENGTH
        if names in (*asked_numbers.DEPARTING, ANOTHER_LENGTH):
            if len(rounds) > 1 and (names == ANOTHER_LENGTH or len(set(ours)) > 1):
                strangers[endpoint, where] = names
            else:
                unknown.add((endpoint, where))
        may_tell = len(rounds) == 1 and ours == theirs and index in with_rows
        if may_tell and told_of_rows.may_depart(index, where, (ours[0], theirs[0]), every[0]):
            unknown.add((endpoint, where))
            continue
        # A text has many numbers: those of parameters have names.
        parameter = comparisons[0].numbers.parameters.get((index, where, part), "")
        if not change and (parameter or part in (0, IN_DIGITS)):
            moving = Moving(ours, theirs)
            course = moving.course()
            name = parameter or (json_pointer.parse(where) or ("",))[-1]
            if course is Course.TOGETHER and _stands_aside(
                moving, name, index, rounds, shared=_is_shared(index, comparisons)
            ):
                (aside if moving.is_long else unknown).add((endpoint, where))
            if course is Course.UNKNOWN:
                unknown.add((endpoint, where))
            if parameter:
                continue
            # What is told in digits may begin anew at any time, as what is left of a limit does.
            is_apart = course is Course.APART and (part != IN_DIGITS or len(set(theirs)) == 1)
            change = "moves → does not move with it" if is_apart else ""
        elif not change and len(rounds) == 1 and ours != theirs and index in with_rows:
            unknown.add((endpoint, where))  # a sentence may tell of the rows beside it
        if change:
            baseline, candidate = (", ".join(map(str, side)) for side in (ours, theirs))
            apart[index, where] = Difference(
                index, endpoint, Kind.VALUE, where, change, baseline, candidate
            )
    return list(apart.values()), frozenset(unknown), frozenset(aside), strangers


def _near(lengths: Sequence[Decimal]) -> Callable[[Decimal], bool]:
    """Return what tells whether a length may be one of these that vary by chance."""
    least, most = min(lengths), max(lengths)
    beyond = most - least + _FEW_DIGITS
    return lambda length: 0 < least - beyond <= length <= most + beyond or least <= length <= most


def _is_shared(index: int, comparisons: Sequence[Comparison]) -> bool:
    """Whether both sides may have the same data: no count of an answer moves, and says the same on
    both sides each time, for on shared data each of them adds to what the other counts.
    """
    numbers = [one.numbers for one in comparisons]
    for place in set.intersection(*(set(one.lexemes) for one in numbers)):
        name = (json_pointer.parse(place[1]) or ("",))[-1]
        if place[0] != index or is_of_pages(name) or not counts(name, shared=True):
            continue
        shown = [one.lexemes[place] for one in numbers]
        if all(ours == theirs for ours, theirs in shown) and len(set(shown)) == len(shown) > 1:
            return False
    return numbers[0].shared


def _stands_aside(
    moving: Moving, name: str, index: int, rounds: Sequence[Round], *, shared: bool
) -> bool:
    """Whether a count of rows or pages goes with the baseline's, and never was where it belongs."""
    if not is_of_pages(name):
        return counts(name, shared=shared) and moving.stands_aside(shared=shared)
    if not shared:
        return moving.stands_aside(shared=False, evenly=False)
    sides = [side for one in rounds for side in (one.baseline, one.candidate)]
    sizes = told_of_rows.sizes_shown(side.exchanges[index] for side in sides)
    return bool(sizes) and not any(moving.fills_pages(one) for one in sizes)


def with_open(account: Account, places: Iterable[tuple[str, str]], reason: str) -> Account:
    """Return the account with places, by endpoint and pointer, of which the rounds tell nothing."""
    more = Account(account.places.copy(), dict(account.open))
    for endpoint, where in sorted(places):
        more.leave_open(endpoint, where, reason)
    return more


def _held(
    account: Account, differences: Iterable[Difference], places: Set[tuple[str, str]], by: str
) -> Account:
    """Return the account of the last round, where some places are held by something after all."""
    more = Account(account.places.copy(), dict(account.open))
    for one in differences:
        if _place(one) in places:
            more.retract(one.endpoint, Fate.DIFFERENT)
            more.note(one.endpoint, Fate.CONSTRAINED, by)
    return more


def _told_in_all(
    rounds: Sequence[Round],
    named: Sequence[Sequence[_Named]],
    says_no_more: Callable[[Difference, Round], bool],
) -> frozenset[str]:
    """Return the signatures of numbers that say, in every round, what others beside them say."""
    told: dict[str, bool] = {}
    for one, pairs in zip(rounds, named, strict=True):
        for signature, difference in pairs:
            if told.get(signature, True):
                told[signature] = says_no_more(difference, one)
    return frozenset(signature for signature, is_told in told.items() if is_told)


def departures(baselines: Sequence[Transcript], compare: Compare) -> tuple[Difference, ...]:
    """How a baseline departs from itself, told in both directions."""
    return tuple(
        difference
        for earlier, later in pairwise(baselines)
        for pair in ((earlier, later), (later, earlier))
        for difference in compare(*pair, RoundContext(same_side=True)).differences
    )


def _noise(baselines: Sequence[Transcript], compare: Compare) -> set[tuple[str, str]]:
    return {
        _place(difference)
        for earlier, later in pairwise(baselines)
        for difference in compare(earlier, later, RoundContext(same_side=True)).differences
    }


def _name(difference: Difference) -> str:
    return (json_pointer.parse(difference.pointer) or ("",))[-1]


def _is_below(place: tuple[str, str], lists: Iterable[tuple[str, str]]) -> bool:
    return any(
        place[0] == endpoint and f"{place[1]}/".startswith(f"{where}/") for endpoint, where in lists
    )


def _place(difference: Difference) -> tuple[str, str]:
    return difference.endpoint, wildcard(difference.pointer)


def _by_signature(differences: Iterable[_Named]) -> dict[str, Difference]:
    found: dict[str, Difference] = {}
    for signature, difference in differences:
        found.setdefault(signature, difference)
    return found


def _one_round(differences: Iterable[_Named]) -> tuple[Difference, ...]:
    """Each place once, with the values of all rounds: the rounds repeat what they show."""
    unique: dict[tuple[int, str, str], Difference] = {}
    for signature, difference in differences:
        key = (difference.exchange, difference.pointer, signature)
        known = unique.setdefault(key, difference)
        if not set(difference.values) <= set(known.values):
            values = dict.fromkeys((*known.values, *difference.values))
            unique[key] = replace(known, values=tuple(values))
        if difference.relation != unique[key].relation:
            unique[key] = replace(unique[key], relation="")  # it has to hold in every round
    return tuple(unique[key] for key in sorted(unique))
