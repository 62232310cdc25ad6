"""Where a comparison is: an exchange, a place in it, and what is known besides the values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from pytest_cutover.compare.diff.account import Account
from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.compare.diff.drawn import NOTHING_DRAWN, Drawn
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.ids.derived import Derived
from pytest_cutover.compare.diff.ids.id_slots import IdSlots
from pytest_cutover.compare.diff.launched import NOT_LAUNCHED, Launched
from pytest_cutover.compare.diff.numbers import Numbers
from pytest_cutover.compare.diff.places import ROOT, Path, name_of, tokens_of
from pytest_cutover.compare.diff.stamps import Stamps
from pytest_cutover.compare.diff.truncate import Excerpts
from pytest_cutover.compare.noise import clock
from pytest_cutover.compare.noise.lists import keyed_objects
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.compare.noise.rules import Active
from pytest_cutover.normalize.encoded import Marked, as_it_is
from pytest_cutover.normalize.matchers import Placeholder, is_plain

# In a page: what names an element, and what refers to one that is named so.
_ID_OF_AN_ELEMENT = frozenset(
    {"@id", "@for", "@list", "@form", "@headers", "@popovertarget"}
    | {f"@aria-{one}" for one in ("controls", "describedby", "labelledby", "owns", "details")}
)


@dataclass(frozen=True, slots=True)
class Scope:
    """What a walk needs to know besides the values."""

    exchange: int
    endpoint: str
    excerpts: Excerpts
    shared_state: bool = True
    own_ids: bool = False  # each side has a database of its own, with ids of its own
    known_ids: bool = False  # the same in a row that is told by what it says: ids that are known
    in_request: bool = False
    in_headers: bool = False
    clock_s: tuple[float, float] | None = None  # of the baseline's and the candidate's exchange
    values: Correspondence = field(default_factory=Correspondence)
    account: Account = field(default_factory=Account)
    numbers: Numbers = field(default_factory=Numbers)
    # Gives the body of the baseline's answer in its next round, or the one before.
    beside: Callable[[], Any] = lambda: None
    # Gives the ids that stand at one place of both answers.
    ids_shown: Callable[[], frozenset[tuple[str, str]]] = frozenset
    # Gives the places in which ids stand that are not called so.
    id_slots: Callable[[], IdSlots] = lambda: IdSlots(None, None, Correspondence())
    same_side: bool = False  # both are the baseline: what was written meanwhile is no departure
    is_last_round: bool = False  # of several: nothing shows what was written after it
    # What the markers of the test's own codes stand for, on each side.
    made: tuple[Mapping[str, str], Mapping[str, str]] = field(default_factory=lambda: ({}, {}))
    # Puts markers into what a text of each side holds encoded.
    marked: tuple[Marked, Marked] = (as_it_is, as_it_is)
    derived: Derived = field(default_factory=lambda: Derived(tuple, {}))
    drawn: Drawn = NOTHING_DRAWN  # members that each row of its own draws anew
    others_write: bool = False  # other workers run tests at the same time
    launched: Launched = NOT_LAUNCHED
    columns: tuple[str, ...] = ()  # of a table, as its head names them
    stamps: Stamps = field(default_factory=Stamps)

    def name_at(self, path: Path) -> str:
        """Return the name of the member (with ids of each side: column) that a place is of."""
        if not self.own_ids:
            return name_of(path)
        if self.columns:
            tokens = tokens_of(path)
            if tokens[:1] == ["rows"] and len(tokens) > 2 and tokens[2].isdigit():
                at = int(tokens[2])
                return self.columns[at] if at < len(self.columns) else ""
        name = name_of(path)
        return "id" if name in _ID_OF_AN_ELEMENT else name

    def time_off(
        self, symbol: Placeholder, base: Any, cand: Any, known: clock.Moments = clock.NOT_READ
    ) -> str:
        """How far a time is off: a reading from the clock, one of this run from the baseline's.

        A row has another time on data of each side's own, and no other zone.
        """
        if symbol.clock:
            return self.clock_shift(base, cand, symbol.ahead_s, known)
        return clock.other_zone(base, cand, known) if symbol.per_run else ""

    def other_unit(self, symbol: Placeholder, name: str, base: Any, cand: Any) -> str:
        """Return how a reading of the clock counts in another unit, or seconds that are left became
        a moment; empty if neither.
        """
        if symbol.clock and (change := clock.other_unit(base, cand)):
            return change
        if self.clock_s is None or not is_plain(base) or names_an_id(name):
            return ""
        return clock.became_a_moment(base, cand, self.clock_s[1])

    def clock_shift(
        self, base: Any, cand: Any, ahead: int = 0, known: clock.Moments = clock.NOT_READ
    ) -> str:
        """How far the candidate's reading is off the clock, beside the baseline's; `known` are the
        times that were read by the way.
        """
        if self.clock_s is None or not is_plain(base) or not all(self.clock_s):
            return ""
        return clock.departure((base, cand), self.clock_s, ahead, known)

    def both_read_the_clock(self, base: Any, cand: Any) -> bool:
        """Whether two values are the times at which they were given."""
        if self.clock_s is None or not all(self.clock_s):
            return False
        before, after = self.clock_s
        return clock.reads(base, before, before) and clock.reads(cand, after, after)

    def rows_later_at(self, path: Path) -> list[Any] | None:
        """Return the rows that the baseline shows at this place in its next round."""
        beside = self.rows_beside_at(path)
        return None if self.is_last_round else beside

    def rows_beside_at(self, path: Path) -> list[Any] | None:
        """Return the rows, or lines, that the baseline shows there in the round next to this."""
        found = self.beside()
        for token in tokens_of(path):
            if isinstance(found, dict):
                found = found.get(token)
            elif isinstance(found, list) and token.isdigit() and int(token) < len(found):
                found = found[int(token)]
            else:
                return None
        if isinstance(found, dict):
            columns = keyed_objects.rows_of_columns(found)
            return keyed_objects.rows(found) if columns is None else columns
        if isinstance(found, str) and "\n" in found:
            return found.split("\n")
        return found if isinstance(found, list) else None


class Walk(Protocol):
    """The walk as those see it who compare a part of it: it is asked to go on below a place."""

    scope: Scope
    probing: bool
    in_rows: bool
    loose: int

    differences: list[Difference]
    observations: list[Any]

    def visit(
        self, mask: Any, base: Any, cand: Any, path: Path = ROOT, rules: Active | None = None
    ) -> None:
        """Compare one place and everything below it."""

    def visit_noise(
        self, mask: Any, base: dict[str, Any], cand: dict[str, Any], path: Path, noise: list[str]
    ) -> None:
        """Compare an object of which all members but the noise are known to be equal."""

    def below(self) -> Walk:
        """Return a walk of its own for a part, to be taken over or not."""

    def take(self, other: Walk) -> None:
        """Make what another walk found this one's."""

    def agrees(self, mask: Any, base: Any, cand: Any, rules: Active | None) -> bool:
        """Return whether nothing would be reported; leaves no trace."""

    def report(self, kind: Kind, path: Path, change: str, base: Any = ..., cand: Any = ...) -> None:
        """Note a difference; a side that has nothing there is left out."""

    def leave_open(self, path: Path, reason: str) -> None:
        """Say that a place was not compared, and why."""
