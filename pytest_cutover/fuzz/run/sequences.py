"""The sequences of a document: who follows whom is learned from answers and from the document."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final, Protocol

from pytest_cutover.core.exchange import READS, Exchange
from pytest_cutover.fuzz.generate.case import Call, Case
from pytest_cutover.fuzz.generate.links import (
    Link,
    LinkPlace,
    answer_of,
    chains,
    declared,
    extended,
    inferred,
    merged,
    repeated,
    sequence,
)
from pytest_cutover.fuzz.generate.operations import FuzzDocument, FuzzOperation
from pytest_cutover.fuzz.generate.unique_fields import bound
from pytest_cutover.openapi.schema import flattened

if TYPE_CHECKING:
    from pytest_cutover.fuzz.generate.cases import CaseGenerator
    from pytest_cutover.fuzz.run.entering import Entering
    from pytest_cutover.fuzz.run.running import FuzzSession

_MOST_CHAINS: Final = 12


class Learned(Protocol):
    """What is known of the operations of a run, learned once for all its items."""

    def why_not(self, method: str) -> str:
        """Why requests of this method are not sent; empty where they are."""

    def entering(self, session: FuzzSession) -> Entering:
        """Return what lets requests in."""

    def generator(self, operation: FuzzOperation) -> CaseGenerator:
        """Return the cases of an operation."""


class Sequences:
    """Cases of several calls for the operations that the run may send."""

    def __init__(self, document: FuzzDocument, room: Learned, session: FuzzSession) -> None:
        self._operations = {
            one.endpoint: one
            for one in document.operations
            if not one.broken and not room.why_not(one.method)
        }
        self._room = room
        self._session = session
        self._bases: dict[str, list[Call]] = {}

    def cases(self, per_link: int) -> Iterator[Case]:
        """Repeated writes first, then each link in turn; each behind what gives out its ids."""
        entering = self._room.entering(self._session)
        return (entering.complete(case) for case in self._cases(per_link))

    def _cases(self, per_link: int) -> Iterator[Case]:
        made, links = self.known
        for call in self._writes.values():
            yield repeated(call)
        streams = [list(self._along(link, made[link.source][1], per_link)) for link in links]
        for turn in zip_longest(*streams):
            yield from (case for case in turn if case is not None)
        walks = list(chains(links))[:_MOST_CHAINS]
        longer = [list(self._chained(first, rest, made, per_link)) for first, rest in walks]
        for turn in zip_longest(*longer):
            yield from (case for case in turn if case is not None)

    @cached_property
    def known(self) -> tuple[dict[str, tuple[Call, Exchange]], list[Link]]:
        """The writes that the baseline takes, with its answers, and who gives what to whom."""
        made = dict(self._made())
        answers = {name: answer_of(exchange) for name, (_, exchange) in made.items()}
        return made, self._links(answers)

    def _chained(
        self,
        first: Link,
        rest: tuple[tuple[Link, int], ...],
        made: dict[str, tuple[Call, Exchange]],
        count: int,
    ) -> Iterator[Case]:
        """Yield the walks of a chain: what its first two calls are varies, what only reads does
        not.
        """
        for start in self._along(first, made[first.source][1], count):
            case: Case | None = start
            for link, step in rest:
                following = self._of(self._operations[link.target])
                if case is None or not following:
                    break
                case = extended(case, following[0], link, made[link.source][1], step=step)
            if case is not None and len(case.calls) > len(start.calls):
                yield case

    @cached_property
    def _writes(self) -> dict[str, Call]:
        """For each write, a call that the baseline takes, or a valid one."""
        entering = self._room.entering(self._session)
        found = {}
        for endpoint, operation in self._operations.items():
            call = None if operation.method in READS else entering.valid_call(operation)
            if call is not None:
                known = entering.known(operation)
                found[endpoint] = bound(Case((call,)), known.fresh).calls[0]
        return found

    def _made(self) -> Iterator[tuple[str, tuple[Call, Exchange]]]:
        """For each write that makes something, its call and the answer."""
        entering = self._room.entering(self._session)
        for endpoint, call in self._writes.items():
            if call.method not in ("POST", "PUT"):
                continue
            transcript = self._session.pair.learned(entering.complete(Case((call,))))
            exchange = transcript.exchanges[-1] if transcript.exchanges else None
            if exchange is not None and answer_of(exchange) is not None:
                yield endpoint, (call, exchange)

    def _links(self, answers: dict[str, Any]) -> list[Link]:
        targets = {one.operation_id: name for name, one in self._operations.items()}
        told = [
            link
            for source in answers
            for link in declared(source, self._operations[source].links, targets, self._where)
        ]
        places = [place for one in self._operations.values() for place in _places(one)]
        return merged([*told, *inferred(answers, places)])

    def _where(self, endpoint: str, name: str) -> str:
        name = name.rpartition(".")[2]
        places = _places(self._operations[endpoint])
        return next((place.place for place in places if place.name == name), "")

    def _along(self, link: Link, exchange: Exchange, count: int) -> Iterator[Case]:
        """Yield valid calls of both ends, paired in turn."""
        source, target = self._operations[link.source], self._operations.get(link.target)
        if target is None:
            return
        firsts, seconds = self._of(source), self._of(target)
        for number in range(min(count, max(len(firsts), len(seconds)))):
            first, second = firsts[number % len(firsts)], seconds[number % len(seconds)]
            case = sequence(first, second, link, exchange)
            if case is not None:
                yield case

    def _of(self, operation: FuzzOperation) -> list[Call]:
        if operation.endpoint not in self._bases:
            known = self._room.entering(self._session).known(operation)
            bases = self._room.generator(operation).bases()
            calls = [bound(Case((call,)), known.fresh).calls[0] for call in bases]
            self._bases[operation.endpoint] = calls
        return self._bases[operation.endpoint]


def _places(operation: FuzzOperation) -> list[LinkPlace]:
    """Where an operation takes a value by a name."""
    places = [
        LinkPlace(operation.endpoint, f"path/{parameter.name}")
        for parameter in operation.inner.path_parameters
    ]
    places += [
        LinkPlace(operation.endpoint, f"query/{parameter.name}")
        for parameter in operation.inner.query
    ]
    schema = operation.body_schema
    properties = flattened(schema, schema).get("properties")
    names = properties if isinstance(properties, dict) else {}
    return places + [LinkPlace(operation.endpoint, f"body/{name}") for name in names]
