"""What explains a difference: a change that, undone, leaves nothing of it. Pure.

The relation that the comparison stated, or what makes the one value of the other in every round.
It is told as ``recognizer: what``, in the same words for all that one change explains,
so that `gate.causes` can join them. Empty where nothing was proven: such a finding stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from pytest_cutover.compare.diff.difference import Difference, Kind
from pytest_cutover.config.transformation import ValuePair, transformations
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Exchange, Transcript

_LABELS: Final = {
    "same text, other type": "cast",
    "same number": "precision",
    "lower case": "letter-case",
    "upper case": "letter-case",
    "other case": "letter-case",
    "HTML-escaped": "escaping",
    "HTML-unescaped": "escaping",
    "percent-encoded": "escaping",
    "percent-decoded": "escaping",
    "composed letters": "escaping",
    "decomposed letters": "escaping",
    "same day": "re-encoded",
    "trimmed": "trimmed",
}
_VALUED: Final = frozenset((Kind.VALUE, Kind.TYPE, Kind.FORMAT, Kind.SCALE, Kind.WIRE))
_TIME: Final = re.compile(r"(?:timestamp|date)\b")
_NUMBER: Final = re.compile(r"(?:integer|decimal|exponent)\b")
_LONGEST: Final = 120
# Headers that belong to the one answer: what sets them is a handler, and no middleware.
_OF_HANDLERS: Final = frozenset(
    (
        "location", "retry-after", "etag", "last-modified", "content-disposition", "content-range",
        "link", "allow", "set-cookie", "content-location",
    )
)  # fmt: skip


def explanation_of(difference: Difference, pairs: Sequence[ValuePair]) -> str:
    """Return what explains a difference with these values, one pair for each round."""
    if difference.relation:
        return difference.relation
    tokens = json_pointer.parse(difference.pointer)
    if tokens[:1] == ("headers",) and str(difference.kind).startswith("header-"):
        return _of_header(difference, tokens, pairs)
    if difference.kind not in _VALUED:
        return ""
    name = next((one for one in reversed(tokens) if not one.isdigit() and one != "*"), "")
    found = transformations([(one.before, one.after) for one in pairs])
    if found:
        label = _LABELS.get(found[0], "precision" if found[0].startswith("padded") else "scaled")
        if difference.kind is Kind.TYPE and "same number" in found:
            label = "cast"  # 1.00 as a number is 1: the text is another, and the value is not
        what = difference.change if label == "cast" else found[0]
        return f"{label}: {name} {what}"
    before, _, after = difference.change.partition(" → ")
    is_number = all(_NUMBER.match(one) for one in (before, after))
    if difference.kind is Kind.SCALE or (difference.kind is Kind.WIRE and is_number):
        return f"precision: {name} {difference.change}"  # one number, written in two ways
    if difference.kind is Kind.FORMAT and _TIME.match(before) and _TIME.match(after):
        return f"re-encoded: {name} {difference.change}"
    return ""


def _of_header(difference: Difference, tokens: Sequence[str], pairs: Sequence[ValuePair]) -> str:
    name = tokens[1].lower() if len(tokens) == 2 else ""
    if not name or name in _OF_HANDLERS:
        return ""
    if difference.kind is not Kind.HEADER_VALUE:
        verb = "is missing" if difference.kind is Kind.HEADER_MISSING else "is added"
        return f"header: {name} {verb}"
    different = {one.listed for one in pairs}
    if len(different) != 1:
        return ""
    ((before, after),) = different
    return f"header: {name} {before[:_LONGEST]} → {after[:_LONGEST]}"


def alike(
    baseline: Transcript, candidate: Transcript, differences: Iterable[Difference]
) -> tuple[str, ...]:
    """Return what both sides do alike somewhere: no change of the whole candidate explains it
    elsewhere.

    Names of headers that both sides sent without a difference, statuses of refusals that both gave,
    and ``protocol``.
    """
    departed = {(one.exchange, one.pointer.lower()) for one in differences}
    found: set[str] = set()
    for index, (one, other) in enumerate(
        zip(baseline.exchanges, candidate.exchanges, strict=False)
    ):
        found.update(_alike(index, one, other, departed))
    return tuple(sorted(found))


def _alike(
    index: int, one: Exchange, other: Exchange, departed: set[tuple[int, str]]
) -> Iterable[str]:
    left, right = one.response, other.response
    if left is None or right is None:
        return
    if left.http_version == right.http_version:
        yield "protocol"
    if left.status == right.status >= 400:
        yield str(left.status)
    both = {name.lower() for name, _ in left.headers} & {name.lower() for name, _ in right.headers}
    yield from (name for name in both if (index, f"/headers/{name}") not in departed)
