"""What lets a request of an operation in: learned once in a process, by asking both sides.

A code that must be new, an id that exists, a body that the baseline takes. What others give out is
asked for only where an operation wants it, and givers may have wants of their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

from pytest_cutover.core.exchange import READS, Side, Transcript
from pytest_cutover.core.json_pointer import put
from pytest_cutover.fuzz.generate.case import ABSENT, Binding, Call, Case
from pytest_cutover.fuzz.generate.neighbours import nobodys
from pytest_cutover.fuzz.generate.operations import FuzzDocument, FuzzOperation
from pytest_cutover.fuzz.generate.queries import words_of
from pytest_cutover.fuzz.generate.references import (
    LAST_OF_LOCATION,
    Offer,
    Prefix,
    Source,
    Want,
    asked_words,
    indexless,
    is_meant,
    may_give,
    offers_in,
    patterns_of,
    resource_of,
    singular,
    slots,
    wants_of,
    words,
)
from pytest_cutover.fuzz.generate.unique_fields import (
    bound,
    fresh_places,
    largest_taken,
    plausible,
)
from pytest_cutover.fuzz.run.page_walks import page_walks
from pytest_cutover.openapi.schema import flattened

if TYPE_CHECKING:
    from pytest_cutover.fuzz.generate.cases import CaseGenerator

_TURNS: Final = 6
_VARIED: Final = frozenset({"probe", "neighbour"})
_MOST_TRIES: Final = 6
_MOST_GIVERS: Final = 4
_MOST_ASKED: Final = 80
_MOST_SOURCES: Final = 4
_MOST_MAKERS: Final = 8
_MOST_NOBODYS: Final = 6
_MOST_STEPS: Final = 8
_IDS: Final = (("id",), ("uuid",))


class Asking(Protocol):
    """Both sides, asked to learn something of the baseline."""

    @property
    def have_own_data(self) -> bool | None:
        """Whether each side is known to have data of its own; None where that is not known yet."""

    def learned(self, case: Case) -> Transcript:
        """Return what the baseline answers."""


class Generators(Protocol):
    """The generators of a run, and what may be sent."""

    def why_not(self, method: str) -> str:
        """Why requests of this method are not sent; empty where they are."""

    def generator(self, operation: FuzzOperation) -> CaseGenerator:
        """Return the cases of an operation."""


@dataclass(frozen=True, slots=True)
class Known:
    """What goes before the requests of an operation, and what must be new in each of them."""

    prefix: Prefix = field(default_factory=Prefix)
    fresh: tuple[Binding, ...] = ()


class Entering:
    """The operations of a document, and what was learned of them."""

    def __init__(self, document: FuzzDocument, run: Generators, asking: Asking) -> None:
        self._operations = [
            one for one in document.operations if not one.broken and not run.why_not(one.method)
        ]
        self._run, self._asking = run, asking
        self._known: dict[str, Known] = {}
        self._given: dict[str, tuple[Case, Any, bool] | None] = {}
        self._members: dict[str, Mapping[str, str]] = {}

    def find_out_whose_data(self) -> None:
        """Learn of what is made by a code that must be new: both sides take it, or share data.

        Ids in lists are compared by it, so that it is done before anything is compared.
        """
        makers = [one for one in self._operations if one.method == "POST"]
        makers.sort(key=lambda one: one.endpoint.count("{"))
        for one in makers[:_MOST_MAKERS]:
            if self._asking.have_own_data is not None:
                return
            self.known(one)

    def all_before(self, operation: FuzzOperation, cases: Iterable[Case]) -> Iterator[Case]:
        """Yield cases behind what gives out their ids; now and then with ids that nobody gave out.

        What is said of those is part of the API. A body in which one place is varied is judged by
        that place, and has ids that are right.
        """
        due = False
        for turn, case in enumerate(cases):
            due = due or turn % _TURNS == _TURNS - 1
            if due and (operation.json_body is None or case.origin not in _VARIED):
                due = False
                yield bound(case, self.known(operation).fresh)
            else:
                yield self.before(operation, case, turn=turn)

    def before(self, operation: FuzzOperation, case: Case, *, turn: int = 0) -> Case:
        """Return a case of an operation with new codes, behind what gives out its ids."""
        known = self.known(operation)
        return known.prefix.before(bound(case, known.fresh), operation.endpoint, turn=turn)

    def of_nobody(self, operation: FuzzOperation) -> Iterator[Case]:
        """Yield valid cases with ids that nobody has: the last one of the path, and each of the
        body.
        """
        known = self.known(operation)
        generator = self._run.generator(operation)
        call = next(iter(generator.bases()), None)
        if call is None or not operation.offered:
            return
        if generator.entered is not None:
            call = replace(call, body=dict(generator.entered.body))
        asked = [one for one in slots(call) if indexless(one[0]) in known.prefix.sources]
        path = [one for one in asked if one[0].startswith("path/")][-1:]
        body = [[one] for one in asked if one[0].startswith("body/")]
        for places in (path, *body[:_MOST_NOBODYS]):
            changed = with_nobodys_ids(call, dict(places), operation)
            if changed is not None:
                case = bound(Case((changed,), "neighbour"), known.fresh)
                but = [place for place, _ in places]
                yield known.prefix.before(case, operation.endpoint, but=but)

    def pages(self, operation: FuzzOperation) -> Iterator[Case]:
        """Yield walks over the pages of a list."""
        return page_walks(
            operation,
            self._run.generator(operation).bases() if operation.searches else (),
            before=lambda case: self.before(operation, case),
            learned=self._asking.learned,
        )

    def complete(self, case: Case) -> Case:
        """Return a case of several operations, behind what gives out the ids of each."""
        by_endpoint = {one.endpoint: one for one in self._operations}
        for endpoint in dict.fromkeys(call.endpoint for call in case.calls):
            if endpoint in by_endpoint:
                case = self.before(by_endpoint[endpoint], case)
        return case

    def known(self, operation: FuzzOperation) -> Known:
        """Return what lets requests in; learned by the first who asks."""
        if operation.endpoint not in self._known:
            # Whoever comes back here in a circle finds nothing to wait for.
            self._known[operation.endpoint] = Known()
            self._known[operation.endpoint] = self._learned(operation)
        return self._known[operation.endpoint]

    def valid_call(self, operation: FuzzOperation) -> Call | None:
        """Return a request that the baseline takes, if one was found, else one that is valid."""
        self.known(operation)
        generator = self._run.generator(operation)
        bases = sorted(generator.bases(), key=lambda call: len(call.query))
        if generator.entered is not None and bases:
            bases = [replace(bases[0], body=dict(generator.entered.body)), *bases]
        tries = bases[:_MOST_TRIES]
        taken = (call for call in tries if self._takes(self.before(operation, Case((call,)))))
        return next(taken, tries[0] if tries else None)

    def _takes(self, case: Case) -> bool:
        transcript = self._asking.learned(case)
        response = transcript.exchanges[-1].response if transcript.exchanges else None
        arrived = len(transcript.exchanges) == len(case.calls)
        return arrived and response is not None and 200 <= response.status < 300

    # -- one operation ------------------------------------------------------------------------

    def _learned(self, operation: FuzzOperation) -> Known:
        if not operation.offered:
            return Known()
        generator = self._run.generator(operation)
        bases = generator.bases()
        prefix = Prefix(self._sources(operation, bases))
        tries = iter(range(_MOST_ASKED))
        known = self._entered_behind(prefix, operation, bases, tries)
        if generator.entered is None and operation.json_body is not None:
            more = Prefix(self._sources(operation, bases, bare=True))
            if more.sources.keys() != prefix.sources.keys():
                known = self._entered_behind(more, operation, bases, tries)
        behind = self._behind_steps(known.prefix, operation, bases)
        return known if behind is None else self._entered_behind(behind, operation, bases, tries)

    def _behind_steps(
        self, prefix: Prefix, operation: FuzzOperation, bases: list[Call]
    ) -> Prefix | None:
        """Return what is known with what must have happened before to the thing that is asked for.

        None where requests are let in without, or are with nothing that may be done to it.
        """
        siblings = self._siblings(operation)
        generator = self._run.generator(operation)
        own = prefix.about_own_things()
        if not siblings or not bases or not any(one.startswith("path/") for one in own.sources):
            return None
        valid = plausible(bases, operation.body_schema)[:1] or bases[:1]
        if generator.entered is not None or self._lets_in(prefix, operation, valid):
            return None
        tried: dict[tuple[str, ...], None] = {}
        for one in siblings:
            call = self._step(one)
            if call is None:
                continue
            steps = (*self.known(one).prefix.steps, call)
            names = tuple(step.endpoint for step in steps)
            if names in tried or operation.endpoint in names or len(tried) >= _MOST_STEPS:
                continue
            tried[names] = None
            behind = replace(own, steps=steps)
            if self._lets_in(behind, operation, valid):
                return behind
        return None

    def _lets_in(self, prefix: Prefix, operation: FuzzOperation, calls: list[Call]) -> bool:
        return any(self._takes(prefix.before(Case((call,)), operation.endpoint)) for call in calls)

    def _siblings(self, operation: FuzzOperation) -> list[FuzzOperation]:
        """Return what else is done to the thing that the path names last, but for its removal."""
        thing = _thing(operation)
        return [
            one
            for one in self._operations
            if thing and one is not operation and _thing(one) == thing and one.offered
            if one.method not in READS and one.method != "DELETE"
        ]

    def _step(self, operation: FuzzOperation) -> Call | None:
        known, generator = self.known(operation), self._run.generator(operation)
        call = next(iter(generator.bases()), None)
        if call is not None and generator.entered is not None:
            call = replace(call, body=dict(generator.entered.body))
        return bound(Case((call,)), known.fresh).calls[0] if call is not None else None

    def _entered_behind(
        self, prefix: Prefix, operation: FuzzOperation, bases: list[Call], tries: Iterator[int]
    ) -> Known:
        """Return what is known when what gives out ids goes before the requests.

        `tries` are how often the sides may be asked: some operations let nothing in.
        """
        generator = self._run.generator(operation)
        if operation.json_body is None or operation.method == "GET":
            if operation.searches:
                generator.words = words_of(self._plain_answer(operation, prefix, bases))
            return Known(prefix)
        schema = operation.body_schema

        def alone(case: Case) -> Transcript:
            if next(tries, None) is None:
                return Transcript("", Side.BASELINE)
            return self._asking.learned(case)

        def ask(case: Case) -> Transcript:
            transcript = alone(prefix.before(case, operation.endpoint))
            return replace(transcript, exchanges=transcript.exchanges[-1:])

        likely = plausible(bases, schema)
        fresh = fresh_places(bases, ask, schema, likely=likely)
        generator.entered = largest_taken(bases, fresh, ask, schema, likely=likely)
        if generator.entered is None and prefix.sources:
            fresh = fresh_places(bases, alone, schema, likely=likely)
            generator.entered = largest_taken(bases, fresh, alone, schema, likely=likely)
            prefix = prefix if generator.entered is None else Prefix()
        return Known(prefix, fresh)

    def _plain_answer(self, operation: FuzzOperation, prefix: Prefix, bases: list[Call]) -> Any:
        """Return what the baseline answers to no query at all; None where it refuses."""
        for call in bases[:1]:
            plain = Case((replace(call, query=()),))
            transcript = self._asking.learned(prefix.before(plain, operation.endpoint))
            last = transcript.exchanges[-1] if transcript.exchanges else None
            if last is not None and last.response is not None and last.response.status < 300:
                return _json(last.response.body)
        return None

    def _sources(
        self, operation: FuzzOperation, bases: list[Call], *, bare: bool = False
    ) -> dict[str, tuple[Want, tuple[Source, ...]]]:
        found = {}
        for place, want in wants_of(bases, operation.body_schema).items():
            sources = self._sources_of(operation, want, bare=bare)
            if sources:
                found[place] = (want, sources)
        return found

    def _sources_of(
        self, operation: FuzzOperation, want: Want, *, bare: bool
    ) -> tuple[Source, ...]:
        """Return where a value can be had: rows of a list, or what a write makes.

        What a request changes or removes is its own; what it reads is one of each.
        """
        rows: list[Source] = []
        for giver in self._givers(operation, want, bare=bare)[:_MOST_GIVERS]:
            is_list = giver.method in READS
            if is_list and (rows or _changes(operation, want)):
                continue  # what others made stays as it is
            if not is_list and not bare and not self._is_about(giver, want):
                continue
            sources = self._offered(giver, want, bare=bare)
            if not is_list and sources:
                reads = want.place.startswith("path/") and operation.method in READS
                return (*rows, sources[0]) if reads else tuple(rows) or (sources[0],)
            rows += sources
            if rows and not want.place.startswith("path/"):
                break
        return tuple(rows)

    def _offered(self, giver: FuzzOperation, want: Want, *, bare: bool) -> list[Source]:
        given = self._answer(giver)
        if given is None:
            return []
        case, answer, has_location = given
        offers = offers_in(answer)
        if has_location and not any(words(one.name) in _IDS for one in offers):
            offers.append(Offer(LAST_OF_LOCATION, "id"))
        about = resource_of(giver.endpoint.partition(" ")[2])
        patterns = self._members_of(about)
        return [
            Source(case, offer.pointer)
            for offer in offers
            if is_meant(want, offer, giver=about, pattern=patterns.get(offer.name, ""), bare=bare)
        ][:_MOST_SOURCES]

    def _givers(self, operation: FuzzOperation, want: Want, *, bare: bool) -> list[FuzzOperation]:
        """Return who may give out what is wanted, those that need least first."""
        own = operation.endpoint.partition(" ")[2]
        givers = []
        for one in self._operations:
            template = one.endpoint.partition(" ")[2]
            about = resource_of(template)
            needs_it = "{" + want.name + "}" in template
            if one is operation or needs_it or one.method not in ("GET", "POST"):
                continue
            if template == own and operation.method == one.method:
                continue
            if template.endswith("}") and one.method == "GET":
                continue
            if may_give(want, giver=about, members=self._members_of(about), bare=bare):
                givers.append(one)
        writes_first = _changes(operation, want)
        return sorted(
            givers,
            key=lambda one: (
                not self._is_about(one, want),
                (one.method == "GET") if writes_first else (one.method != "GET"),
                one.endpoint.count("{"),
            ),
        )

    @staticmethod
    def _is_about(giver: FuzzOperation, want: Want) -> bool:
        """Whether what is wanted is the id of the very thing that an operation is about."""
        about = resource_of(giver.endpoint.partition(" ")[2])
        asked = asked_words(want.name)
        named = (singular("".join(asked[:-1])), singular("".join(asked)))
        return about in (want.resource, *named)

    def _members_of(self, about: str) -> Mapping[str, str]:
        """Return the members of what creates such a thing, with their patterns."""
        if about not in self._members:
            makers = (
                one
                for one in self._operations
                if one.method == "POST" and resource_of(one.endpoint.partition(" ")[2]) == about
            )
            maker = next(makers, None)
            self._members[about] = patterns_of(maker.body_schema) if maker is not None else {}
        return self._members[about]

    def _answer(self, giver: FuzzOperation) -> tuple[Case, Any, bool] | None:
        """Return a case whose last call this operation takes, its answer, and whether that says
        where the new thing is.
        """
        if giver.endpoint not in self._given:
            self._given[giver.endpoint] = None
            self._given[giver.endpoint] = self._asked(giver)
        return self._given[giver.endpoint]

    def _asked(self, giver: FuzzOperation) -> tuple[Case, Any, bool] | None:
        known = self.known(giver)
        generator = self._run.generator(giver)
        bases = sorted(generator.bases(), key=lambda call: (len(call.query), len(call.payload())))
        if generator.entered is not None and bases:
            bases = [replace(bases[0], body=dict(generator.entered.body))]
        elif bases and giver.method == "GET":
            bases = [replace(bases[0], query=(), body=ABSENT), *bases]
        for call in bases[:_MOST_TRIES]:
            case = known.prefix.before(bound(Case((call,)), known.fresh), giver.endpoint)
            transcript = self._asking.learned(case)
            last = transcript.exchanges[-1] if transcript.exchanges else None
            arrived = len(transcript.exchanges) == len(case.calls)
            if not arrived or last is None or last.response is None:
                continue
            if not 200 <= last.response.status < 300:
                continue
            answer = _json(last.response.body)
            location = giver.method == "POST" and bool(last.response.header("location"))
            return (case, answer, location) if answer is not None or location else None
        return None


def _json(body: bytes) -> Any:
    """Return what a body holds; None for null, and where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _thing(operation: FuzzOperation) -> str:
    """Return the path as far as its last parameter; empty for none."""
    return operation.endpoint.partition(" ")[2].rpartition("}")[0]


def _changes(operation: FuzzOperation, want: Want) -> bool:
    """Whether a request changes what this place of it names."""
    return operation.method not in READS and want.place.startswith("path/")


def with_nobodys_ids(
    call: Call, places: Mapping[str, Any], operation: FuzzOperation
) -> Call | None:
    """Return the call with ids that nobody has at these places; None where it has none."""
    schemas = {str(one.name): one.validation_schema for one in operation.inner.path_parameters}
    whole = operation.body_schema
    properties = {
        name: flattened(inner, whole)
        for name, inner in (flattened(whole, whole).get("properties") or {}).items()
    }
    path, body, changed = dict(call.path), call.body, False
    for place, value in places.items():
        kind, _, rest = place.partition("/")
        other = nobodys(value, schemas.get(rest) or properties.get(rest))
        if other is None:
            continue
        changed = True
        if kind == "path":
            path[rest] = other
        else:
            body = put(body, f"/{rest}", other)
    return replace(call, path=path, body=body) if changed else None
