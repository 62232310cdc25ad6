"""How a difference relates to what stands beside it: members that moved, bodies that were wrapped.

A relation is what was undone: with the candidate's member back under the baseline's name, or the
body out of its wrapper, nothing is left to report. It is told where both trees are at hand; nothing
later guesses it from names or shown texts. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pytest_cutover.normalize.matchers import EXACT, is_plain

Agrees = Callable[[Any, Any, Any], bool]
"""Whether a mask, the baseline's value and the candidate's leave nothing to report."""

_FOLDED: Final = re.compile(r"[^a-z0-9]")
_LONGEST: Final = 40


def of_members(
    mask: Any,
    masks: Mapping[str, Any],
    base: Mapping[str, Any],
    cand: Mapping[str, Any],
    agrees: Agrees,
) -> dict[str, str]:
    """Return how members that one side alone has relate to each other, by their names."""
    if base.keys().isdisjoint(cand):
        whole = wrapper(mask, base, cand, agrees) or unwrapped(masks, base, cand, agrees)
        if whole:
            return dict.fromkeys((*base, *cand), whole)
    return nulls_left_out(base, cand) | moved(masks, base, cand, agrees)


def of_types(base: Any, cand: Any, agrees: Agrees) -> str:
    """Return what a whole value was wrapped in, or taken out of, as a relation."""
    if isinstance(cand, dict):
        return wrapper(EXACT, base, cand, agrees)
    return unwrapped({}, base, cand, agrees) if isinstance(base, dict) else ""


def wrapper(mask: Any, base: Any, cand: Mapping[str, Any], agrees: Agrees) -> str:
    """Return what a whole value was wrapped in, as a relation; empty where it was not.

    Whatever else stands in the wrapper (a count, a message) goes with it.
    """
    inside = [key for key, value in cand.items() if type(value) is type(base)]
    found = [key for key in inside if _tells(base) and agrees(mask, base, cand[key])]
    return f"wrapped in: {found[0][:_LONGEST]}" if len(found) == 1 else ""


def unwrapped(masks: Mapping[str, Any], base: Mapping[str, Any], cand: Any, agrees: Agrees) -> str:
    """Return what the candidate left off around a whole value; empty where more is lost than a
    name.
    """
    if len(base) != 1:
        return ""
    ((key, value),) = base.items()
    is_same = _tells(value) and agrees(masks.get(key, EXACT), value, cand)
    return f"taken out of: {key[:_LONGEST]}" if is_same else ""


def moved(
    masks: Mapping[str, Any],
    base: Mapping[str, Any],
    cand: Mapping[str, Any],
    agrees: Agrees,
) -> dict[str, str]:
    """Return the members of an object that stand under another name, each with its relation.

    A name of the baseline and one of the candidate belong together if their values agree and no
    other pair would. Values that many members have (null, true, 0) tell nothing.
    """
    gone = [key for key in base if key not in cand]
    new = [key for key in cand if key not in base]
    if not gone or not new or len(gone) * len(new) > 2_500:
        return {}
    pairs = [
        (old, now)
        for old in gone
        for now in new
        if _may_be_one(masks.get(old, EXACT), base[old], old, now)
        and agrees(masks.get(old, EXACT), base[old], cand[now])
    ]
    spelled = [pair for pair in pairs if _fold(pair[0]) == _fold(pair[1])]
    certain = spelled + [pair for pair in pairs if _is_alone(pair, pairs)]
    found: dict[str, str] = {}
    for old, now in certain:
        same = _fold(old) == _fold(now)
        relation = (
            f"naming: {_style(old)} → {_style(now)}"
            if same
            else f"renamed: {old[:_LONGEST]} → {now[:_LONGEST]}"
        )
        found.setdefault(old, relation)
        found.setdefault(now, relation)
    return found


def nulls_left_out(base: Mapping[str, Any], cand: Mapping[str, Any]) -> dict[str, str]:
    """Return the members that are null and that the candidate leaves out: all of them, and several.

    One alone may have been lost; where every null of an object is gone, they are left out.
    """
    nulls = [key for key, value in base.items() if value is None]
    if len(nulls) < 2 or any(key in cand for key in nulls):
        return {}
    return dict.fromkeys(nulls, "nulls: left out")


def error_format(
    base: Mapping[str, Any], cand: Mapping[str, Any], relations: Mapping[str, str]
) -> dict[str, str]:
    """Return the relations of an error's body of which every member moved: what was added goes with
    them.

    An error says the same in another form: ``{error}`` became ``{detail, status, title}``.
    """
    gone = [key for key in base if key not in cand]
    new = [key for key in cand if key not in base]
    if not gone or len(new) <= len(gone) or any(key not in relations for key in gone):
        return dict(relations)
    whole = f"error format: {_shape(base)} → {_shape(cand)}"
    return dict.fromkeys((*gone, *new), whole)


def shape_of(body: Any) -> str:
    """Return what members an error has, in a few words: two errors of one form have the same."""
    return _shape(body) if isinstance(body, dict) else type(body).__name__


def _shape(body: Mapping[str, Any]) -> str:
    names = sorted(body)
    more = ", …" if len(names) > 6 else ""
    return "{" + ", ".join(name[:_LONGEST] for name in names[:6]) + more + "}"


def _may_be_one(mask: Any, value: Any, old: str, now: str) -> bool:
    """Whether an agreement says that it is the same member: noise agrees with all of its form."""
    return _fold(old) == _fold(now) or (is_plain(mask) and is_plain(value) and _tells(value))


def _tells(value: Any) -> bool:
    """Whether a value is told from others: null, flags, small numbers and empty ones are not."""
    if value is None or isinstance(value, bool):
        return False
    if isinstance(value, bytes):
        return len(value.lstrip(b"-").replace(b".", b"").strip(b"0")) > 2
    if isinstance(value, str | list | dict):
        return len(value) > (2 if isinstance(value, str) else 0)
    return True


def _is_alone(pair: tuple[str, str], pairs: Sequence[tuple[str, str]]) -> bool:
    rivals = [other for other in pairs if other[0] == pair[0] or other[1] == pair[1]]
    return rivals == [pair]


def _fold(name: str) -> str:
    return _FOLDED.sub("", name.lower())


def _style(name: str) -> str:
    if "_" in name:
        return "snake_case"
    if "-" in name:
        return "kebab-case"
    if name[:1].isupper():
        return "PascalCase"
    return "camelCase" if name != name.lower() else "lowercase"
