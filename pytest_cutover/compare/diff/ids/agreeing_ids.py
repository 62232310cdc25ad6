"""One row is called by one id, wherever it names it: in its own id, its links, its forms. Pure.

The ids of two databases differ, and each of them alone is held to its form. But where in every row
of the baseline the link to change a thing has the id that the link to delete it has, so have those
of the candidate, whatever their rows are. That holds for what is of one kind: links below one path,
an id and the address of the very collection. An id and a number of another kind agree by chance as
well, in one row and even in several: where those part nothing is said, and the place left open.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple

from pytest_cutover.compare.diff.ids.given_ids import Departure
from pytest_cutover.compare.diff.ids.row_mentions import (
    MARKUP,
    Kind,
    Mention,
    Row,
    is_long,
    may_part,
    rows_of,
)
from pytest_cutover.compare.diff.places import Path
from pytest_cutover.normalize.normalized import NormalizedExchange

_FEW_ROWS: Final = 4  # tell what may bind in a list, without reading all of it
OTHER_IDS: Final = "ids that agree within each row of the baseline, and may be of several things"
_STEM: Final = 4  # of a name, in singular and plural
_SELF: Final = re.compile(r"@id|_?self(?:_?(?:link|url|href|uri))?", re.I)
_ADDRESS: Final = re.compile(
    r"@?(?:id|href|action|formaction|ur[il]|link|location|permalink|edit|delete|update|remove|show"
    r"|view|details?|data-(?:url|href)|hx-\w+|_?self(?:_?(?:link|url|href|uri))?"
    r"|(?:html|web|api|edit|delete)_?(?:url|link))",
    re.I,
)


class Parted(NamedTuple):
    """The places where ids of one row part on the candidate, and those that nothing tells of."""

    departures: Sequence[Departure]
    open: Sequence[Path]


NOTHING: Final = Parted((), ())


def parted(base: NormalizedExchange, cand: NormalizedExchange) -> Parted:
    """Return where the candidate calls one row by several ids, and the baseline by one."""
    one, other = base.response, cand.response
    if one is None or other is None or one.raw == other.raw:
        return NOTHING
    if one.body.kind is not other.body.kind or one.status != other.status:
        return NOTHING
    gone: list[Departure] = []
    left_open: list[Path] = []
    asked = base.request.target if isinstance(base.request.target, str) else ""
    look = None if one.body.kind in MARKUP else may_part(one.body.tree, other.body.tree)
    if look is False:
        return NOTHING  # the rows that depart name no other id than those of the baseline
    if look is None:
        some = _by_form(rows_of(one.body, most=_FEW_ROWS))
        if not any(any(_bonds(rows, _stems_of(asked, rows[0].at))) for rows in some.values()):
            return NOTHING  # what some rows do not agree in, all of them do not
    ours = _by_form(rows_of(one.body))
    theirs = _by_form(rows_of(other.body)) if ours else {}
    for form, rows in theirs.items():
        if form not in ours:
            continue
        certain, likely = _bonds(ours[form], _stems_of(asked, ours[form][0].at))
        told: set[Path] = set()
        for number, row in enumerate(rows):
            beside = ours[form][min(number, len(ours[form]) - 1)]
            for at in _outliers(row, certain):
                mine, yours = beside.mentions[at], row.mentions[at]
                told.add(yours.path)
                gone.append(Departure(yours.path, mine.whole, yours.whole))
            paths = (row.mentions[at].path for at in _outliers(row, likely))
            left_open += [path for path in paths if path not in told]
    return Parted(gone, left_open)


def _by_form(rows: Iterator[Row]) -> dict[object, list[Row]]:
    found: dict[object, list[Row]] = {}
    for row in rows:
        found.setdefault(row.form, []).append(row)
    return found


def _stems_of(target: str, at: Sequence[str]) -> set[str]:
    """Return what the things of an answer may be called: by its address, and by their place."""
    words = [word for word in target.partition("?")[0].split("/") if word and not _has_digit(word)]
    names = [name for name in at if name != "*"]
    return {_stem(word) for word in (*words[-1:], *names[-1:])}


def _bonds(rows: list[Row], stems: set[str]) -> tuple[list[set[int]], list[set[int]]]:
    """Return which mentions of a row are of one id in all rows: for certain, and by all that is
    seen.
    """
    certain: list[set[int]] = []
    likely: list[set[int]] = []
    first = rows[0].mentions
    for one, other in combinations(range(len(first)), 2):
        pairs = [(row.mentions[one].text, row.mentions[other].text) for row in rows]
        if any(left != right for left, right in pairs):
            continue
        if all(map(is_long, (left for left, _ in pairs))):
            is_certain: bool | None = True if _is_of_row(first[one], first[other]) else None
        else:
            is_certain = _are_of_one_kind(first[one], first[other], stems)
        if is_certain:
            _join(certain, one, other)
        if is_certain or (is_certain is False and len(set(pairs)) > 1):
            _join(likely, one, other)
    return certain, likely


def _join(groups: list[set[int]], one: int, other: int) -> None:
    joined = {one, other}
    for group in [group for group in groups if not group.isdisjoint(joined)]:
        joined |= group
        groups.remove(group)
    groups.append(joined)


def _is_of_row(one: Mention, other: Mention) -> bool:
    """Return whether one of two mentions names the row itself: author and editor may be one."""
    return any(
        mention.kind is Kind.OWN
        or (mention.kind is Kind.LINK and _ADDRESS.fullmatch(mention.name) is not None)
        for mention in (one, other)
    )


def _are_of_one_kind(one: Mention, other: Mention, stems: set[str]) -> bool | None:
    """Return whether two short ids are of one kind: False where they may be, None where not."""
    if one.kind > other.kind:
        one, other = other, one
    if other.kind is Kind.LINK:
        stem = _stem(_collection(other))
        if one.kind is Kind.LINK:
            return True if stem == _stem(_collection(one)) and _is_of_row(one, other) else None
        if one.kind is Kind.NAMED:
            return True if _stem(one.name) == stem else None
        if _ADDRESS.fullmatch(other.name) is None:
            return None
        if one.kind is Kind.OWN:
            own = _stem(one.space) if one.space else None
            return _SELF.fullmatch(other.name) is not None or stem in stems or own == stem
        return False
    if Kind.NAMED in (one.kind, other.kind) or one.kind is Kind.VALUE:
        return None
    return one.space == other.space and other.kind is Kind.OWN


def _outliers(row: Row, groups: list[set[int]]) -> Iterator[int]:
    """Yield the mentions that have another id than most of those that ought to have one."""
    for group in groups:
        texts = [row.mentions[at].text for at in sorted(group)]
        usual, _ = Counter(texts).most_common(1)[0]
        yield from (at for at in sorted(group) if row.mentions[at].text != usual)


def _collection(link: Mention) -> str:
    """Return the last word of the path before the id in a link."""
    path = link.space.partition("?")[0].rstrip("/")
    return path.rpartition("/")[2]


def _stem(word: str) -> str:
    return word.strip("-_:").lower()[:_STEM]


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))
