"""What an operation refers to, made first: the calls before its own, and what they give it. Pure.

An order needs a customer that exists. Where the document or the names of members tell who gives
out such an id, that call is sent first, on each side, and its answer fills the place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from pytest_cutover.core.json_pointer import get
from pytest_cutover.fuzz.generate.case import Absent, Binding, Call, Case
from pytest_cutover.fuzz.generate.links import Link

_NOWHERE = object()


@dataclass(frozen=True, slots=True)
class Prefix:
    """Calls that are sent before those of a case, and which places their answers fill."""

    calls: tuple[Call, ...] = ()
    bindings: tuple[Binding, ...] = ()

    def before(self, case: Case) -> Case:
        """Return the case behind these calls; as it is where nothing of it is filled by them."""
        count = len(self.calls)
        calls = [self._filled(_later(call, count)) for call in case.calls]
        if not count or all(len(a.bindings) == len(b.bindings) for a, b in zip(
            calls, case.calls, strict=True
        )):  # fmt: skip
            return case
        return replace(case, calls=(*self.calls, *calls))

    def _filled(self, call: Call) -> Call:
        taken = {binding.place for binding in call.bindings}
        added = [one for one in self.bindings if one.place not in taken and _has(call, one.place)]
        return replace(call, bindings=(*call.bindings, *added))


def _later(call: Call, count: int) -> Call:
    """The call with its references to earlier steps moved behind the prefix."""
    moved = (
        one if one.step is None else replace(one, step=one.step + count) for one in call.bindings
    )
    return replace(call, bindings=tuple(moved))


def _has(call: Call, place: str) -> bool:
    kind, _, name = place.partition("/")
    if kind == "path":
        return name in call.path
    if kind == "query":
        return any(key == name for key, _ in call.query)
    if isinstance(call.body, Absent | bytes):
        return False
    # A reference that is no text is not meant: that it is refused is the point.
    return isinstance(get(call.body, "/" + name, _NOWHERE), str | int)


def prefix_for(
    endpoint: str, needed: Collection[str], links: Iterable[Link], made: Mapping[str, Call]
) -> Prefix:
    """Return the calls that give what an operation needs; `made` are those that are taken.

    `needed` are the places that must be filled (``body/customer_id``, ``path/code``).
    """
    calls: list[Call] = []
    steps: dict[str, int] = {}
    bindings: dict[str, Binding] = {}
    for link in links:
        if link.target != endpoint or link.source not in made or link.source == endpoint:
            continue
        for place, pointer in link.places:
            if place not in needed or place in bindings:
                continue
            if link.source not in steps:
                steps[link.source] = len(calls)
                calls.append(made[link.source])
            bindings[place] = Binding(place, step=steps[link.source], pointer=pointer)
    return Prefix(tuple(calls), tuple(bindings.values()))
