"""What a test contributes to the gates, and the one channel on which it travels to the controller.

A room says what its evidence is with a `Payload`: a kind, and a type that msgspec writes and reads.
Each value travels as one line of ASCII JSON, ``{"<kind>": {…}}``, under one name in
`report.user_properties`: lone surrogates and integers that do not fit 32 bits crash the transport
of pytest-xdist, and bodies would swell JUnit files. A member that has its default is left out, for
pytest keeps three reports of each item. What arrives is kept by `run_evidence`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from pytest_cutover.core.plain_json import ascii_json, plain, typed
from pytest_cutover.core.seen_values import SeenValues

PROPERTY: Final = "cutover"
# Node ids hold parameters, and parameters hold tokens: scrubbed, they match no report of pytest's.
_IDS: Final = frozenset({"nodeid", "test"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceEvidence:
    """One difference, as evidence: scrubbed, cut to size, without bodies.

    `pointer` has its array indices wildcarded, as in the signature. `accepted` is the key of the
    entry that covers it. `spool` names a file with the whole example, in the run's own folder.
    """

    signature: str
    endpoint: str
    kind: str
    pointer: str
    change: str
    baseline: str
    candidate: str
    reproduce_baseline: str = ""
    reproduce_candidate: str = ""
    unstable: bool = False
    accepted: str | None = None
    spool: str | None = None
    values: SeenValues | None = None  # None: the signature says all
    explanation: str = ""  # what, undone, leaves nothing of it
    times: int = 1  # how often the test showed it
    test: str = ""  # what accepted differences take for the test, where it is not the item


@dataclass(frozen=True, slots=True, kw_only=True)
class TestEvidence:
    """What one item showed.

    `test` is the node id without the side, `side` one of ``baseline``, ``candidate``,
    ``baseline-again`` and ``both``. `compared` says with what: ``live``, ``golden``, or ``""`` for
    not at all. `seen` are (endpoint, status) pairs with the number of times. `blocked` is a reason
    of the environment for which nothing could be asked. `wavering` says how the baseline
    departed from itself between the rounds of the test, in keys of the parity room. `rules_caught`
    are the parity rules under which a change of the value would be found here, `rules_dead` those
    under which none would.
    """

    __test__ = False  # not a test class, whatever its name says to pytest

    nodeid: str
    test: str
    side: str
    marker: str
    endpoints: tuple[str, ...] = ()
    scenario: str | None = None
    requests: int = 0
    compared: str = ""
    unrecorded: bool = False
    stale: tuple[str, ...] = ()
    differences: tuple[DifferenceEvidence, ...] = ()
    dropped_differences: int = 0
    inconclusive: str | None = None
    wavering: tuple[str, ...] = ()
    requests_differ: bool = False
    body_failed: bool = False
    blocked: str | None = None
    golden: str | None = None
    recorded: str | None = None
    rules_used: tuple[str, ...] = ()
    rules_caught: tuple[str, ...] = ()
    rules_dead: tuple[str, ...] = ()
    seen: tuple[tuple[str, int, int], ...] = ()
    account: tuple[tuple[str, str, str, int], ...] = ()  # endpoint, fate, held by, places
    open_places: tuple[tuple[str, str, str], ...] = ()  # endpoint, pointer, reason
    open_more: int = 0
    alike: tuple[str, ...] = ()  # what both sides do alike, which explains no difference elsewhere


class FromItem(Protocol):
    """A value that names the item that sent it."""

    @property
    def nodeid(self) -> str:
        """Which item sent it."""


_Value = TypeVar("_Value", bound=FromItem)


@dataclass(frozen=True, slots=True)
class Payload(Generic[_Value]):
    """A kind of evidence: the word that marks its lines, and the type of its values.

    A value replaces one of the same `key`, which is its node id unless a room says otherwise.
    """

    kind: str
    type: type[_Value]
    key: Callable[[_Value], tuple[str, ...]] = lambda value: (value.nodeid,)

    def attach(self, properties: list[tuple[str, object]], value: _Value) -> None:
        """Put a value where reports take it from, in place of what it replaces."""
        properties[:] = [pair for pair in properties if not self._replaces(value, pair)]
        properties.append((PROPERTY, ascii_json({self.kind: _said(value)})))

    def read(self, line: str) -> _Value:
        """Return the value in a line of this kind. Raises ValueError for anything else."""
        return typed(json.loads(line)[self.kind], self.type)

    def _replaces(self, value: _Value, pair: tuple[str, object]) -> bool:
        name, line = pair
        if name != PROPERTY or not isinstance(line, str) or kind_of(line) != self.kind:
            return False
        return self.key(self.read(line)) == self.key(value)


TEST: Final = Payload("test", TestEvidence)


def _said(value: object) -> Any:
    """Return a value as plain data, without the members that say what their default says."""
    said = plain(value)
    for one in fields(value) if is_dataclass(value) else ():
        is_default = one.default is not MISSING and getattr(value, one.name) == one.default
        if is_default and type(getattr(value, one.name)) is type(one.default):
            del said[one.name]
    return said


def scrub_line(line: str, scrub: Callable[[str], str]) -> str:
    """Return a line without secrets: every text in it scrubbed but the node ids."""
    clean = scrub(line)
    if clean == line:
        return line
    kind = kind_of(line)
    try:
        plain = json.loads(line)[kind]
    except (ValueError, LookupError, TypeError):
        return clean  # a property of somebody else's, who chose the same name
    return ascii_json({kind: _scrubbed(plain, scrub)})


def _scrubbed(value: Any, scrub: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return scrub(value)
    if isinstance(value, list):
        return [_scrubbed(item, scrub) for item in value]
    if isinstance(value, dict):
        return {
            name: member if name in _IDS else _scrubbed(member, scrub)
            for name, member in value.items()
        }
    return value


def kind_of(line: str) -> str:
    """Return the only name of the object in a line."""
    return line[2 : line.find('"', 2)]
