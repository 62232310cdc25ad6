"""Entries of an object that are named by what was drawn: which of one is which of another. Pure.

``{"Xk3b0ZpLqT": {"role": "owner"}}`` has another name on each side, and in each round, and is the
same entry: access lists, members of a group and answers by id are written so; and so are counts by
the time, of which the first is the first in another round.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from pytest_cutover.compare.noise import clock, formats
from pytest_cutover.compare.noise.lists.identity_key import skeleton
from pytest_cutover.compare.noise.texts import text_tokens
from pytest_cutover.normalize.matchers import ObjectPattern, is_plain

MOST: Final = 200  # entries
_SIGNS: Final = re.compile(r"[A-Za-z0-9_-]{6,}")
_SIGN: Final = re.compile(r"[^\w-]")
_NUMBER: Final = re.compile(rf"{text_tokens.UUID}|\d+")
_TIMES: Final = ("timestamp", "http-date")
_CODE: Final = re.compile(r"(?=.*[A-Za-z])(?=.*\d).*")


def may_be_drawn(keys: Iterable[str], *, are_all: bool = True) -> bool:
    """Whether names may be codes that somebody drew: letters and digits, all of one length or
    form. By chance one in six of ten signs has no digit. Numbers are ids where they are all the
    names that an object has, and no times.
    """
    known = list(keys)
    if are_times(known):
        return True
    if all(map(str.isdecimal, known)):
        return are_all and max(map(len, known)) < clock.SHORTEST_NUMBER
    if formats.has_identity(formats.format_of(known[0])) and _are_of_one_form(known):
        return True
    if are_all and len({_NUMBER.sub("0", key) for key in known}) == 1:
        return True  # `user:12`, `/users/12`, `urn:uuid:…`
    known = _without_what_all_have(known)
    if len({len(key) for key in known}) > 1 or not all(map(_SIGNS.fullmatch, known)):
        return False
    return any(map(_CODE.fullmatch, known)) or text_tokens.changes_by_chance(known)


def _without_what_all_have(keys: Sequence[str]) -> list[str]:
    """Return names without the words that stand before and behind the code in each of them, set off
    by a sign: ``ed25519:JLAFKJWSCS``, ``!dkRT3:example.org``.
    """
    before = max((found.end() for found in _SIGN.finditer(_common_beginning(keys))), default=0)
    ends = _common_beginning([key[before:][::-1] for key in keys])
    behind = max((found.end() for found in _SIGN.finditer(ends)), default=0)
    return [key[before : len(key) - behind] for key in keys]


def _common_beginning(texts: Sequence[str]) -> str:
    first, last = min(texts), max(texts)
    return first[: text_tokens.shared_beginning(first, last)]


def are_times(keys: Iterable[str]) -> bool:
    """Whether names are times, all of one form."""
    known = list(keys)
    if not known:
        return False
    if all(map(str.isdecimal, known)):
        sizes = set(map(len, known))
        return len(sizes) == 1 and sizes.pop() >= clock.SHORTEST_NUMBER
    return formats.format_of(known[0]).startswith(_TIMES) and _are_of_one_form(known)


def _are_of_one_form(keys: Sequence[str]) -> bool:
    first = formats.format_of(keys[0])
    return all(formats.format_of(key) == first for key in keys)


def apart(known: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Return the names that one of two objects has alone, of each: all, where they are as many
    times.
    """
    if 0 < len(known) == len(other) and are_times([*known, *other]):
        return list(known), list(other)
    return [key for key in known if key not in other], [key for key in other if key not in known]


def paired(
    ours: Iterable[str], theirs: Iterable[str], fits: Callable[[str, str], bool]
) -> dict[str, str]:
    """Return for each of their names one of ours: of an entry that fits, or the next in order, as
    times have it.
    """
    free, known = list(ours), list(theirs)
    found: dict[str, str] = {}
    for name in [] if are_times(known) else known:
        partner = next((one for one in free if fits(one, name)), None)
        if partner is not None:
            found[name] = partner
            free.remove(partner)
    left = [name for name in known if name not in found]
    return found | dict(zip(left, free, strict=False))


def fits(pattern: Any, value: Any) -> bool:
    """Whether a value may be one of a pattern, whatever ids and times it holds."""
    if isinstance(pattern, ObjectPattern):
        return isinstance(value, dict) and all(
            fits(one, value[key]) for key, one in pattern.members.items() if key in value
        )
    if isinstance(pattern, dict) and isinstance(value, dict):
        return pattern.keys() == value.keys() and all(
            fits(one, value[key]) for key, one in pattern.items()
        )
    return not is_plain(pattern) or skeleton(pattern) == skeleton(value)


def held(key: str, value: Any) -> Any:
    """Return what an entry holds, without what says its name again: the id of a row."""
    if not isinstance(value, dict):
        return value
    return {
        name: None if one in (key, key.encode("utf-8", "replace")) else one
        for name, one in value.items()
    }


def names_in(known: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, str]:
    """Return the names that entries of an object have in another recording of it; none where the
    names that they do not share are no drawn ones.
    """
    ours, theirs = apart(known, other)
    if not 0 < len(ours) == len(theirs) <= MOST:
        return {}
    if not may_be_drawn([*ours, *theirs], are_all=len(ours) == len(known)):
        return {}
    return paired(
        ours, theirs, lambda one, name: fits(held(one, known[one]), held(name, other[name]))
    )


def renamed(names: Mapping[str, str], entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with other names for some of its entries."""
    return {names.get(key, key): value for key, value in entries.items()}
