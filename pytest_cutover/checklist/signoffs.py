"""What people signed: `cutover-signoffs.toml`. Pure but for `load_sign_offs` and `append`.

A sign-off is a dated statement by a named person about one item on one target. An expired one, or
one for another target, counts for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Final

from pytest_cutover.checklist.items import unknown_item
from pytest_cutover.config.constraints import RawCheck, Text
from pytest_cutover.config.datetimes import Moment, moment
from pytest_cutover.config.decode import structure
from pytest_cutover.config.load import parse_toml, read_text, shown_path
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.errors import (
    FileError,
    Mistake,
    MistakesError,
    did_you_mean,
)

# Clocks of two machines differ by a little; a statement of tomorrow is none.
_CLOCK_SKEW: Final = timedelta(minutes=5)
_HEADER: Final = """\
# Statements of people about items of the cutover checklist, for review.
# Written by: pytest-cutover sign-off ITEM --target=NAME --by "Name" --note "…"
"""


def _last_day(value: object) -> datetime:
    """Return the end of a day, or a moment."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return moment(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time.max, UTC)
    return moment(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """One statement. `valid_until` is its last moment; `number` its place in the file, from 1."""

    item: Text
    target: Text
    by: Text
    at: Moment
    note: Text
    valid_until: Annotated[datetime, RawCheck(_last_day)]
    number: int = field(default=0, compare=False, metadata={"key": None})

    def ends(self, valid_for_s: float | None) -> datetime:
        """Return its last moment; no statement about the item holds longer than `valid_for_s`."""
        if valid_for_s is None:
            return self.valid_until
        return min(self.valid_until, self.at + timedelta(seconds=valid_for_s))

    def counts(self, target: str, now: datetime, valid_for_s: float | None = None) -> bool:
        """Whether it says something about `target` at `now`."""
        return self.target == target and now <= self.ends(valid_for_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SignOffFile:
    sign_offs: tuple[SignOff, ...] = field(default=(), metadata={"key": "sign-off"})


def load_sign_offs(
    path: Path, *, items: Collection[str], targets: Collection[str], now: datetime
) -> tuple[SignOff, ...]:
    """Return the statements of a file; none where there is no file.

    Raises `FileError`, or `MistakesError` for anything that cannot be meant: an item or a target
    that is not there, a signature from the future, an end before its beginning.
    """
    if not path.exists():
        return ()
    return loads(read_text(path), source=shown_path(path), items=items, targets=targets, now=now)


def loads(
    text: str, *, source: str, items: Collection[str], targets: Collection[str], now: datetime
) -> tuple[SignOff, ...]:
    """Return the statements in a text; `source` names it in errors. Raises as `load_sign_offs`
    does.
    """
    document, mistakes = structure(parse_toml(text, source=source), _SignOffFile)
    if document is None or mistakes:
        raise MistakesError(source, mistakes)
    entries = tuple(
        replace(entry, number=number) for number, entry in enumerate(document.sign_offs, start=1)
    )
    wrong = [one for entry in entries for one in _mistakes(entry, items, targets, now)]
    if wrong:
        raise MistakesError(source, wrong)
    return entries


def _mistakes(
    entry: SignOff, items: Collection[str], targets: Collection[str], now: datetime
) -> Iterator[Mistake]:
    place = f"sign-off[{entry.number}]"
    if entry.item not in items:
        yield unknown_item(entry.item, items, key=f"{place}.item")
    if targets and entry.target not in targets:
        yield Mistake(
            f"{place}.target",
            f"no such target: {entry.target}",
            valid=", ".join(targets),
            suggestion=did_you_mean(entry.target, targets),
        )
    if entry.at > now + _CLOCK_SKEW:
        yield Mistake(
            f"{place}.at",
            "signed in the future",
            value=entry.at.isoformat(),
            valid=f"{now.isoformat(timespec='seconds')} or earlier",
            advice="let the person sign when it is done: pytest-cutover sign-off",
        )
    if entry.valid_until < entry.at:
        yield Mistake(
            f"{place}.valid_until",
            "ends before it was signed",
            advice="give a later day, or remove the entry",
        )


def append(
    path: Path, entry: SignOff, *, items: Collection[str], targets: Collection[str], now: datetime
) -> None:
    """Add a statement at the end of the file; what stands there stays, byte for byte.

    Raises `ConfigError` where the file or the entry is wrong; nothing is written then.
    """
    before = read_text(path) if path.exists() else _HEADER
    source = shown_path(path)
    loads(before, source=source, items=items, targets=targets, now=now)
    added = _as_toml(entry)
    after = f"{before.rstrip()}\n\n{added}"
    if "\r\n" in before:
        after = after.replace("\r\n", "\n").replace("\n", "\r\n")
    try:
        loads(after, source=source, items=items, targets=targets, now=now)
    except FileError:
        what = "the entries stand in another form than [[sign-off]] tables"
        advice = "write them as [[sign-off]] tables, then run again"
        raise FileError(source, [Mistake("sign-off", what, advice=advice)]) from None
    write_whole(path, after)


def _as_toml(entry: SignOff) -> str:
    import tomlkit  # not needed by a run, and slow to import

    table = tomlkit.table()
    for key in ("item", "target", "by", "at", "note", "valid_until"):
        table.add(key, getattr(entry, key))
    tables = tomlkit.aot()
    tables.append(table)
    return tomlkit.dumps({"sign-off": tables}).strip() + "\n"
