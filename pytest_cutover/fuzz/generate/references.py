"""What an operation refers to, asked for first: who gives out the ids that a request needs. Pure.

An order needs a customer that exists. Its id stands in an answer of a list, or of what creates
one: that is sent first, on each side, and its answer fills the place. Who gives what is told by
names (`customer_id` and the `id` of `/customers`), and by texts of one pattern (`ship_to` and
the `code` of `/locations`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final

from pytest_cutover.core.exchange import READS
from pytest_cutover.core.json_pointer import escape
from pytest_cutover.fuzz.generate.case import Absent, Binding, Call, Case
from pytest_cutover.openapi.schema import flattened

_MOST_ROWS: Final = 3
_DEEPEST: Final = 3
KEYS: Final = frozenset({"id", "uuid", "key", "code", "slug", "sku", "number", "ref"})
# The pointer of the id that a new thing has in the address that its answer gives.
LAST_OF_LOCATION: Final = "/headers/location/0"
_IDS: Final = (("id",), ("uuid",))
_GENERIC: Final = frozenset({"name", "type", "status", "notes", "description", "email", "title"})
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


# -- names ----------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case: ``shipTo``, ``ship-to`` and ``ship_to`` alike."""
    return tuple(found.lower() for found in _WORD.findall(name))


def asked_words(name: str) -> tuple[str, ...]:
    """Return the words of a name that is asked for: of a list of ids, those of one of them."""
    found = words(name)
    last = singular(found[-1]) if found else ""
    return (*found[:-1], last) if last in KEYS else found


@lru_cache(maxsize=8192)
def singular(word: str) -> str:
    """Return ``lot`` for ``lots``, ``category`` for ``categories``."""
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("s", "")):
        if word.endswith(ending) and len(word) > len(ending) + 1 and not word.endswith("ss"):
            return word.removesuffix(ending) + instead
    return word


@lru_cache(maxsize=8192)
def resource_of(template: str) -> str:
    """Return what a path is about: ``lot`` of ``/api/lots`` and of ``/api/lots/{id}``."""
    literal = [part for part in template.split("/") if part and "{" not in part]
    return singular("".join(words(literal[-1]))) if literal else ""


@dataclass(frozen=True, slots=True)
class Want:
    """A place of a request that may name something: its name, pattern and the path before it.

    `place` is as in a `Binding`, with ``*`` for the index of an item; `own` is what the operation
    itself makes, whose codes it does not refer to.
    """

    place: str
    name: str
    pattern: str = ""
    format: str = ""
    resource: str = ""
    own: str = ""

    def fits(self, value: Any) -> bool:
        """Return whether a value may be such a name at all: one that is wrong on purpose stays."""
        if isinstance(value, str) and self.pattern:
            try:
                return re.search(self.pattern, value) is not None
            except re.error:
                return True
        return self.format != "uuid" or (isinstance(value, str) and bool(_UUID.fullmatch(value)))


@dataclass(frozen=True, slots=True)
class Offer:
    """A value that an answer gives out: where it stands, and the name of its member."""

    pointer: str
    name: str


def offers_in(answer: Any) -> list[Offer]:
    """Return the scalars of an answer and of the first rows of its lists."""
    return list(_offers(answer, "", "", 0))


def _offers(node: Any, pointer: str, name: str, depth: int) -> Iterator[Offer]:
    if isinstance(node, dict):
        if depth < _DEEPEST:
            for key, value in node.items():
                yield from _offers(value, f"{pointer}/{escape(str(key))}", str(key), depth + 1)
    elif isinstance(node, list):
        for index, item in enumerate(node[:_MOST_ROWS]):
            yield from _offers(item, f"{pointer}/{index}", name, depth)
    elif isinstance(node, str | int) and not isinstance(node, bool) and node != "":
        yield Offer(pointer, name)


def is_meant(want: Want, offer: Offer, *, giver: str, pattern: str, bare: bool = False) -> bool:
    """Return whether an offer of an operation about `giver` is what a place asks for.

    `pattern` is that of the member, where a request that makes one has it. A member of a body that
    is called `code` and no more is that of what the request makes, or with `bare` of another.
    """
    asked, given = asked_words(want.name), words(offer.name)
    if not asked or not given or offer.name in _GENERIC:
        return False
    if want.place.startswith("body/"):
        if asked == given and want.own == giver:
            return False  # the code of the very thing that is made
        if len(asked) == 1 and asked[0] in KEYS:
            return bare and asked == given
    if asked == given:
        named = want.place.startswith("path/") or asked[-1] in KEYS
        return (named and len(asked) > 1) or (bool(want.resource) and want.resource == giver)
    about = singular("".join(asked[:-1]))
    if asked[-1] in KEYS and given[-1:] == asked[-1:] and about:
        own = given[:-1] in ((), (giver,))
        if own and (about == giver or (bool(pattern) and pattern == want.pattern)):
            return True
    if given in (("id",), ("uuid",)) and singular("".join(asked)) == giver and not want.resource:
        return True
    return bool(pattern) and pattern == want.pattern and given[-1] in KEYS


def may_give(want: Want, *, giver: str, members: Mapping[str, str], bare: bool = False) -> bool:
    """Return whether an operation about `giver` may have what a place asks for.

    `members` are those of its body, with their patterns.
    """
    asked = asked_words(want.name)
    if not asked:
        return False
    about = {singular("".join(asked[:-1])), singular("".join(asked)), want.resource} - {""}
    if giver in about or ((bare or len(asked) > 1) and want.name in members):
        return True
    return bool(want.pattern) and want.pattern in members.values()


def wants_of(calls: Iterable[Call], schema: Mapping[str, Any]) -> dict[str, Want]:
    """Return the places of valid calls that may name something, by their place."""
    found: dict[str, Want] = {}
    for call in calls:
        for place, _ in slots(call):
            where = indexless(place)
            if where in found:
                continue
            kind, _, rest = where.partition("/")
            name = next((part for part in reversed(rest.split("/")) if part != "*"), "")
            if kind == "path":
                about = resource_of(call.template.partition("{" + name + "}")[0])
                found[where] = Want(where, name, resource=about)
            elif kind == "body":
                name = _with_its_object(name, rest.split("/"))
                pattern, form = _form(schema, schema, rest.split("/"))
                own = resource_of(call.template)
                found[where] = Want(where, name, pattern, form, own=own)
            elif kind != "header" or asked_words(name)[-1:] in _IDS:
                found[where] = Want(where, re.sub(r"^[Xx]-", "", name))
    return found


def _with_its_object(name: str, path: list[str]) -> str:
    """Return the name of a member, with that of the object around it where it is a bare key.

    ``{"customer": {"id": 5}}`` refers to a customer, as ``customer_id`` does.
    """
    around = path[-2] if len(path) > 1 and path[-1] == name else "*"
    return f"{around}_{name}" if around != "*" and words(name)[-1:] in _IDS else name


def patterns_of(schema: Mapping[str, Any]) -> dict[str, str]:
    """Return the members of a body with the pattern of each; empty for none."""
    properties = flattened(schema, schema).get("properties") or {}
    return {str(name): _form(schema, schema, [str(name)])[0] for name in properties}


def _form(node: Any, root: Any, path: list[str]) -> tuple[str, str]:
    """Return the pattern and the format of what stands at a path of a schema; empty for none."""
    known = flattened(node, root)
    if not path:
        pattern, form = known.get("pattern"), known.get("format")
        return str(pattern or ""), str(form or "")
    below = known.get("items") if path[0] == "*" else (known.get("properties") or {}).get(path[0])
    return _form(below, root, path[1:])


def slots(call: Call) -> Iterator[tuple[str, Any]]:
    """Yield the places of a call that hold a text or a whole number, and what they hold."""
    for name, value in call.path.items():
        yield f"path/{name}", value
    for name, value in dict(call.query).items():
        yield f"query/{name}", value
    for name, value in dict(call.headers).items():
        yield f"header/{name}", value
    if not isinstance(call.body, Absent | bytes):
        yield from _leaves(call.body, "body")


def _leaves(node: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _leaves(value, f"{place}/{escape(str(key))}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _leaves(value, f"{place}/{index}")
    elif isinstance(node, str | int) and not isinstance(node, bool):
        yield place, node


def indexless(place: str) -> str:
    """Return a place with ``*`` for the index of each item of a body."""
    kind, _, rest = place.partition("/")
    if kind != "body":
        return place
    return "/".join([kind, *("*" if part.isdecimal() else part for part in rest.split("/"))])


# -- what goes before a case ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """A value that can be had: the last call of a case gives it out at a pointer."""

    case: Case
    pointer: str


@dataclass(frozen=True, slots=True)
class Prefix:
    """For each place of an operation's requests, what it asks for and where that can be had.

    `steps` are what must have happened to the very thing of the path before: it is paid, and then
    shipped. They have the parameters of the path that the operation has.
    """

    sources: Mapping[str, tuple[Want, tuple[Source, ...]]] = field(default_factory=dict)
    steps: tuple[Call, ...] = ()

    def before(
        self, case: Case, endpoint: str, *, turn: int = 0, but: Collection[str] = ()
    ) -> Case:
        """Return the case behind the calls that fill its places; as it is where it has none.

        `turn` chooses among several values. Places of one kind get different ones. A place that is
        wrong on purpose stays, and so are those of `but`.
        """
        asked = _Asked()
        later: list[tuple[Call, list[Binding]]] = []
        for call in case.calls:
            added = [*self._filled(call, asked, turn, but)] if call.endpoint == endpoint else []
            if len(case.calls) == 1:
                later += self._steps_to(added)
            later.append((call, added))
        count = len(asked.calls)
        if not count:
            return case
        calls = [
            replace(call, bindings=(*_later(call, count).bindings, *added)) for call, added in later
        ]
        return replace(case, calls=(*asked.calls, *calls))

    def _steps_to(self, bound: list[Binding]) -> Iterator[tuple[Call, list[Binding]]]:
        """Yield the steps with the ids of the call that they lead to; none where it has none."""
        for step in self.steps:
            shared = [one for one in bound if one.place.removeprefix("path/") in step.path]
            if not shared:
                return
            yield step, shared

    def about_own_things(self) -> Prefix:
        """Return the same without what lists give out: nothing is done to what others made."""
        own = {
            place: (want, made)
            for place, (want, sources) in self.sources.items()
            if (made := tuple(one for one in sources if one.case.calls[-1].method not in READS))
        }
        return replace(self, sources=own)

    def _filled(
        self, call: Call, asked: _Asked, turn: int, but: Collection[str]
    ) -> Iterator[Binding]:
        taken = {*but, *(binding.place for binding in call.bindings)}
        for place, value in slots(call):
            want, choices = self.sources.get(indexless(place), _NOTHING)
            if not choices or place in taken or not (call.rest_valid or place.startswith("body")):
                continue
            if want is None or not want.fits(value):
                continue
            source = choices[(turn + asked.count(choices)) % len(choices)]
            yield Binding(place, step=asked.step_of(source.case), pointer=source.pointer)


_NOTHING: Final = (None, ())


class _Asked:
    """The calls that are sent first, each source once."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self._steps: dict[str, int] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def step_of(self, case: Case) -> int:
        """Return the step at which the source answers."""
        key = case.key()
        if key not in self._steps:
            self.calls += [_later(call, len(self.calls)) for call in case.calls]
            self._steps[key] = len(self.calls) - 1
        return self._steps[key]

    def count(self, choices: tuple[Source, ...]) -> int:
        """Return how often one of these was chosen before."""
        first = (choices[0].case.label, choices[0].pointer)
        before = self._counts.get(first, 0)
        self._counts[first] = before + 1
        return before


def _later(call: Call, count: int) -> Call:
    """Return the call with its references to earlier steps moved behind the prefix."""
    moved = (
        one if one.step is None else replace(one, step=one.step + count) for one in call.bindings
    )
    return replace(call, bindings=tuple(moved))
