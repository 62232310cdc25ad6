"""Writing to `cutover-accepted.toml` what somebody accepted: `accept` and `review` end here.

What stands in the file stays as it is, comments and order included. An entry whose signature and
scope are those of an expired one renews that one in its place: two entries that say the same would
be a mistake.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from pytest_cutover.config.accepted import (
    AcceptedDifferences,
    Entry,
    appended,
    load_accepted,
    loads,
)
from pytest_cutover.config.load import read_text
from pytest_cutover.core.atomic import write_whole
from pytest_cutover.core.errors import Mistake, MistakesError


def renews(known: AcceptedDifferences, entry: Entry, today: date) -> Entry | None:
    """Return the expired entry that this one renews, or None for a new one.

    Raises `MistakesError` where a part of its scope is accepted already, by another entry that
    says the same. The same signature with other values is another entry.
    """
    same = [one for one in known.entries if one.signature == entry.signature]
    for one in same:
        bound = (one.change, one.values) == (entry.change, entry.values)
        of_one_scope = set(one.scope) == set(entry.scope)
        if of_one_scope and one.expired(today) and (bound or not one.is_bound):
            return one
    for one in same:
        bound = (one.change, one.values) == (entry.change, entry.values)
        if not bound and (one.is_bound or one.expired(today)):
            continue
        for pattern in one.scope:
            if pattern in entry.scope:
                raise MistakesError(known.source, [_overlap(one, pattern, today)])
    return None


def save(path: Path, decisions: Iterable[Sequence[Entry]], today: date) -> None:
    """Renew what is expired and append the rest, all in one write or none.

    A decision is one entry, or several that become its members. The file is read again first.
    Raises `ConfigError`; nothing is then changed.
    """
    known = load_accepted(path)
    text = read_text(path) if path.exists() else ""
    added = []
    for entries in decisions:
        fresh = []
        for entry in entries:
            expired = renews(known, entry, today)
            if expired is None:
                fresh.append(entry)
            else:
                text = _renewed(text, expired, entry)
        if fresh:
            added.append(fresh)
    if added:
        text = appended(text, added, source=known.source)
    loads(text, source=known.source)
    write_whole(path, text)


def _renewed(text: str, expired: Entry, entry: Entry) -> str:
    """Return the text with an entry renewed in its place; a member gets its own reason and day."""
    import tomlkit  # slow to import, and seldom needed

    document = tomlkit.parse(text)
    table = document["accepted"][expired.number - 1]
    if expired.member:
        table = table["members"][expired.member - 1]
    for key in ("reason", "approver", "expires", *(("note",) if entry.note else ())):
        table[key] = getattr(entry, key)
    for key, value in (("change", entry.change), ("values", entry.values)):
        if value:
            table[key] = [list(pair) for pair in value] if isinstance(value, tuple) else value
        else:
            table.pop(key, None)
    return tomlkit.dumps(document)


def _overlap(known: Entry, pattern: str, today: date) -> Mistake:
    state = "expired" if known.expired(today) else f"accepted until {known.expires}"
    advice = (
        f"give its whole scope to renew it: {', '.join(known.scope)}"
        if known.expired(today)
        else "run the gate again: the report is older than the entry"
    )
    return Mistake(
        key="",
        what=f"the same signature and scope as accepted[{known.place}], {state}: {pattern}",
        advice=advice,
    )
