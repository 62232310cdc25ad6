"""What the writes of a round gave out on the two sides: ids, tokens, times, codes. Pure.

A write that both sides took pairs what stands at the same place of the two answers, if it is of one
form and was in no request.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

from pytest_cutover.backends.redaction.secrets import is_secret_name
from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.core.exchange import Exchange

_WRITING: Final = frozenset({"POST", "PUT", "PATCH"})
_WORD: Final = re.compile(r"[\w\-.:+]+")
# Of so many letters and digits, as of a UUID, a few of them digits, nobody makes up two alike.
_TOKEN: Final = re.compile(r"(?<![0-9A-Za-z])(?=[A-Za-z]*[0-9])[0-9A-Za-z]{6,}(?![0-9A-Za-z])")
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


def sent_in(one: Round) -> list[Pair]:
    """Return the texts that the test made up for each side by itself, as a title with a UUID in it,
    and the ids in members that are not called so: `"parent": 7`.

    They stand at one place of two writes that both sides took. Short ones are words of anybody's.
    """
    made = made_in(one)
    both = zip(one.baseline.exchanges, one.candidate.exchanges, strict=False)
    return [pair for ours, theirs in both for pair in _sent(ours, theirs, made)]


def _sent(ours: Exchange, theirs: Exchange, made: list[tuple[str, str]]) -> Iterator[Pair]:
    if not _were_taken(ours, theirs):
        return
    try:
        left, right = json.loads(ours.request.body), json.loads(theirs.request.body)
    except (ValueError, RecursionError):
        return
    for name, value, partner in _beside(left, right, "", made):
        if any(code in value for code, _ in made):
            continue  # known by its code
        is_id = value.isdigit() and partner.isdigit() and not names_an_id(name)
        if is_id or (_TOKEN.search(value) and _TOKEN.search(partner)):
            yield name, value, partner


def _were_taken(ours: Exchange, theirs: Exchange) -> bool:
    """Whether one write was taken by both sides.

    Which success it was is told by the comparison, and makes no other thing of it.
    """
    if ours.request.method not in _WRITING or theirs.request.method != ours.request.method:
        return False
    one, other = ours.response, theirs.response
    return one is not None and other is not None and one.status // 100 == other.status // 100 == 2


def _pairs(ours: Exchange, theirs: Exchange, made: list[tuple[str, str]]) -> Iterator[Pair]:
    one, other = ours.response, theirs.response
    if not _were_taken(ours, theirs) or one is None or other is None:
        return
    try:
        left, right = json.loads(one.body), json.loads(other.body)
    except (ValueError, RecursionError):
        return
    sent = ours.request.body + ours.request.target.encode("utf-8", "surrogateescape")
    for name, value, partner in _beside(left, right, "", made):
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


def _beside(left: Any, right: Any, name: str, made: list[tuple[str, str]]) -> Iterator[Pair]:
    """Yield the values at the same places that differ and are of one form."""
    if isinstance(left, dict) and isinstance(right, dict):
        for key in left.keys() & right.keys():
            yield from _beside(left[key], right[key], str(key), made)
    elif left == right:
        return
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for one, other in _rows(left, right, name, made):
            yield from _beside(one, other, name, made)
    elif type(left) is type(right) and not is_secret_name(name):
        yield from [(name, str(left), str(right))] if type(left) in (str, int) else ()


def _rows(
    left: list[Any], right: list[Any], name: str, made: list[tuple[str, str]]
) -> Iterator[tuple[Any, Any]]:
    """Yield the rows that are one: by what they say besides ids and times, else by position.

    A list may be in the order of ids that each side draws for itself. Rows of drawn ids that say
    the same are not told apart.
    """
    if len(left) < 2:
        yield from zip(left, right, strict=True)
        return
    said = [
        [_said(row, name, [pair[side] for pair in made]) for row in rows]
        for side, rows in enumerate((left, right))
    ]
    ours, theirs = (Counter(one) for one in said)
    places = {text: at for at, text in enumerate(said[1])}
    for at, text in enumerate(said[0]):
        if ours[text] == theirs[text] == 1:
            yield left[at], right[places[text]]
        elif _is_drawn(left[at]) and text in theirs:
            continue
        elif not ours[said[1][at]] == theirs[said[1][at]] == 1:
            yield left[at], right[at]


def _said(row: Any, name: str, codes: Sequence[str]) -> str:
    """Return what a row says besides its ids and times; the codes of the test by their turn."""
    text = json.dumps(_without_ids(row, name), sort_keys=True, ensure_ascii=False)
    for turn, code in enumerate(codes):
        text = text.replace(code, f"\0{turn}")
    return text


def _without_ids(value: Any, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _without_ids(below, str(key)) for key, below in value.items()}
    if isinstance(value, list):
        return [_without_ids(below, name) for below in value]
    if names_an_id(name) or _is_drawn(value):
        return None
    is_time = isinstance(value, str) and formats.format_of(value).startswith("timestamp")
    return None if is_time else value


def _is_drawn(value: Any) -> bool:
    """Whether a value is an id that is drawn, or a row that has one."""
    if isinstance(value, dict):
        return any(_is_drawn(below) for below in value.values())
    return isinstance(value, str) and formats.has_identity(formats.format_of(value))


def _of_one_form(name: str, left: str, right: str) -> bool:
    form = formats.format_of(left)
    if form == formats.format_of(right) and form.startswith("timestamp"):
        # Both are the time of one write; others are times that one side has got wrong.
        one, other = formats.instant_s(left), formats.instant_s(right)
        return one is None or other is None or abs(one - other) <= _ONE_WRITE_S
    known = formats.has_identity(form) or names_an_id(name)
    return known and form.partition(" ")[0] == formats.format_of(right).partition(" ")[0]
