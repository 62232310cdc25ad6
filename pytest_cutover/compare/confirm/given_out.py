"""What the writes of a round gave out on the two sides: ids, tokens, times, codes. Pure.

A write that both sides took pairs what stands at the same place of the two answers, if it is of one
form and was in no request.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from pytest_cutover.backends.redaction.secrets import is_secret_name
from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.core.exchange import Exchange

_WRITING: Final = frozenset({"POST", "PUT", "PATCH"})
_WORD: Final = re.compile(r"[\w\-.:+]+")
# Both sides write within a moment, and a time may tell no seconds.
_ONE_WRITE_S: Final = 90.0
Pair = tuple[str, str, str]  # the name of the member, the baseline's value, the candidate's


def made_in(one: Round) -> list[tuple[str, str]]:
    """Return the codes that the test made, the baseline's beside the candidate's."""
    both = zip(one.baseline.generated, one.candidate.generated, strict=False)
    return [(ours.value, theirs.value) for ours, theirs in both]


def given_out_in(one: Round) -> list[Pair]:
    """Return what the writes of a round gave out, or were given as new."""
    made = made_in(one)
    both = zip(one.baseline.exchanges, one.candidate.exchanges, strict=False)
    return [pair for ours, theirs in both for pair in _pairs(ours, theirs, made)]


def _pairs(ours: Exchange, theirs: Exchange, made: list[tuple[str, str]]) -> Iterator[Pair]:
    if ours.request.method not in _WRITING or theirs.request.method != ours.request.method:
        return
    one, other = ours.response, theirs.response
    if one is None or other is None or not (one.status // 100 == other.status // 100 == 2):
        return  # which success it was is told by the comparison, and makes no other thing of it
    try:
        left, right = json.loads(one.body), json.loads(other.body)
    except (ValueError, RecursionError):
        return
    sent = ours.request.body + ours.request.target.encode("utf-8", "surrogateescape")
    for name, value, partner in _beside(left, right, ""):
        is_id = formats.has_identity(formats.format_of(value))
        if is_id and (value in _words(other.body) or partner in _words(one.body)):
            continue  # both have it, in another place: a list came in another order
        own = any(code in value and other in partner for code, other in made)
        was_sent = value.encode("utf-8", "surrogatepass") in sent
        if own or (_of_one_form(name, value, partner) and not was_sent):
            yield name, value, partner


@lru_cache(maxsize=4)
def _words(body: bytes) -> frozenset[str]:
    """Return the words of a body that may be ids or times."""
    return frozenset(_WORD.findall(body.decode("utf-8", "replace")))


def _beside(left: Any, right: Any, name: str) -> Iterator[Pair]:
    """Yield the values at the same places that differ and are of one form."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in left.keys() & right.keys():
            yield from _beside(left[key], right[key], str(key))
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for one, other in zip(left, right, strict=True):
            yield from _beside(one, other, name)
    elif left != right and type(left) is type(right) and not is_secret_name(name):
        yield from [(name, str(left), str(right))] if type(left) in (str, int) else ()


def _of_one_form(name: str, left: str, right: str) -> bool:
    form = formats.format_of(left)
    if form == formats.format_of(right) and form.startswith("timestamp"):
        # Both are the time of one write; others are times that one side has got wrong.
        one, other = formats.instant_s(left), formats.instant_s(right)
        return one is None or other is None or abs(one - other) <= _ONE_WRITE_S
    known = formats.has_identity(form) or names_an_id(name)
    return known and form.partition(" ")[0] == formats.format_of(right).partition(" ")[0]
