"""`cutover-accepted.toml`: differences that somebody reviewed, each with a scope, until a day.

Pure but for `load_accepted` and `append`. The parity room asks `Accepted.covering` for each
difference, the gate `judge` for all of them; the performance room reads the entries that raise a
limit; the command line appends. An entry covers a signature only within its scope: the same
signature elsewhere is a new finding. An expired entry covers nothing.

Where the signature does not say which values were reviewed (`text → text`), `values` lists the
pairs or `change` names what makes the one of the other; another value is a new finding. Entries of
version 0.1 have neither and hold for whatever their signature fits.

    [[accepted]]
    signature = "POST /api/lots | status |  | 400 → 422"
    scope = ["tests/test_lots.py::test_unknown_field*", "weight above 10000"]
    reason = "FastAPI answers 422 to what its models refuse"
    approver = "Mira Ek <mira@example.com>"
    expires = 2030-12-03
    note = "optional"

    [[accepted]]
    signature = "GET /api/jobs/{id} | value | /state | text → text"
    values = [["waiting", "pending"]]
    …

One decision that holds at several places is one entry, its members written out. A member may have
its own `change` or `values`.

    [[accepted]]
    change = "renamed: error → detail"
    reason = "FastAPI calls it detail"
    …

    [[accepted.members]]
    signature = "POST /api/lots | missing | /error | string → absent"
    scope = ["duplicate lot_code"]
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Final

from pytest_cutover.config.constraints import RawCheck, Text, wrong_type
from pytest_cutover.config.decode import structure
from pytest_cutover.config.load import parse_toml, read_text, shown_path
from pytest_cutover.config.performance import WAIVABLE
from pytest_cutover.config.transformation import NAMES, Binding, ValuePair, is_known
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.errors import FileError, InvalidValueError, Mistake, MistakesError
from pytest_cutover.core.nodeid import without_side

NEAR_EXPIRY_DAYS: Final = 14

_HEADER: Final = """\
# Differences between the two backends that somebody looked at and agreed to.
# An entry holds for its signature within its scope (test ids or scenarios, * allowed) until it
# expires. Written by `pytest-cutover accept` and `pytest-cutover review`; comments are kept.
"""


def _day(value: object) -> date:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise InvalidValueError("not a date", value=value, valid="YYYY-MM-DD") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise wrong_type(value, "a date, such as 2030-12-03")


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    wanted = 'an array of pairs, such as [["waiting", "pending"]]'
    if not isinstance(value, list):
        raise wrong_type(value, wanted)
    for pair in value:
        is_pair = isinstance(pair, list) and len(pair) == len(("before", "after"))
        if not is_pair or not all(isinstance(one, str) for one in pair):
            raise InvalidValueError(
                "not a pair of texts", value=pair, advice=f"write {wanted}; numbers as texts too"
            )
    return tuple((before, after) for before, after in value)


def _change(value: object) -> str:
    if not isinstance(value, str):
        raise wrong_type(value, "a string")
    if value and not is_known(value):
        raise InvalidValueError("no such change", value=value, valid=", ".join(NAMES))
    return value


def _scopes(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise wrong_type(value, "an array of test ids or scenarios")
    if not value or not all(item.strip() for item in value):
        raise InvalidValueError(
            "an entry covers nothing without a scope",
            advice='name tests or scenarios, such as scope = ["tests/test_lots.py::test_unknown*"]',
        )
    return tuple(without_side(item.strip()) for item in value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One accepted difference. It covers until the end of the day `expires`.

    `change` and `values` say what was reviewed besides the signature: a difference that neither
    yields is not covered. An entry with neither holds for all that its signature fits.
    `number` is its place in the file, from 1, and `member` that among the members of a decision,
    from 1; 0 where it has none.
    """

    signature: Text
    scope: Annotated[tuple[str, ...], RawCheck(_scopes)]
    reason: Text
    approver: Text
    expires: Annotated[date, RawCheck(_day)]
    change: Annotated[str, RawCheck(_change)] = ""
    values: Annotated[tuple[tuple[str, str], ...], RawCheck(_pairs)] = ()
    note: str = ""
    number: int = field(default=0, compare=False, metadata={"key": None})
    member: int = field(default=0, compare=False, metadata={"key": None})

    @property
    def place(self) -> str:
        """Which one it is in the file: ``3``, or ``3.2`` for a member of a decision."""
        return f"{self.number}.{self.member}" if self.member else str(self.number)

    @property
    def key(self) -> str:
        """8 hex digits that name the entry in evidence; the same in every run."""
        bound = (self.change, *chain.from_iterable(self.values)) if self.is_bound else ()
        text = "\0".join((self.signature, *sorted(self.scope), *bound))
        return hashlib.blake2s(text.encode(), digest_size=4).hexdigest()

    @property
    def is_bound(self) -> bool:
        """Whether it says more than its signature about what was reviewed."""
        return bool(self.change or self.values)

    def yields(self, pairs: Sequence[ValuePair], explanation: str = "") -> bool:
        """Whether a difference was reviewed: its values, a pair for each round, or its relation."""
        return Binding(self.change, self.values).yields(pairs, explanation)

    def in_scope(self, test: str, scenario: str | None) -> bool:
        """Whether a test (its id without the side) or its scenario is in the scope."""
        return any(
            matches(pattern, test) or (scenario is not None and matches(pattern, scenario))
            for pattern in self.scope
        )

    def days_left(self, today: date) -> int:
        """Return days until it expires; 0 on its last day, negative afterwards."""
        return (self.expires - today).days

    def expired(self, today: date) -> bool:
        """Whether its last day is over."""
        return self.days_left(today) < 0

    @property
    def of_limit(self) -> bool:
        """Whether it raises a limit of performance: nothing in the answers is accepted by it."""
        return (*self.signature.split(" | "), "")[1] in WAIVABLE

    @property
    def of_generated(self) -> bool:
        """Whether only generated cases are in its scope: what they hit depends on their number."""
        return all(pattern.startswith("fuzz") for pattern in self.scope)

    def near_expiry(self, today: date) -> bool:
        """Whether it will expire within two weeks."""
        return 0 <= self.days_left(today) <= NEAR_EXPIRY_DAYS


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A difference as a test showed it, so many times; `test` is the node id without the side.

    `accepted` is the key of the entry that covered it where its values were known.
    """

    signature: str
    test: str
    scenario: str | None = None
    times: int = 1
    accepted: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptedDifferences:
    """The entries of a file, in its order."""

    entries: tuple[Entry, ...] = ()
    source: str = ""

    def covering(
        self,
        signature: str,
        test: str,
        scenario: str | None,
        today: date,
        pairs: Sequence[ValuePair] = (),
        explanation: str = "",
    ) -> Entry | None:
        """Return the entry that covers a difference today: the one that will do so longest.

        `pairs` are its values, whole, one for each round in which they were others; `explanation`
        is what, undone, leaves nothing of it.
        """
        live = [
            entry
            for entry in self.about(signature, test, scenario)
            if not entry.expired(today) and entry.yields(pairs, explanation)
        ]
        return max(live, key=lambda one: (one.expires, -one.number, -one.member), default=None)

    @property
    def of_differences(self) -> tuple[Entry, ...]:
        """Those that are about the answers; the others raise limits."""
        return tuple(entry for entry in self.entries if not entry.of_limit)

    def about(self, signature: str, test: str, scenario: str | None) -> Iterator[Entry]:
        """Yield the entries of a signature whose scope a test is in."""
        for entry in self.entries:
            if entry.signature == signature and entry.in_scope(test, scenario):
                yield entry


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the entries and the occurrences of a run say about each other.

    `matched` counts, by entry key, the occurrences in its scope, expired entries included. An
    entry is not `unmatched` where its scope departs in a way that nobody accepted.
    `unmatched` is empty for a run that was not full: there, nothing can be said.
    """

    covered: tuple[tuple[Occurrence, Entry], ...]
    uncovered: tuple[Occurrence, ...]
    expired: tuple[Entry, ...]
    unmatched: tuple[Entry, ...]
    near_expiry: tuple[Entry, ...]
    matched: Mapping[str, int]


def open_signature(endpoint: str, reason: str) -> str:
    """Return what somebody waives: the places of an endpoint that one reason leaves open."""
    return f"{endpoint} | open |  | {reason}"


def judge(
    accepted: AcceptedDifferences, occurrences: Iterable[Occurrence], *, today: date, full_run: bool
) -> Judgement:
    """Which occurrences are covered, and which entries have had their day."""
    covered: list[tuple[Occurrence, Entry]] = []
    uncovered: list[Occurrence] = []
    matched = {entry.key: 0 for entry in accepted.of_differences}
    for seen in occurrences:
        # Values are cut where evidence travels, so that what covered it is not asked again here.
        about = list(accepted.about(seen.signature, seen.test, seen.scenario))
        for entry in about:
            if entry.key == seen.accepted or not entry.is_bound or entry.expired(today):
                matched[entry.key] += seen.times
        covering = [entry for entry in about if entry.key == seen.accepted]
        if covering:
            covered.append((seen, covering[0]))
        else:
            uncovered.append(seen)
    live = [entry for entry in accepted.of_differences if not entry.expired(today)]
    return Judgement(
        covered=tuple(covered),
        uncovered=tuple(uncovered),
        expired=tuple(entry for entry in accepted.of_differences if entry.expired(today)),
        unmatched=tuple(
            entry
            for entry in live
            if full_run
            and not matched[entry.key]
            and not entry.of_generated
            and not _departs_otherwise(entry, uncovered)
        ),
        near_expiry=tuple(entry for entry in live if entry.near_expiry(today)),
        matched=matched,
    )


def _departs_otherwise(entry: Entry, uncovered: Iterable[Occurrence]) -> bool:
    """Whether something else differs where the entry holds: then it is no time to remove it."""
    return any(entry.in_scope(seen.test, seen.scenario) for seen in uncovered)


def load_accepted(path: Path) -> AcceptedDifferences:
    """Return the entries of a file; none where there is no file.

    Raises `FileError` (not TOML, conflict markers) or `MistakesError` with all mistakes, each
    with the number of its entry.
    """
    if not path.exists():
        return AcceptedDifferences(source=shown_path(path))
    return loads(read_text(path), source=shown_path(path))


def loads(text: str, *, source: str) -> AcceptedDifferences:
    """Return the entries of a text; `source` names it in errors. Raises as `load_accepted` does."""
    table, places = written_out(parse_toml(text, source=source))
    document, mistakes = structure(table, _AcceptedFile)
    if document is None or mistakes:
        raise MistakesError(source, [_where_it_stands(one, places) for one in mistakes])
    entries = tuple(
        replace(entry, number=number, member=member)
        for entry, (number, member) in zip(document.accepted, places, strict=True)
    )
    twice = list(_duplicates(entries))
    if twice:
        raise MistakesError(source, twice)
    return AcceptedDifferences(entries, source)


def written_out(document: dict[str, Any]) -> tuple[dict[str, Any], list[tuple[int, int]]]:
    """Return the document with an entry for each member of a decision, and where each of them
    stands.
    """
    tables = document.get("accepted")
    if not isinstance(tables, list):
        return document, []
    found: list[Any] = []
    places: list[tuple[int, int]] = []
    for number, table in enumerate(tables, start=1):
        members = table.get("members") if isinstance(table, dict) else None
        if not isinstance(members, list) or not members:
            found.append(table)
            places.append((number, 0))
            continue
        common = {key: value for key, value in table.items() if key != "members"}
        for member, own in enumerate(members, start=1):
            found.append({**common, **own} if isinstance(own, dict) else own)
            places.append((number, member))
    return {**document, "accepted": found}, places


def _where_it_stands(mistake: Mistake, places: Sequence[tuple[int, int]]) -> Mistake:
    """Return a mistake with the place in the file of the entry it is about."""

    def place(found: re.Match[str]) -> str:
        number, member = places[int(found[1]) - 1]
        return f"accepted[{number}]" + (f".members[{member}]" if member else "")

    return replace(mistake, key=re.sub(r"^accepted\[(\d+)\]", place, mistake.key))


def append(path: Path, *entries: Entry) -> None:
    """Add entries at the end of the file; all that stands there stays as it is, byte for byte.

    All are written, or none. Raises `FileError`, or `MistakesError` where the file is wrong
    already or an entry would be a duplicate.
    """
    before = read_text(path) if path.exists() else ""
    write_whole(path, appended(before, [[one] for one in entries], source=shown_path(path)))


def appended(before: str, decisions: Iterable[Sequence[Entry]], *, source: str) -> str:
    """Return the text of a file with decisions at its end. Raises as `append` does."""
    before = before or _HEADER
    loads(before, source=source)
    added = as_toml(decisions)
    after = f"{before.rstrip()}\n\n{added}" if before.strip() else added
    if "\r\n" in before:
        after = after.replace("\r\n", "\n").replace("\n", "\r\n")
    try:
        loads(after, source=source)
    except FileError:
        what = "the entries stand in another form than [[accepted]] tables"
        advice = "write them as [[accepted]] tables, then run again"
        raise FileError(source, [Mistake("accepted", what, advice=advice)]) from None
    return after


_KEYS: Final = (
    "signature",
    "change",
    "values",
    "scope",
    "reason",
    "approver",
    "expires",
    "note",
)
_OF_A_MEMBER: Final = ("signature", "scope", "change", "values")


def _plain(value: object) -> object:
    """Return the arrays of a table, which tomlkit wants as lists."""
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def as_toml(decisions: Iterable[Sequence[Entry]]) -> str:
    """Write decisions as a file has them: one entry as it is, several as members of one."""
    import tomlkit  # not needed by a run, and slow to import

    tables = tomlkit.aot()
    for entries in decisions:
        first = entries[0]
        if len(entries) == 1:
            tables.append(_as_table(first, _KEYS))
            continue
        shared = [key for key in _KEYS if len({getattr(one, key) for one in entries}) == 1]
        shared = [key for key in shared if key not in _OF_A_MEMBER[:2]]
        table = _as_table(first, shared)
        own = [key for key in _OF_A_MEMBER if key not in shared]
        members = tomlkit.aot()
        for entry in entries:
            members.append(_as_table(entry, own))
        table.add("members", members)
        tables.append(table)
    return tomlkit.dumps({"accepted": tables}).strip() + "\n"


def _as_table(entry: Entry, keys: Iterable[str]) -> Any:
    import tomlkit  # as above

    table = tomlkit.table()
    for key in keys:
        value = getattr(entry, key)
        if value:
            table.add(key, _plain(value))
    if "scope" in table and len(entry.scope) > 1:
        table["scope"].multiline(True)
    return table


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern is the text; ``*`` stands for anything, all else (``[``) for itself."""
    return _compiled(pattern).fullmatch(text) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class _AcceptedFile:
    accepted: tuple[Entry, ...] = ()


def _duplicates(entries: Iterable[Entry]) -> Iterator[Mistake]:
    first: dict[tuple[object, ...], str] = {}
    for entry in entries:
        for pattern in entry.scope:
            said = (entry.signature, entry.change, entry.values, pattern)
            place = first.setdefault(said, entry.place)
            if place != entry.place:
                yield Mistake(
                    key=f"accepted[{entry.place}]",
                    what=f"the same signature and scope as accepted[{place}]: {pattern}",
                    advice="remove one of the two",
                )
