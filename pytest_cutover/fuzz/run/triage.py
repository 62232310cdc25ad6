"""Asks both sides the same case and tells a difference from noise; clusters what remains.

The first time that an endpoint answers with a status, and whenever something differs that is not
known yet, the baseline is asked again: what it does not agree on with itself is noise. A finding is
a signature and, for a status, a class of requests (valid, unknown field, invalid): the same pair of
statuses in another class has another cause.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.sharing import NOT_KNOWN
from pytest_cutover.compare.confirm.throttled import TOO_MANY
from pytest_cutover.compare.diff.difference import Difference, Kind, wildcard
from pytest_cutover.compare.diff.transcripts import Comparison, RoundContext
from pytest_cutover.compare.evidence.explaining import alike
from pytest_cutover.compare.noise.model import UnsteadyBaseline
from pytest_cutover.core.error_bodies import tells_errors
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.fuzz.generate.case import Call, Case
from pytest_cutover.fuzz.generate.payload import Reached
from pytest_cutover.fuzz.generate.protocol import PLAIN, label_of
from pytest_cutover.fuzz.run.data_of_sides import DataOfSides
from pytest_cutover.fuzz.run.equal_answers import EqualAnswers
from pytest_cutover.fuzz.run.equal_ids import EqualIds
from pytest_cutover.fuzz.run.explaining import Explainer, Members
from pytest_cutover.fuzz.run.given_out import GivenOut
from pytest_cutover.fuzz.run.lengths import is_length_of_own_rows
from pytest_cutover.fuzz.run.one_sided import BY_SIZE
from pytest_cutover.fuzz.run.packing import Packing
from pytest_cutover.fuzz.run.refusals import refused_alike, refused_member
from pytest_cutover.fuzz.run.refused_by_one import RefusedByOne
from pytest_cutover.fuzz.run.undocumented_pages import is_undocumented_page

VALID: Final = "valid"
UNKNOWN: Final = "unknown field"
INVALID: Final = "invalid"
METHOD: Final = "method not offered"
ANY: Final = ""
EVERY: Final = "*"
REFUSED: Final = "an odd body that is refused"
_ODD_REFUSED: Final = frozenset({"400", "415", "422"})
_REFUSED: Final = frozenset({"400", "422"})
_ROUNDS: Final = 3
_MOST_VALUES: Final = 40
# Of the rows of one list as many are looked at.
_MOST_EXPLAINED: Final = 3

Classes = Callable[[Call], frozenset[str]]


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What makes a finding one: its signature and the class of the request that shows it.

    `member` is the one for which one side alone refuses the request: that it refuses another one
    is another matter. Empty where it is none in particular.
    """

    signature: str
    request: str
    member: str = ""


@dataclass(slots=True)
class Found:
    """A finding on its way: the smallest case so far, and how it was seen."""

    key: Key
    case: Case
    difference: Difference
    baseline: Transcript
    candidate: Transcript
    occurrences: int = 1
    unstable: bool = False
    # Both values of each case that showed it: who accepted one of them has not seen the others.
    values: dict[tuple[str, str], None] = field(default_factory=dict)
    shrunk: bool = False
    steps: int = 0
    # What explains each occurrence: one and the same for all of them, or nothing does.
    explanations: dict[str, None] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """What was done: compared cases, those that were asked again, those without an answer.

    `followed` are those that show that the data of the two sides parted before. `unknown_ids` are
    places of ids that differ, which may be those of other rows or of each side's own database.
    """

    compared: int = 0
    asked_again: int = 0
    unsteady: int = 0
    shrinking: int = 0
    followed: int = 0
    operations: dict[str, Reached] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    # What both sides did alike somewhere, which explains no difference elsewhere.
    alike: set[str] = field(default_factory=set)
    unknown_ids: dict[str, None] = field(default_factory=dict)


class Examiner:
    """Both sides, what is known of their noise, and the findings so far."""

    def __init__(
        self,
        ask: Callable[[Case], Round],
        given: GivenOut,
        data: DataOfSides,
        *,
        rulebook: Rulebook,
        classes: Classes,
        members: Callable[[str], Members] = lambda _endpoint: Members(),
        elsewhere: Collection[Key] | None = None,
        packing: Packing | None = None,
    ) -> None:
        self.findings: dict[Key, Found] = {}
        self.tally = Tally()
        self.refused = RefusedByOne()
        self._ask, self._given, self._data = ask, given, data
        self._rulebook = rulebook
        self._classes = classes
        self._equal = EqualAnswers()
        self._equal_ids = EqualIds()
        self._packing = packing or Packing()
        self._members = members
        self._explainer = Explainer(members, given.stored)
        self._met: set[tuple[str, int]] = set()
        self._noise: set[tuple[str, str, str]] = set()
        self._over_operations = elsewhere is not None
        self._elsewhere = {_place_and_change(key.signature) for key in elsewhere or ()}
        # A status is what one path says; a header is what a middleware adds to all of them.
        self._statuses = {_template_and_change(key.signature) for key in elsewhere or ()}
        self._plain: set[tuple[str, str]] = set()

    def examine(self, case: Case, first: Round) -> list[Found]:
        """Compare the answers to one case; the findings that it is the first to show."""
        if not first.baseline.exchanges:
            return []  # our own client refused to send it: that says nothing about anybody
        if not _asks_alike(case, first):
            return []
        self.tally.compared += 1
        if throttled := _throttled(first):
            return self._unsteady(throttled)
        if not self._over_operations:
            self._count(first.baseline)
        whole, first = first, self._data.without_what_is_alone(first)
        try:
            seen = self._seen(first)
        except UnsteadyBaseline as error:
            return self._unsteady(str(error))
        self.tally.alike.update(alike(first.baseline, first.candidate, seen.differences))
        if not self._over_operations:  # of an odd path a router says it, and no operation
            self.tally.alike.update(refused_alike(first))
        if case.origin == PLAIN:
            # What differs without anything odd is told by the operation itself.
            template = case.calls[-1].template
            self._plain |= {(template, _place_and_change(d.signature)) for d in seen.differences}
            return []
        seen = replace(seen, differences=self._own(case, seen.differences, first))
        self._data.note(whole)
        self._packing.learn(whole)
        kept = self._not_following(case, seen.differences, first)
        self.tally.followed += whole is not first or len(kept) < len(seen.differences)
        seen = replace(seen, differences=self._not_of_packing(case, kept, first))
        new_ground = self._new_ground(first.baseline)
        known = self._all_known(case, seen.differences, first)
        if not new_ground and not seen.inconclusive and known:
            self._occurred(case, seen.differences, first)
            return []
        if not new_ground and not seen.differences and not seen.inconclusive:
            return []
        return self._again(case, first, seen, whole)

    def shows(self, case: Case, key: Key) -> Found | None:
        """Return the finding as this case shows it, asked once; None where it does not."""
        self.tally.shrinking += 1
        whole = self._ask(case)
        one = self._data.without_what_is_alone(whole)
        try:
            seen = self._seen(one)
        except UnsteadyBaseline:
            return None
        for difference in self._own(case, seen.differences, one):
            if difference.signature == key.signature and key in self._keys(case, difference, one):
                return Found(key, case, difference, whole.baseline, whole.candidate)
        return None

    def _seen(self, one: Round) -> Comparison:
        """Compare one round by itself; with what was given out before where it shows anything."""
        key = self._equal.key_of(one)
        if self._equal.is_known(key):
            return Comparison()
        compare = self._rulebook.beside((one.baseline, one.baseline))
        seen = compare(one.baseline, one.candidate)
        if not seen.differences and not seen.inconclusive:
            self._equal.keep(key)
            if self._rulebook.shared_state is None:
                self._equal_ids.keep(one)
            return seen
        return compare(one.baseline, one.candidate, RoundContext(known=self._given.known(one)))

    def merge(self) -> None:
        """Drop findings whose smallest case turned out to be that of another one.

        What was odd about the request that showed it first was then not needed.
        """
        kept: dict[tuple[str, str], Found] = {}
        for key in sorted(self.findings, key=lambda one: one.request != VALID):
            found = self.findings[key]
            calls = tuple(replace(call, rest_valid=True) for call in found.case.calls)
            same = kept.setdefault((key.signature, Case(calls).key()), found)
            if same is not found:
                same.occurrences += found.occurrences
                del self.findings[key]

    # -- one case ---------------------------------------------------------------------------------

    def _again(self, case: Case, first: Round, seen: Comparison, whole: Round) -> list[Found]:
        """Return a second round, with noise learned from both answers of the baseline, or a third.

        `whole` is the first one with what one side alone has.

        Workers write beside each other: what departs once may have been written by another one
        between two answers, and then the baseline says so too when it is asked once more.
        """
        rounds = [first]
        judged = Judged(())
        while len(rounds) < 2 or (judged.unstable and len(rounds) < _ROUNDS):
            self.tally.asked_again += 1
            rounds.append(self._data.without_what_is_alone(self._ask(case)))
            if throttled := _throttled(rounds[-1]):
                return self._unsteady(throttled)
            try:
                beside = self._rulebook.beside((first.baseline, rounds[-1].baseline))
            except UnsteadyBaseline as error:
                return self._unsteady(str(error))
            judged = judge(rounds, beside, self._given.known(*rounds))
            if self._ids_are_shared(judged, first):
                beside = self._rulebook.beside((first.baseline, rounds[-1].baseline))
                judged = judge(rounds, beside, self._given.known(*rounds))
            own = self._not_following(case, self._own(case, judged.differences, first), first)
            judged = replace(judged, differences=self._not_of_packing(case, own, first))
        if judged.inconclusive and not judged.differences:
            self._unsteady(judged.inconclusive)
        unknown = [one for one in judged.account.open if one.reason == NOT_KNOWN]
        self.tally.unknown_ids |= {f"{one.endpoint} {one.pointer}": None for one in unknown}
        if unknown and not judged.differences:
            return []
        real = {(d.endpoint, wildcard(d.pointer), str(d.kind)) for d in judged.differences}
        for difference in seen.differences:
            place = (difference.endpoint, wildcard(difference.pointer), str(difference.kind))
            if place not in real:
                self._noise.add(place)
        self._occurred(case, judged.differences, first)
        return self._new(case, judged, first, whole)

    def _ids_are_shared(self, judged: Judged, one: Round) -> bool:
        """Hold ids to be equal from now on, where equal answers have shown them."""
        unknown = [place for place in judged.account.open if place.reason == NOT_KNOWN]
        if not any(self._equal_ids.are_in(one, place.endpoint, place.pointer) for place in unknown):
            return False
        self._rulebook = replace(self._rulebook, shared_state=True)
        self.tally.unknown_ids.clear()
        return True

    def _new(self, case: Case, judged: Judged, first: Round, whole: Round) -> list[Found]:
        added = []
        for difference in judged.differences:
            keys = self._keys(case, difference, first)
            if any(key in self.findings for key in keys):
                continue
            found = Found(keys[0], case, difference, whole.baseline, whole.candidate)
            found.unstable = difference.signature in judged.unstable
            found.values.update(dict.fromkeys(difference.values))
            self._explain(found, case, difference, first, judged.differences)
            self.findings[found.key] = found
            added.append(found)
        return added

    def _keys(self, case: Case, difference: Difference, one: Round) -> list[Key]:
        """Return the findings that a difference may belong to: one for each thing odd about the
        request.

        What is odd about a request matters where the sides judge it otherwise: to a status that
        departs. A request that the baseline itself refuses is invalid, whatever the schema says.
        """
        if difference.kind is not Kind.STATUS:
            return [Key(difference.signature, ANY)]
        if self._over_operations:
            label, refused = label_of(case), difference.change.partition(" ")[0] in _ODD_REFUSED
            # Whatever is odd about it: both refuse the body, and say so in another way.
            return [Key(difference.signature, REFUSED if refused and "body" in label else label)]
        if difference.change.partition(" ")[0] in _REFUSED:
            return [Key(difference.signature, INVALID, self._refused_member(case, difference, one))]
        index = min(difference.exchange, len(case.calls) - 1)
        classes = self._classes(case.calls[index])
        # Where neither finds fault with the request itself, it does not matter how valid it is.
        judged = {difference.change[:3], difference.change[-3:]} & _REFUSED
        odd = (METHOD, UNKNOWN, INVALID) if judged else (METHOD,)
        words: list[str] = [word for word in odd if word in classes] or [VALID]
        member = self._refused_member(case, difference, one) if words == [VALID] else ""
        return [Key(difference.signature, word, member) for word in words]

    def _refused_member(self, case: Case, difference: Difference, one: Round) -> str:
        return refused_member(case, difference, one.baseline, one.candidate)[1]

    def _own(
        self, case: Case, differences: Sequence[Difference], one: Round
    ) -> tuple[Difference, ...]:
        """Return the differences of a case; one finding for all operations where it is odd in
        itself.
        """
        # How an answer is packed depends on its size, and another status says something else.
        parted = {one.exchange for one in differences if one.kind is Kind.STATUS}
        differences = [
            found
            for found in differences
            if found.exchange not in parted
            or found.pointer.removeprefix("/headers/") not in BY_SIZE
        ]
        if self._rulebook.shared_state is not True:
            differences = [found for found in differences if not is_length_of_own_rows(found, one)]
        if not self._over_operations:
            return tuple(differences)
        template = case.calls[-1].template
        return tuple(
            replace(found, endpoint=EVERY)
            for found in differences
            if found.endpoint.partition(" ")[2] == template
            and not self._is_told_elsewhere(found)
            and (template, _place_and_change(found.signature)) not in self._plain
        )

    def _is_told_elsewhere(self, difference: Difference) -> bool:
        """Whether the requests of operations have shown a difference that nothing odd makes."""
        if difference.kind is Kind.STATUS:
            return _template_and_change(difference.signature) in self._statuses
        return _place_and_change(difference.signature) in self._elsewhere

    def _not_following(
        self, case: Case, differences: Sequence[Difference], one: Round
    ) -> tuple[Difference, ...]:
        return tuple(
            found
            for found in differences
            if not self._data.follows(case, found, one) or self._is_known(case, found, one)
        )

    def _not_of_packing(
        self, case: Case, differences: Sequence[Difference], one: Round
    ) -> tuple[Difference, ...]:
        """Return the differences but those that follow from the lengths of the answers."""
        return tuple(
            found
            for found in differences
            if not self._packing.explains(found, one) or self._is_known(case, found, one)
        )

    def _is_known(self, case: Case, found: Difference, one: Round) -> bool:
        return any(key in self.findings for key in self._keys(case, found, one))

    def _all_known(self, case: Case, differences: Iterable[Difference], one: Round) -> bool:
        found = list(differences)
        return bool(found) and all(
            (d.endpoint, wildcard(d.pointer), str(d.kind)) in self._noise
            or self._is_known(case, d, one)
            for d in found
        )

    def _explain(
        self,
        found: Found,
        case: Case,
        difference: Difference,
        one: Round,
        beside: Sequence[Difference],
    ) -> None:
        if len(found.explanations) < 2:
            odd = found.key.request or label_of(case) if self._over_operations else ""
            explained = self._explainer.of(
                case, difference, one.baseline, one.candidate, odd, beside
            )
            found.explanations[explained] = None

    def _occurred(self, case: Case, differences: Sequence[Difference], one: Round) -> None:
        """Count a case once for each finding that it shows, and keep the values it shows there."""
        shown: dict[Key, int] = {}
        for difference in differences:
            self.refused.note(case, difference, one)
            for key in self._keys(case, difference, one):
                if key in self.findings:
                    shown[key] = shown.get(key, 0) + 1
                    if shown[key] <= _MOST_EXPLAINED:
                        self._explain(self.findings[key], case, difference, one, differences)
                    values = self.findings[key].values
                    if len(values) < _MOST_VALUES:
                        values.update(dict.fromkeys(difference.values))
                    break
        for key in shown:
            self.findings[key].occurrences += 1

    def _new_ground(self, transcript: Transcript) -> bool:
        """Whether an endpoint answers with this status for the first or the second time."""
        places = {
            (exchange.endpoint, exchange.response.status)
            for exchange in transcript.exchanges
            if exchange.response is not None
        }
        fresh = places - self._met
        self._met |= places
        return bool(fresh)

    def _count(self, transcript: Transcript) -> None:
        for exchange in transcript.exchanges:
            response = exchange.response
            status = response.status if response is not None else 0
            kinds = self._members(exchange.endpoint).kinds if response is not None else ()
            if response is not None and is_undocumented_page(response, kinds):
                status = 0  # a login's form, mostly: nothing came in
            elif response is not None and tells_errors(response):
                status = 0  # `{"success": false, "error": …}` behind a 200
            known = self.tally.operations.get(exchange.endpoint, Reached())
            self.tally.operations[exchange.endpoint] = known.and_one(status)

    def _unsteady(self, why: str) -> list[Found]:
        self.tally.unsteady += 1
        self.tally.reasons[why] = self.tally.reasons.get(why, 0) + 1
        return []


def _throttled(one: Round) -> str:
    """Say that the candidate alone limits the rate; empty where it does not.

    It was asked again as long as it may be waited for: what it would have said is not known.
    """
    for ours, theirs in zip(one.baseline.exchanges, one.candidate.exchanges, strict=False):
        statuses = [side.response.status if side.response else 0 for side in (ours, theirs)]
        if statuses[1] == TOO_MANY and statuses[0] != TOO_MANY:
            return (
                f"throttled: the candidate answered 429 Too Many Requests (rate limit) at "
                f"{theirs.endpoint}; set max_requests_per_second of the target below its limit"
            )
    return ""


def _asks_alike(case: Case, one: Round) -> bool:
    """Whether both are asked for an id in the other case: one side's own may have no letter."""
    asked = zip(case.calls, one.baseline.exchanges, one.candidate.exchanges, strict=False)
    return all(
        _has_letters(call, ours) == _has_letters(call, theirs)
        for call, ours, theirs in asked
        if call.spelling == "case"
    )


def _has_letters(call: Call, exchange: Exchange) -> bool:
    """Whether the last parameter of a path has any letter, as it was sent."""
    parts = call.template.split("/")
    place = max(index for index, part in enumerate(parts) if "{" in part)
    sent = exchange.request.path.split("/")
    return place < len(sent) and any(map(str.isalpha, sent[place]))


def _place_and_change(signature: str) -> str:
    """Return a signature without its endpoint."""
    return signature.partition(" | ")[2]


def _template_and_change(signature: str) -> str:
    """Return a signature without the method of its endpoint."""
    return signature.partition(" ")[2]


def classes_of(by_endpoint: Mapping[str, Classes]) -> Classes:
    """Return the classes of a call by the operation of its endpoint; a call of no operation has
    none.
    """

    def classes(call: Call) -> frozenset[str]:
        known = by_endpoint.get(call.endpoint)
        return known(call) if known else frozenset() if call.rest_valid else frozenset({INVALID})

    return classes
