"""What a run gathered for its gates: the values that tests sent, and what pytest told beside them.

The lines of the channel (`core/evidence.py`) arrive in reports, in whatever order, and are kept in
`Received` until the run is over; `RunEvidence` is all that a room is asked to judge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from operator import is_
from typing import Any, TypeVar

from pytest_cutover.core.evidence import PROPERTY, FromItem, Payload, TestEvidence, kind_of
from pytest_cutover.core.invocation import Invocation

_Value = TypeVar("_Value", bound=FromItem)


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """How pytest reports an item: ``passed``, ``failed``, ``skipped``, ``xfailed``, ``error``."""

    nodeid: str
    word: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunProblem:
    """Something outside a test for which the run cannot vouch: a crash, an interrupt, a launch."""

    code: str
    title: str
    message: str
    nodeids: tuple[str, ...] = ()
    next: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Tests that a project took out of the run without saying so to pytest: a node id, and how."""

    nodeid: str
    how: str


class Received:
    """The lines that reports brought, in whatever order, and the values in them.

    Every report of a test repeats its lines, and so do the sub-reports of subtests; a test that ran
    again replaces what it said first.
    """

    def __init__(self) -> None:
        self._lines: dict[str, dict[str, tuple[str, str]]] = {}
        self._read: dict[str, tuple[Any, ...]] = {}

    def add(self, properties: list[tuple[str, object]]) -> None:
        """Keep the lines among the properties of a report.

        pytest keeps all reports until the end: those of one test hold one line together from here
        on, though each brought its own from a worker.
        """
        for at, (name, line) in enumerate(properties):
            if name == PROPERTY and isinstance(line, str):
                kind = kind_of(line)
                known = self._lines.setdefault(kind, {})
                pair = known.pop(line, (PROPERTY, line))
                properties[at] = known[pair[1]] = pair  # what came last stands last
                self._read.pop(kind, None)

    def of(self, payload: Payload[_Value]) -> tuple[_Value, ...]:
        """Return the values of a kind: the last for each key, in the order of the keys."""
        if payload.kind not in self._read:
            alike = _Alike()
            values = (alike.share(payload.read(line)) for line in self._of_kind(payload))
            latest = {payload.key(value): value for value in values}
            self._read[payload.kind] = tuple(latest[key] for key in sorted(latest))
        return self._read[payload.kind]

    def _of_kind(self, payload: Payload[_Value]) -> Iterable[str]:
        return self._lines.get(payload.kind, ())


@dataclass(slots=True)
class _Alike:
    """Texts, numbers and tuples of the values so far: tests say much alike, as their endpoints, by
    what places are held and how many, a row of an account, or all of it.
    """

    _plain: dict[str | int, str | int] = field(default_factory=dict)
    _tuples: dict[tuple[Any, ...], tuple[Any, ...]] = field(default_factory=dict)

    def share(self, value: _Value) -> _Value:
        """Return a value that holds what earlier ones hold where that is the same."""
        if not is_dataclass(value):
            return value
        found: dict[str, Any] = {}
        for one in fields(value):
            said = getattr(value, one.name)
            if type(said) is str:
                found[one.name] = self._text(said)
            elif type(said) is tuple and said:
                found[one.name] = self._tuple(said)
        return replace(value, **found)

    def _text(self, said: Any) -> Any:
        if type(said) is str or type(said) is int:
            return self._plain.setdefault(said, said)
        return self._tuple(said) if type(said) is tuple and said else said

    def _tuple(self, said: tuple[Any, ...]) -> tuple[Any, ...]:
        shared = tuple(map(self._text, said))
        try:
            known = self._tuples.setdefault(shared, shared)
        except TypeError:
            return shared  # something in it has no hash
        # What is equal may be of another type: 1 is True, and 1.0.
        return known if all(map(is_, known, shared)) else shared


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvidence:
    """Everything that a run gathered, whatever the order of its arrival.

    `received` holds what rooms sent besides `tests`. `narrowed` says how the run was made smaller
    than the suite, and is empty for a full run. `command` repeats the run. `suite` says whether the
    phase compares both sides at all.
    """

    tests: tuple[TestEvidence, ...]
    outcomes: Mapping[str, ItemOutcome]
    problems: tuple[RunProblem, ...] = ()
    narrowed: str = ""
    recording: bool = False
    deselected: int = 0
    command: Invocation = field(default_factory=Invocation)
    suite: bool = True
    received: Received = field(default_factory=Received)
    left_out: tuple[LeftOut, ...] = ()

    @property
    def incomplete(self) -> bool:
        """Whether something outside the tests kept the run from seeing what was asked."""
        return bool(self.problems)

    def again(self, nodeids: Sequence[str]) -> str:
        """Return the command that runs the first of these tests again, on both sides."""
        first = nodeids[:1]
        sided = not any(one.nodeid == one.test for one in self.tests if one.nodeid in first)
        return self.command.again(first, sided=sided)

    @property
    def full(self) -> bool:
        """Whether the whole suite was asked for, so that what is missing says something."""
        return self.suite and not self.narrowed and not self.recording and not self.problems
