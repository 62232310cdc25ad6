"""What two JWTs or signed sessions say that are each their side's own: who may do what, how long.

The token of a login is new each time and belongs to its side; what it grants does not. Held are the
claims that nobody makes up by chance: words, lists of words and flags (``role``, ``scope``,
``mfa``), and how long it lives. Ids, numbers, times, addresses and random values are the side's
own, and of the same kind: who reads ``sub`` as a number reads no text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from pytest_cutover.compare.noise import clock, formats, signed
from pytest_cutover.compare.noise.texts.text_tokens import is_random

_WORDS: Final = re.compile(r"[^\W\d_]+(?:[\s,:;./*_@+-]+[^\W\d_]+)*[*/]?")
_OF_A_TIME: Final = re.compile(r"exp|iat|nbf|.*(?:_at|_time|At|Time)")
_HELD: Final = ("uuid", "timestamp")  # of other forms one may look like another by chance
_NOTHING: Final = ("undefined", "null", "None", "NaN", "nan", "[object Object]")
_LONGEST: Final = 200
_SLACK_S: Final = 5.0
_DEEPEST: Final = 4


class Claim(NamedTuple):
    """A claim that two tokens make in another way, as it is shown."""

    change: str
    base: str
    cand: str


def may_be_made(value: object) -> bool:
    """Whether a value may be a JWT or a signed session, at a glance."""
    return signed.may_be_signed(value)


def departure(base: object, cand: object, same: Callable[[str, str], bool]) -> Claim | None:
    """Return the first claim of which equal backends say the same, and these do not.

    `same` says whether two words mean one thing, as a name that the test made up for each side.
    """
    if not (isinstance(base, str) and isinstance(cand, str) and may_be_made(base)):
        return None
    ours, theirs = formats.claims_of(base), formats.claims_of(cand)
    if ours is None or theirs is None:
        return None
    left, right = _lifetime_s(ours), _lifetime_s(theirs)
    if left is not None and right is not None and abs(left - right) > _SLACK_S:
        return Claim("claim exp: lifetime → another", f"{left:.0f} s", f"{right:.0f} s")
    known = dict(_leaves(theirs))
    for name, value in _leaves(ours):
        if name in known and (kinds := _other_kind(name, value, known[name])):
            shown = (json.dumps(one) for one in (value, known[name]))
            return Claim(f"claim {name}: {kinds}", *shown)
    words = dict(_words(theirs))
    for name, text in _words(ours):
        other = words.get(name)
        if _of_its_address(name, text) or other is None:
            continue
        if other != text and not same(text, other):
            return Claim(f"claim {name}: text → text", text, other)
    return None


def _of_its_address(name: str, text: str) -> bool:
    """Whether a claim says where a side lives: who issued a token is each side's own host."""
    return "://" in text or (name in ("iss", "aud") and "." in text)


def _lifetime_s(claims: dict[str, object]) -> float | None:
    ends, begins = claims.get("exp"), claims.get("iat", claims.get("nbf"))
    if isinstance(ends, int | float) and isinstance(begins, int | float):
        return float(ends - begins)
    return None


def _leaves(claims: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, object]]:
    """Yield each claim, and what is in it, by its name; a list is one."""
    if isinstance(claims, dict) and depth < _DEEPEST:
        for key, value in claims.items():
            yield from _leaves(value, f"{name}.{key}" if name else str(key), depth + 1)
    else:
        yield name, claims


def _other_kind(name: str, base: object, cand: object) -> str:
    """Return ``number → string`` where two claims are not of one kind; empty where they are."""
    kinds = [_kind(one) for one in (base, cand)]
    if kinds[0] != kinds[1]:
        return " → ".join(kinds)
    if kinds[0] == "string":
        names = [formats.format_of(str(one)) for one in (base, cand)]
        family = next((one for one in _HELD if names[0].startswith(one)), None)
        lost = family is not None and not names[1].startswith(family)
        lost = lost or (cand in _NOTHING and base not in _NOTHING)
        return " → ".join(names) if lost or "empty" in names else ""
    if kinds[0] == "number" and _OF_A_TIME.fullmatch(name.rpartition(".")[2]):
        lexemes = [str(one).encode() for one in (base, cand)]
        moments = [clock.moment_s(one) for one in lexemes]
        if None not in moments:
            return clock.other_unit(*lexemes)
        return "a time → no time" if moments[0] is not None else ""
    return ""


def _kind(value: object) -> str:
    return "number" if type(value) in (int, float) else formats.type_of(value)


def _words(claims: object, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Yield what is made of words, by the claim's name; a list of words in no order."""
    if isinstance(claims, bool):
        yield name, str(claims).lower()
    elif isinstance(claims, str):
        if _are_words(claims):
            yield name, claims
    elif isinstance(claims, list):
        if all(isinstance(one, str) and _are_words(one) for one in claims):
            yield name, ", ".join(sorted(claims)) or "none"
    elif isinstance(claims, dict) and depth < _DEEPEST:
        for key, value in claims.items():
            yield from _words(value, f"{name}.{key}" if name else str(key), depth + 1)


def _are_words(text: str) -> bool:
    """Whether a text is made of words: nobody draws those by chance."""
    return len(text) <= _LONGEST and _WORDS.fullmatch(text) is not None and not is_random(text)
