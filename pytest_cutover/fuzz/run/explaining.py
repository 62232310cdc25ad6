"""What explains the differences of generated requests, beyond what one answer can say. Pure.

A request is known whole, and so are the answers that came before it: which member a refusal names,
what a write stored, which page answers for all. Each is told in the same words wherever it holds;
a finding has an explanation where it holds for every occurrence.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import READS, Exchange, Transcript
from pytest_cutover.fuzz.generate.case import Case
from pytest_cutover.fuzz.run.packing import packed_otherwise
from pytest_cutover.fuzz.run.refusals import (
    LEAST_REFUSAL,
    REFUSALS,
    body_of,
    is_taken,
    members_of,
    refused_member,
)
from pytest_cutover.report.model import Finding

_OF_FORM: Final = frozenset({400, 405, 415, 422})
_VALUED: Final = frozenset(
    (Kind.VALUE, Kind.TYPE, Kind.FORMAT, Kind.SCALE, Kind.WIRE, Kind.ORDER, Kind.MISSING)
)
OF_REQUESTS: Final = frozenset(
    {
        "refused",
        "let in",
        "odd request",
        "error page",
        "error format",
        "content type",
        "delimiter",
        "emptied",
        "header",
    }
)
OF_METHOD: Final = "error status of"
_IDS: Final = ("id", "uuid", "code", "key", "slug")
_MOST_STORED: Final = 20_000
_LONGEST: Final = 60
_ORIGIN_HEADER: Final = "access-control-allow-origin"
_TELLING: Final = 3
_UNSHARED: Final = re.compile(r"^/(?:components/schemas|definitions)/")
_OTHER_TIME: Final = re.compile(r"timestamp .+ → timestamp .+")
_NUMBER: Final = re.compile(r"-?\d{1,20}(?:\.\d{1,20})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Members:
    """What the document says of the members of an operation's requests and answers.

    `kinds` are the media types of its documented successes. `constraints` is what is said of each
    member of a request, by its name; `shared` gives the member of a shared schema that stands at a
    place of an answer, empty for none.
    """

    constraints: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    shared: Callable[[int, Sequence[str]], str] = lambda _status, _tokens: ""


@dataclass(frozen=True, slots=True)
class Written:
    """What a write answered otherwise: the thing of the candidate, its value, and who wrote."""

    thing: str
    value: str
    endpoint: str


@dataclass(slots=True)
class Stored:
    """What writes answered otherwise: by thing, member and value of the baseline."""

    _known: dict[tuple[str, str, str], Written] = field(default_factory=dict)

    def learn(self, one: Round) -> None:
        """Take down what the writes of a round gave back, where the two sides differ."""
        for ours, theirs in zip(one.baseline.exchanges, one.candidate.exchanges, strict=False):
            if ours.request.method in READS or not (is_taken(ours) and is_taken(theirs)):
                continue
            if ours.response == theirs.response:
                continue
            for things, member, left, right in _apart(body_of(ours), body_of(theirs), ("", ""), ""):
                if len(self._known) < _MOST_STORED:
                    written = Written(things[1], right, ours.endpoint)
                    self._known.setdefault((things[0], member, left), written)

    def of(self, thing: str, member: str, value: str) -> Written | None:
        """Return what was written where the baseline has this value; None for nothing else."""
        return self._known.get((thing, member, value))


class Explainer:
    """Says what explains a difference of a case; empty where nothing was proven."""

    def __init__(self, members: Callable[[str], Members], stored: Stored) -> None:
        self._members, self._stored = members, stored

    def of(
        self,
        case: Case,
        found: Difference,
        ours: Transcript,
        theirs: Transcript,
        odd: str = "",
        beside: Sequence[Difference] = (),
    ) -> str:
        """Return the explanation of one occurrence; `odd` is what is odd about its protocol.

        `beside` are all differences of the case.
        """
        index = found.exchange
        if index >= min(len(ours.exchanges), len(theirs.exchanges)):
            return ""
        one, other = ours.exchanges[index], theirs.exchanges[index]
        if one.response is None or other.response is None:
            return ""
        statuses = one.response.status, other.response.status
        if odd:
            # As documented both answer alike: what is odd is all that makes them part, and what
            # else differs in an answer of another status follows from it.
            if statuses[0] == statuses[1]:
                return ""
            if _lets_any_origin_in(one, other):
                return f"header: {_ORIGIN_HEADER} is added"
            if statuses[1] in _OF_FORM and statuses[0] not in {404, *_OF_FORM}:
                return f"odd request: {odd} is refused, {statuses[1]}"
            judged = statuses[0] >= LEAST_REFUSAL
            return f"odd request: {odd} is no {statuses[0]}" if judged else ""
        kinds = _kind_of(one), _kind_of(other)
        if found.kind is Kind.BODY_KIND or found.pointer == "/headers/content-type":
            if one.response.body == other.response.body and kinds[0] != kinds[1]:
                return f"content type: {kinds[0]} → {kinds[1]} of {one.endpoint}"
            if statuses[0] == statuses[1] >= LEAST_REFUSAL and found.kind is Kind.BODY_KIND:
                page = zlib.crc32(other.response.body)
                return f"error page: {statuses[0]} {found.change}, the same page {page:08x}"
        if found.pointer == "/headers/vary" and (packed := packed_otherwise(one, other)):
            return packed
        replaced = _replaced(body_of(one), body_of(other)) if _is_inbody_of(found) else ""
        if replaced and statuses[0] == statuses[1] >= LEAST_REFUSAL:
            return f"error format: {replaced}, {statuses[0]}"
        if _is_inbody_of(found) and (separated := _separated(found, beside)):
            return f"delimiter: {separated} of {one.endpoint}"
        if REFUSALS & set(statuses) and (found.kind is Kind.STATUS or _is_inbody_of(found)):
            refused = self._of_refusal(case, found, ours, theirs)
            if refused or found.kind is not Kind.STATUS:
                return refused
        if found.kind is Kind.STATUS and min(statuses) >= LEAST_REFUSAL:
            alike = _members(body_of(one)) == _members(body_of(other)) != ()
            said = f"{OF_METHOD} {one.request.method}: {statuses[0]} → {statuses[1]}"
            return said if alike else ""
        if all(is_taken(side) for side in (one, other)) and found.kind in _VALUED:
            return (
                _kept(case, found, theirs)
                or _nulls_left_out(found, one, other)
                or self._of_value(found, one, other)
            )
        return ""

    def _of_refusal(
        self, case: Case, found: Difference, ours: Transcript, theirs: Transcript
    ) -> str:
        """Return which member of the request the one side refuses, and the other takes."""
        one, other = ours.exchanges[found.exchange], theirs.exchanges[found.exchange]
        if found.kind is Kind.LENGTH and json_pointer.get(body_of(other), found.pointer) == []:
            return f"emptied: {found.pointer} of refusals"
        verb, name = refused_member(case, found, ours, theirs)
        if not name:
            return ""
        said = self._members(one.endpoint).constraints.get(name)
        return f"{verb}: {name} ({said})" if said else f"{verb}: {name} of {one.endpoint}"

    def _of_value(self, found: Difference, one: Exchange, other: Exchange) -> str:
        tokens = json_pointer.parse(found.pointer)
        if not tokens or tokens[0] == "headers" or one.response is None:
            return ""
        if _OTHER_TIME.fullmatch(found.change):
            # Of two times of one write: which moment it was says nothing of how it is written.
            return f"re-encoded: {tokens[-1]} {found.change}"
        before, after = found.baseline or "", found.candidate or ""
        shared = self._members(one.endpoint).shared(one.response.status, tokens)
        told = before.strip('"')
        if shared and len(told) >= _TELLING and told not in ("true", "false", "null"):
            name = _UNSHARED.sub("", shared).replace("/properties/", ".")
            return f"mapped: {name} {before[:_LONGEST]} → {after[:_LONGEST]}"
        place = _thing_at(body_of(one), tokens)
        if place is None:
            return ""
        thing, member, row = place
        written = self._stored.of(thing, member, _text(json_pointer.get(row, member)))
        if written is None:
            return ""
        theirs = _thing_like(body_of(other), tokens, member, written.thing)
        if theirs is None or _text(json_pointer.get(theirs, member)) != written.value:
            return ""
        return f"stored: {member.lstrip('/')} {found.change} by {written.endpoint}"


def _members(node: Any, above: str = "") -> tuple[str, ...]:
    """Return where the members of an answer stand, in order."""
    if not isinstance(node, dict):
        return ()
    found: list[str] = []
    for name, value in sorted(node.items()):
        # A refusal that lists what is wrong is another one than a refusal that lists nothing.
        empty = " empty" if value == [] else ""
        found += [f"{above}/{name}{empty}", *_members(value, f"{above}/{name}")]
    return tuple(found)


def _separated(found: Difference, beside: Sequence[Difference]) -> str:
    """Return how a table is separated otherwise, of which everything else in it follows."""
    for other in beside:
        if other.exchange == found.exchange and other.pointer == "/delimiter":
            return f"{other.baseline} → {other.candidate}"
    return ""


def _lets_any_origin_in(one: Exchange, other: Exchange) -> bool:
    """Whether the candidate allows an origin in an answer that the baseline refuses."""
    left, right = one.response, other.response
    if left is None or right is None or left.header(_ORIGIN_HEADER) is not None:
        return False
    return right.header(_ORIGIN_HEADER) is not None and right.status < LEAST_REFUSAL


def _replaced(left: Any, right: Any) -> str:
    """Return how a refusal has other members altogether; empty where one of them stayed."""
    if not isinstance(left, dict) or not isinstance(right, dict) or left.keys() & right.keys():
        return ""
    if not left or not right:
        return ""
    return f"{{{', '.join(sorted(left))}}} → {{{', '.join(sorted(right))}}}"


def _kept(case: Case, found: Difference, theirs: Transcript) -> str:
    """Return that the candidate keeps what was there, where null or nothing is sent for it."""
    tokens = json_pointer.parse(found.pointer)
    if found.exchange >= len(case.calls) or len(tokens) != 1 or found.baseline != "null":
        return ""
    call, name = case.calls[found.exchange], tokens[0]
    if call.method in READS or not isinstance(call.body, dict):
        return ""
    if call.body.get(name) is not None:
        return ""
    now, own = body_of(theirs.exchanges[found.exchange]), None
    for earlier in theirs.exchanges[: found.exchange]:
        thing = body_of(earlier)
        if _id_of(thing) and _id_of(thing) == _id_of(now):
            own = thing
    if own is None or json_pointer.get(own, found.pointer) != json_pointer.get(now, found.pointer):
        return ""
    return f"kept: {call.endpoint} keeps what {'null' if name in call.body else 'nothing'} is for"


def _nulls_left_out(found: Difference, one: Exchange, other: Exchange) -> str:
    """Return that the candidate leaves out what is null, where it has no null beside it."""
    above = json_pointer.join(json_pointer.parse(found.pointer)[:-1])
    ours, theirs = json_pointer.get(body_of(one), above), json_pointer.get(body_of(other), above)
    if found.kind is not Kind.MISSING or not isinstance(ours, dict) or not isinstance(theirs, dict):
        return ""
    empty = {name for name, value in ours.items() if value is None}
    known = json_pointer.parse(found.pointer)[-1] in empty
    return "nulls: left out" if known and not empty & theirs.keys() else ""


def settled(explanations: Sequence[str], case: Case, *, shrunk: bool = False) -> str:
    """Return what explains all occurrences; a refused member with the value that shows it.

    `case` is the smallest that shows the finding.
    """
    explanation = next(iter(explanations), "") if len(set(explanations)) < 2 else ""
    if explanation.partition(":")[0] not in OF_REQUESTS and shrunk:
        explanation = _asked_by(case) or explanation
    verb, _, what = explanation.partition(": ")
    if verb not in ("refused", "let in"):
        return explanation
    name, _, said = what.partition(" ")
    values = [value for call in case.calls for key, value in members_of(call) if key == name]
    if "(pattern " in explanation:
        # What has the same pattern is the same kind of code, whatever it is called.
        explanation = f"{verb}: a text of {said[1:-1]}"
    return f"{explanation}, {_shown(values[-1])}" if values else explanation


def rounded(pairs: Sequence[tuple[str, str]], pointer: str) -> str:
    """Return what explains numbers of which the candidate gives fewer decimals; empty for others.

    One pair may be chance.
    """
    given = [_decimals(number) for _, after in pairs if (number := _number(after)) is not None]
    return _rounded_to(max(given, default=0), pairs, pointer, least=2)


def _rounded_to(places: int, pairs: Iterable[tuple[str, str]], pointer: str, *, least: int) -> str:
    numbers = [(_number(before), _number(after)) for before, after in dict.fromkeys(pairs)]
    known = [(one, other) for one, other in numbers if one is not None and other is not None]
    told = [(one, other) for one, other in known if one != other]
    if len(told) < least or len(known) < len(numbers):
        return ""
    if any(_decimals(one) <= places for one, _ in told):
        return ""
    unit = Decimal(1).scaleb(-places)
    for way in (ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_DOWN):
        if all(one.quantize(unit, way) == other for one, other in known):
            name = next((one for one in reversed(json_pointer.parse(pointer)) if one != "*"), "")
            return f"rounded: {name} to {places} decimals"
    return ""


def explained_together(findings: Iterable[Finding], alike: Collection[str]) -> list[Finding]:
    """Return the findings, some with what only all of them together explain.

    A number that one request shows is rounded as the same member is elsewhere; a status that not
    every request of a method has may be that of one path. `alike` is what both sides do alike.
    """
    every = list(findings)
    known = {one.explanation for one in every if one.explanation.startswith("rounded: ")}
    places = sorted({int(one.split()[-2]) for one in known})
    explained = []
    for one in every:
        pairs = one.values.pairs if one.values is not None else ()
        told = {_rounded_to(number, pairs, one.pointer, least=1) for number in places} & known
        label, _, what = one.explanation.partition(": ")
        method = label.removeprefix(f"{OF_METHOD} ")
        if len(told) == 1:
            one = replace(one, explanation=told.pop())
        elif method != label and f"{method} {what.partition(' ')[0]}" in alike:
            path = one.endpoint.partition(" ")[2]
            one = replace(one, explanation=f"{OF_METHOD} {path}: {what}")
        explained.append(one)
    return explained


def _number(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _asked_by(case: Case) -> str:
    """Return the query without which nothing is shown; empty where there is none."""
    call = case.calls[-1]
    if call.method != "GET" or not call.query:
        return ""
    # Which page or offset shows it does not matter.
    asked = "&".join(f"{name}={'…' if value.isdecimal() else value}" for name, value in call.query)
    return f"asked by: {call.endpoint} with {asked[:_LONGEST]}"


def _kind_of(exchange: Exchange) -> str:
    return (exchange.response.header("content-type") or "" if exchange.response else "").strip()


def _shown(value: Any) -> str:
    number = _number(str(value)) if isinstance(value, str | int | float) else None
    if number is not None and not isinstance(value, bool):
        return f"{number.normalize():f}"
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= _LONGEST // 2 else f"{len(value)} long"


def _is_inbody_of(found: Difference) -> bool:
    return found.pointer.startswith("/") and not found.pointer.startswith("/headers/")


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _id_of(row: Any) -> str:
    if isinstance(row, dict):
        for name in _IDS:
            if isinstance(row.get(name), str | int):
                return f"{name} {row[name]}"
    return ""


def _apart(
    left: Any, right: Any, things: tuple[str, str], member: str
) -> Iterator[tuple[tuple[str, str], str, str, str]]:
    """Yield the members in which two answers differ, by the things that they are of."""
    if isinstance(left, dict) and isinstance(right, dict):
        own = _id_of(left), _id_of(right)
        things, member = (own, "") if all(own) else (things, member)
        for name in left.keys() | right.keys():
            below = member + json_pointer.join([name])
            if name in left and name in right:
                yield from _apart(left[name], right[name], things, below)
            elif things[0]:
                yield things, below, _text(left.get(name)), _text(right.get(name))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        if things[0] and left != right and sorted(map(_text, left)) == sorted(map(_text, right)):
            yield things, member, _text(left), _text(right)  # the same in another order
        for index, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from _apart(one, other, things, f"{member}/{index}")
    elif things[0] and _text(left) != _text(right):
        yield things, member, _text(left), _text(right)


def _thing_at(body: Any, tokens: Sequence[str]) -> tuple[str, str, Any] | None:
    """Return the nearest thing with an id above a place: its id, the way from it, and itself."""
    node, found = body, None
    for depth, token in enumerate(tokens):
        if _id_of(node):
            found = _id_of(node), depth, node
        if isinstance(node, list) and token.isdecimal() and int(token) < len(node):
            node = node[int(token)]
        elif isinstance(node, dict) and token in node:
            node = node[token]
        else:
            break
    if found is None:
        return None
    thing, depth, row = found
    return thing, json_pointer.join(tokens[depth:]), row


def _thing_like(body: Any, tokens: Sequence[str], member: str, thing: str) -> Any:
    """Return a thing of the other side: in the list where that of the baseline stands, or there."""
    above = list(tokens[: len(tokens) - member.count("/")])
    beside = json_pointer.get(body, json_pointer.join(above[:-1])) if above else None
    listed = (
        beside if isinstance(beside, list) else [json_pointer.get(body, json_pointer.join(above))]
    )
    return next((one for one in listed if _id_of(one) == thing), None)
