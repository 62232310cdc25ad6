"""Sequences: a write, then what reads or uses what it made, each side with its own ids. Pure.

Links are those of the OpenAPI document and those that names tell: `lot_code` of an answer goes to
a parameter or member `lot_code`, `id` of an answer of `/lots` to `lot_id`. A write is also sent
twice: the second answer is one of its own. Chains go on from there: what was made is changed, and
then read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pytest_cutover.core.exchange import READS, Exchange
from pytest_cutover.core.json_pointer import get, put
from pytest_cutover.fuzz.generate.case import ABSENT, Binding, Call, Case
from pytest_cutover.fuzz.generate.references import Want, is_meant, offers_in, resource_of

_MOST_LINKS: Final = 60
_MOST_READERS: Final = 3
_SCALARS: Final = (str, int)


@dataclass(frozen=True, slots=True)
class Link:
    """`source` is followed by `target`; `places` of its request come from the answer's pointers."""

    source: str
    target: str
    places: tuple[tuple[str, str], ...]
    body: Any = ABSENT

    @property
    def label(self) -> str:
        """The two endpoints."""
        return f"{self.source} -> {self.target}"


@dataclass(frozen=True, slots=True)
class LinkPlace:
    """Somewhere an operation takes a value: ``path/lot_code``, ``body/lot_id``."""

    endpoint: str
    place: str

    @property
    def name(self) -> str:
        """The name of the parameter or member."""
        return self.place.rpartition("/")[2]

    @property
    def resource(self) -> str:
        """What the path before a parameter of it is about."""
        before, marked, _ = self.endpoint.partition("{" + self.name + "}")
        return resource_of(before.partition(" ")[2]) if marked else ""


def inferred(answers: Mapping[str, Any], places: Iterable[LinkPlace]) -> Iterator[Link]:
    """Yield links that names tell. `answers` are the bodies of each producer's success."""
    wanted = list(places)
    for source, answer in answers.items():
        if not isinstance(answer, dict):
            continue
        about = resource_of(source.partition(" ")[2])
        offers = [one for one in offers_in(answer) if one.pointer.count("/") == 1]
        found: dict[str, list[tuple[str, str]]] = {}
        for place in wanted:
            own = resource_of(place.endpoint.partition(" ")[2])
            want = Want(place.place, place.name, resource=place.resource, own=own)
            meant = (
                one for one in offers if is_meant(want, one, giver=about, pattern="", bare=True)
            )
            offer = next(meant, None)
            if offer is not None:
                found.setdefault(place.endpoint, []).append((place.place, offer.pointer))
        for target, bound in found.items():
            if target != source:
                yield Link(source, target, tuple(bound))


def declared(
    source: str, links: Iterable[Mapping[str, Any]], targets: Mapping[str, str], where: Any
) -> Iterator[Link]:
    """Yield the OpenAPI links of an operation. `targets` are endpoints by operationId.

    `where(endpoint, name)` gives the place of a parameter, such as ``path/lot_code``.
    """
    for link in links:
        target = targets.get(str(link.get("operationId", "")))
        if target is None:
            continue
        places: list[tuple[str, str]] = []
        body: Any = ABSENT
        for name, expression in (link.get("parameters") or {}).items():
            place, pointer = where(target, str(name)), _pointer(expression)
            if place and pointer:
                places.append((place, pointer))
        given = link.get("requestBody")
        if isinstance(given, dict):
            body = given
            for name, expression in given.items():
                pointer = _pointer(expression)
                if pointer:
                    places.append((f"body/{name}", pointer))
        if places:
            yield Link(source, target, tuple(places), body)


def _pointer(expression: Any) -> str:
    text = str(expression)
    if text.startswith("$response.body#"):
        return text.removeprefix("$response.body#")
    if text.startswith("$response.header."):
        return "/headers/" + text.removeprefix("$response.header.")
    return ""


def merged(links: Iterable[Link]) -> list[Link]:
    """Each pair of endpoints with the same places once; declared ones come first and win."""
    unique: dict[tuple[str, str, tuple[tuple[str, str], ...]], Link] = {}
    for link in links:
        unique.setdefault((link.source, link.target, tuple(sorted(link.places))), link)
    return list(unique.values())[:_MOST_LINKS]


def sequence(first: Call, second: Call, link: Link, exchange: Exchange | None) -> Case | None:
    """Return the two calls with what binds them; None where the second has no such place."""
    return extended(Case((first,), "sequence"), second, link, exchange, step=0)


def extended(
    case: Case, following: Call, link: Link, exchange: Exchange | None, *, step: int
) -> Case | None:
    """Return the case and one more call, bound to the answer of a step; None where it has no such
    place.

    `exchange` is an answer of the link's source, for the form of its values.
    """
    body = following.body
    bindings = list(following.bindings)
    path, query = dict(following.path), list(following.query)
    answer = _answer(exchange)
    if link.body is not ABSENT and isinstance(link.body, dict):
        body = {**(body if isinstance(body, dict) else {}), **link.body}
    for place, pointer in link.places:
        sample = get(answer, pointer)
        shown = _neutral(str(sample)) if isinstance(sample, _SCALARS) else "from-the-answer"
        kind, _, name = place.partition("/")
        if kind == "path":
            path[name] = shown
        elif kind == "query":
            query = [*((key, value) for key, value in query if key != name), (name, shown)]
        elif kind == "body" and isinstance(body, dict):
            body = put({**body, name: ""}, f"/{name}", shown)
        else:
            return None
        bindings = [one for one in bindings if one.place != place]
        bindings.append(Binding(place, step=step, pointer=pointer))
    added = replace(following, path=path, query=tuple(query), body=body, bindings=tuple(bindings))
    return Case((*case.calls, added), case.origin)


def chains(links: Iterable[Link]) -> Iterator[tuple[Link, tuple[tuple[Link, int], ...]]]:
    """Longer walks: a write of what was made, then everything that reads what either of them made.

    Each is the link of the first two calls, and for each later one its link and the step whose
    answer it takes. Create a lot, decide on it, look at it: the last shows what the second did.
    """
    known = list(links)
    for first in known:
        if first.target.partition(" ")[0] in READS or first.target == first.source:
            continue
        readers: dict[str, tuple[Link, int]] = {}
        for step, source in ((1, first.target), (0, first.source)):
            for link in known:
                if link.source == source and link.target.partition(" ")[0] in READS:
                    readers.setdefault(link.target, (link, step))
        if readers:
            yield first, tuple(readers.values())[:_MOST_READERS]


def _neutral(sample: str) -> str:
    """Return a value of the same form that names nothing: a shrunk case must not live on old
    data.
    """
    return re.sub(r"[1-9A-Za-z]", "0", sample)


def repeated(call: Call) -> Case:
    """Return the same write twice, with the same new values."""
    return Case((call, call), "repeat")


def _answer(exchange: Exchange | None) -> Any:
    if exchange is None or exchange.response is None:
        return None
    try:
        return json.loads(exchange.response.body)
    except (ValueError, RecursionError):
        return None


def answer_of(exchange: Exchange) -> Any:
    """Return the JSON body of a successful answer; None for any other."""
    response = exchange.response
    return _answer(exchange) if response is not None and 200 <= response.status < 300 else None
