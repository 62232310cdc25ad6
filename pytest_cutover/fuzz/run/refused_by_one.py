"""Cases that the candidate alone refuses for one member: once more, with what is taken there. Pure.

A body in which every field varies shows nothing but the refusal where one of them is refused; what
its other values would have shown is to be seen as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.core.json_pointer import escape
from pytest_cutover.fuzz.generate.case import Case
from pytest_cutover.fuzz.run.refusals import is_taken, refused_member

_MOST: Final = 6


class RefusedByOne:
    """The cases that the candidate refused, each with the member for which it did."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Case, str]] = []
        self._seen: set[str] = set()

    def note(self, case: Case, difference: Difference, one: Round) -> None:
        """Keep a case that the baseline takes and the candidate refuses for one member of it."""
        last = len(case.calls) - 1
        if difference.kind is not Kind.STATUS or difference.exchange != last:
            return
        how, member = refused_member(case, difference, one.baseline, one.candidate)
        if how == "refused" and is_taken(one.baseline.exchanges[last]):
            self._waiting.append((case, member))

    def with_what_is_taken(self, taken: Mapping[str, Any]) -> Iterator[Case]:
        """Yield the cases with that member as in a body that is taken, or without it.

        None of a body that has nothing else of its own.
        """
        while self._waiting and len(self._seen) < _MOST:
            case, member = self._waiting.pop(0)
            call = case.calls[-1]
            if not isinstance(call.body, dict) or member not in call.body:
                continue
            body = {name: value for name, value in call.body.items() if name != member}
            if all(name in taken and taken[name] == value for name, value in body.items()):
                continue
            if member in taken:
                body[member] = taken[member]
            place = f"body/{escape(member)}"
            kept = tuple(one for one in call.bindings if not one.place.startswith(place))
            changed = replace(
                case, calls=(*case.calls[:-1], replace(call, body=body, bindings=kept))
            )
            if changed.key() not in self._seen:
                self._seen.add(changed.key())
                yield changed
