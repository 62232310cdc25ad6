"""Whether both sides look at the same data, where the target does not say. Pure.

It is seen in the test's own answers: what a test wrote on the baseline, the candidate shows, or it
does not though it shows older rows. Where neither is seen, ids of rows that were there before
decide nothing: equal data in two databases has other ids, and so has a candidate that mixes up its
rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from enum import StrEnum
from typing import Any, Final
from urllib.parse import urlsplit

from pytest_cutover.compare.confirm import codes_of_sides
from pytest_cutover.compare.confirm.asked_and_given import (
    asks,
    codes_of,
    document_of,
    ids_given,
    ids_in,
    lists_in,
    row_text,
    texts_of,
)
from pytest_cutover.compare.diff.account import Account, Fate
from pytest_cutover.compare.diff.difference import Difference, Kind, wildcard
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.lists.own_rows import OwnRows
from pytest_cutover.compare.diff.transcripts import Comparison, RoundContext
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.links import is_link
from pytest_cutover.compare.noise.lists.rows import SPACE, leaves, names_an_id
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import READS, Exchange, Transcript
from pytest_cutover.normalize.normalized import normalize

NOT_KNOWN: Final = "ids of each side's own database? shared_state in the target says so, or not"
CONTRADICTED: Final = (
    "the target says shared_state = false, and one side shows what the test wrote on the other; "
    "take the line out of cutover.toml"
)
_TIME: Final = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?")
_ID: Final = re.compile(rb"[\w-]{16,}")
_IN_A_PATH: Final = re.compile(r"[1-9][0-9]{0,8}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Rows beside those that the test made, by which a list is known to go further back.
_OLDER_ROWS: Final = 2
_MOST_ROWS: Final = 100  # of a list that are looked into


class Sharing(StrEnum):
    """What is known of the data of both sides."""

    SHARED = "shared"
    SEPARATE = "separate"
    UNKNOWN = "unknown"


def seen(baseline: Transcript, candidate: Transcript, later: Transcript | None = None) -> Sharing:
    """Return what the answers of one round show of the data behind them.

    `later` is the baseline's transcript of another round.
    """
    ours, theirs = codes_of(baseline), codes_of(candidate)
    # What both were given alike, generated requests do so, says nothing.
    ours, theirs = (
        [one for one in ours if one not in theirs],
        [one for one in theirs if one not in ours],
    )
    if any(code in body for body in _bodies(candidate) for code in ours):
        return Sharing.SHARED
    if any(code in body for body in _bodies(baseline) for code in theirs):
        return Sharing.SHARED
    kept = _last_removal(baseline) + 1  # what is removed later the candidate could not show
    if any(
        _lacks_a_row(one, other, ours, theirs)
        for one, other in zip(baseline.exchanges[kept:], candidate.exchanges[kept:], strict=False)
    ):
        return Sharing.SEPARATE
    if later is not None and (
        any(map(_gave_one_id_to_both, baseline.exchanges, candidate.exchanges, later.exchanges))
        or _went_to_one_thing(baseline, candidate, later)
    ):
        return Sharing.SEPARATE
    return Sharing.UNKNOWN


def unstated(
    shared: Comparison,
    separate: Callable[[], Comparison],
    baseline: Transcript,
    candidate: Transcript,
    context: RoundContext,
) -> Comparison:
    """Return a comparison for a target that does not say whether its sides share their data.

    `shared` is the comparison as if they did, `separate` makes that as if not. Where nothing is
    seen, ids that differ in all rows are left open; in a first round they may be noise that no
    further one has told yet. One round alone is a guess.
    """
    if context.later is None:
        shared = replace(shared, is_guess=True)
    if not shared.differences:
        if context.later and seen(baseline, candidate, context.later) is Sharing.SEPARATE:
            # Pages that are alike on both sides are then none that lack the candidate's own rows.
            return replace(shared, numbers=replace(shared.numbers, shared=False))
        return shared
    kept_apart = _keep_rows_apart(baseline, candidate, context)
    kept_apart = kept_apart or codes_of_sides.are_apart(baseline, candidate)
    if not (kept_apart or any(map(_may_be_own, shared.differences))):
        return shared
    sharing = seen(baseline, candidate, context.later)
    if _shows_the_other_side(baseline, candidate, context):
        sharing = Sharing.SHARED
    if sharing is Sharing.UNKNOWN and (kept_apart or _show_earlier_runs(baseline, candidate)):
        sharing = Sharing.SEPARATE
    if sharing is Sharing.SHARED:
        return shared
    if sharing is Sharing.UNKNOWN and context.later is None:
        return replace(shared, of_rounds=True)
    other = separate()
    if sharing is Sharing.SEPARATE:
        # A candidate that leaves out the baseline's row looks like one with data of its own.
        return other if context.later else replace(other, of_rounds=True, is_guess=True)
    left = {_key(one) for one in other.differences}
    gone = [one for one in shared.differences if _key(one) not in left]
    told = {_key(one) for one in shared.differences}
    is_open = {(one.endpoint, one.pointer) for one in other.account.open}
    if not left <= told or not gone:
        return shared
    if not all(
        (one.endpoint, one.pointer) in is_open or _is_of_an_id(one, baseline) for one in gone
    ):
        return shared
    if any(_has_an_id_of_both(one.exchange, baseline, candidate) for one in gone):
        return shared
    account = Account(other.account.places.copy(), dict(other.account.open))
    for one in gone:
        if (one.endpoint, one.pointer) in is_open:
            continue
        account.retract(one.endpoint, Fate.CONSTRAINED, "correspondence")
        account.leave_open(one.endpoint, wildcard(one.pointer), NOT_KNOWN)
    # What is open is not known either: the next comparison finds it by itself.
    return replace(other, account=account, values=shared.values, of_rounds=True)


def _shows_the_other_side(
    baseline: Transcript, candidate: Transcript, context: RoundContext
) -> bool:
    """Whether the baseline shows, a round later, what the test made on the candidate before."""
    if context.later is None or context.theirs is None:
        return False
    earlier, later = candidate, context.later
    if context.is_last_round:
        earlier, later = context.theirs, baseline
    sent = b"".join(one.request.body + one.request.target.encode() for one in later.exchanges)
    return any(
        code in body for code in codes_of(earlier) if code not in sent for body in _bodies(later)
    )


def stated_apart(separate: Comparison, baseline: Transcript, candidate: Transcript) -> Comparison:
    """Return the comparison of sides that are said to share no data, unless they are seen to."""
    if separate.inconclusive or seen(baseline, candidate) is not Sharing.SHARED:
        return separate
    return replace(separate, inconclusive=CONTRADICTED)


def _may_be_own(one: Difference) -> bool:
    """Whether a difference is that of a value, its form kept: of an id, a link or a validator that
    is each side's own, where comparing them as such tells.
    """
    before, _, after = one.change.partition(" → ")
    valued = one.kind in (Kind.VALUE, Kind.HEADER_VALUE)
    return before == after if valued else one.kind is Kind.IDENTITY


def _is_of_an_id(one: Difference, baseline: Transcript) -> bool:
    """Whether a difference is that of an id, or of a link with one. A value of another name may be
    that of a process too, and is asked of a fresh one.
    """
    tokens = json_pointer.parse(one.pointer)
    named = [token.lstrip("@") for token in tokens if not token.isdigit()][-1:]
    if named == ["rows"] and (column := _column(tokens, _shown(baseline, one.exchange))):
        named = [column]
    is_named = one.kind is not Kind.HEADER_VALUE and all(map(names_an_id, named or [""]))
    return _may_be_own(one) and (is_named or not named or is_link(str(one.baseline).strip('"')))


def _key(one: Difference) -> tuple[int, str, str]:
    return one.exchange, one.pointer, one.signature


def _last_removal(transcript: Transcript) -> int:
    """Return the place of the last exchange that removes something; -1 where none does."""
    asked = enumerate(transcript.exchanges)
    return max((at for at, one in asked if one.request.method == "DELETE"), default=-1)


def _bodies(transcript: Transcript) -> Iterator[bytes]:
    for one in transcript.exchanges:
        if one.response is not None:
            yield one.response.body


def _lacks_a_row(one: Exchange, other: Exchange, ours: list[bytes], theirs: list[bytes]) -> bool:
    """Whether both were asked for the same list, and the candidate's goes back behind the row that
    the test made on the baseline before, and has it not.
    """
    asked = one.request
    if one.response is None or other.response is None:
        return False
    if (asked.target, asked.body) != (other.request.target, other.request.body):
        return False
    for rows, others in zip(*(lists_in(document_of(side)) for side in (one, other)), strict=False):
        places = [at for at, row in enumerate(rows) if any(code in row for code in ours)]
        own = sum(any(code in row for code in theirs) for row in others)
        if not (places and own and len(others) - own >= _OLDER_ROWS):
            continue
        # The candidate's own rows push as many off a page that is full, and whose others stay.
        kept = sum(row in rows for row in others)
        if len(others) - own > places[0] or kept + own < len(others):
            return True
    return False


def _keep_rows_apart(baseline: Transcript, candidate: Transcript, context: RoundContext) -> bool:
    """Whether the baseline still shows, a round later, what a write was answered with, and not what
    the candidate's was, which the candidate shows: the baseline is right about its own data.
    """
    ours, theirs, later = baseline, candidate, context.later
    if later is None or context.theirs is None:
        return False
    if context.is_last_round:
        ours, theirs, later = later, context.theirs, baseline
    if list(_read(ours)) == list(_read(later)):
        return False  # nothing shows what was written
    for side in (ours, theirs, later):
        reads = [at for at, one in enumerate(side.exchanges) if asks(one, side)]
        if _last_removal(side) > max(reads, default=-1):
            return False  # what was read is there no more
    if _shows(later, codes_of(ours)) and _shows(theirs, left := codes_of(theirs)):
        return not _shows(later, left)
    if _grow_apart(ours, theirs, later, context.theirs if later is context.later else candidate):
        return True
    shown, theirs_shown = _rows(later), _rows(theirs)
    for one, other in zip(ours.exchanges, theirs.exchanges, strict=False):
        if asks(one, ours):
            continue
        made, partners = dict(_objects(document_of(one))), dict(_objects(document_of(other)))
        for place in made.keys() & partners.keys():
            if made[place] in shown and partners[place] in theirs_shown - shown:
                return True
    return False


def _grow_apart(
    ours: Transcript, theirs: Transcript, later: Transcript, theirs_later: Transcript
) -> bool:
    """Whether a list, in whatever form, is as long on both sides and grows by as many rows on both
    until a round later, and the candidate's has a row of before that the baseline's has not: on
    shared data the rows of both would stand in both. On a page, which does not grow, or shows few
    rows again, each side has to keep a row with an id or a time that it gave, and that the other
    one lacks.
    """
    trees = [
        [one.response.body.tree if one.response else None for one in normalize(side)]
        for side in (ours, theirs, later, theirs_later)
    ]
    given = _given(ours, theirs), _given(theirs, ours)
    for index, answers in enumerate(zip(*trees, strict=False)):
        if not asks(ours.exchanges[index], ours):
            continue
        lists = [dict(_rows_by_place(tree)) for tree in answers]
        for place in set.intersection(*map(set, lists)):
            one, other, again, other_again = (side[place] for side in lists)
            kept, theirs_kept = set(one) & set(again), set(other) & set(other_again)
            grows = len(one) == len(other) < len(again) == len(other_again)
            if grows and len(kept) >= _OLDER_ROWS and not theirs_kept <= set(again):
                return True
            if len(one) == len(other) <= len(again) == len(other_again):
                pages = kept - set(other), theirs_kept - set(again)
                if all(
                    any(map(words.search, page)) for words, page in zip(given, pages, strict=True)
                ):
                    return True
    return False


def _show_earlier_runs(baseline: Transcript, candidate: Transcript) -> bool:
    """Whether a list has two rows or more, or one beside rows that both sides show, that an earlier
    run or test wrote to each side a moment apart: with an id of 64 bits or more that the other side
    shows nowhere.
    """
    shown = [frozenset(_ID.findall(b" ".join(_bodies(side)))) for side in (baseline, candidate)]
    if shown[0] == shown[1]:
        return False
    given = ids_given(baseline) | ids_given(candidate)
    trees = [normalize(side) for side in (baseline, candidate)]
    for one, ours, theirs in zip(baseline.exchanges, *trees, strict=False):
        if ours.response is None or theirs.response is None or not asks(one, baseline):
            continue
        rows = OwnRows(Correspondence(), now_s=one.started_s)
        lists = [dict(_lists_by_place(each.response.body.tree)) for each in (ours, theirs)]
        for place in lists[0].keys() & lists[1].keys():
            both = list(zip(*(each[place][:_MOST_ROWS] for each in lists), strict=False))
            apart = sum(
                left != right
                and _is_alone(left, shown[1], given)
                and _is_alone(right, shown[0], given)
                and rows.is_of_an_earlier_test(left, right)
                for left, right in both
            )
            if apart > 1 or (apart and any(left == right for left, right in both)):
                return True
    return False


def _is_alone(row: Any, others: Set[bytes], given: Set[str]) -> bool:
    """Whether a row has an id of 64 bits or more that is none of others, or that were given."""
    texts = [text for _, text in leaves(row) if isinstance(text, str)]
    ids = [text for text in texts if formats.has_identity(formats.format_of(text))]
    return bool(ids) and not any(text.encode() in others or text in given for text in ids)


def _given(side: Transcript, other: Transcript) -> re.Pattern[str]:
    """Return what finds, in a row, an id or a time that a write of a side was answered with, or a
    text that it sent, and that the other side did not.
    """
    writes, others = (
        [one for one in each.exchanges if not asks(one, each)] for each in (side, other)
    )
    times = (_TIME.findall(one.response.body) for one in writes if one.response is not None)
    sent = {text for one in writes for text in texts_of(one.request.body)}
    sent -= {text for one in others for text in texts_of(one.request.body)}
    words = {*ids_given(side), *(time.decode() for found in times for time in found), *sent}
    found = "|".join(map(re.escape, sorted(words))) or "(?!)"
    return re.compile(rf"(?<![\w-])(?:{found})(?![\w-])")


def _rows_by_place(tree: Any) -> Iterator[tuple[str, list[str]]]:
    """Yield each list of rows in a comparable tree, with its place; rows as text."""
    for where, rows in _lists_by_place(tree):
        if all(isinstance(row, dict | list | str) for row in rows):
            yield where, [repr(_without_space(row)) for row in rows]


def _lists_by_place(tree: Any, where: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Yield each list in a comparable tree, with its place."""
    if isinstance(tree, list):
        yield where, tree
        for index, one in enumerate(tree):
            yield from _lists_by_place(one, f"{where}/{index}")
    elif isinstance(tree, dict):
        for key, one in tree.items():
            yield from _lists_by_place(one, f"{where}/{key}")


def _without_space(row: Any) -> Any:
    """Return a row without the blanks before it, which the first one of a page does not have."""
    if not isinstance(row, dict) or SPACE not in row:
        return row
    return {name: value for name, value in row.items() if name != SPACE}


def _read(transcript: Transcript) -> Iterator[bytes]:
    """Yield the bodies that a test read."""
    for one in transcript.exchanges:
        if one.response is not None and asks(one, transcript):
            yield one.response.body


def _shows(transcript: Transcript, codes: list[bytes]) -> bool:
    """Whether what a test read has one of these codes."""
    return any(code in body for body in _read(transcript) for code in codes)


def _rows(transcript: Transcript) -> frozenset[bytes]:
    """Return the rows of the lists that a test read, as text."""
    read = (one for one in transcript.exchanges if asks(one, transcript))
    return frozenset(row for one in read for rows in lists_in(document_of(one)) for row in rows)


def _gave_one_id_to_both(one: Exchange, other: Exchange, later: Exchange) -> bool:
    """Whether a write was answered with the same id on both sides, and with another one in another
    round: one database does not give an id out twice. Below a thing that each side made for itself
    the targets are others, and the endpoint is the same.
    """
    if one.request.method in READS or (one.request.method, one.endpoint) != (
        other.request.method,
        other.endpoint,
    ):
        return False
    ours, theirs, next_one = (_ids_of_answer(each) for each in (one, other, later))
    return bool((ours & theirs) - next_one) and bool(next_one)


def _ids_of_answer(one: Exchange) -> set[Any]:
    """Return the ids that an answer gives out: in its document, or as the place of what is new."""
    place = one.response.header("location") if one.response is not None else None
    return {*ids_in(document_of(one)), *_ids_in_path(urlsplit(place or "").path)}


def _went_to_one_thing(one: Transcript, other: Transcript, later: Transcript) -> bool:
    """Whether the test asked both sides for a thing by one number that a write had told it, and for
    another one in another round.
    """
    ours, theirs, next_one = (set(_asked_after_writes(each)) for each in (one, other, later))
    return bool((ours & theirs) - next_one) and bool(next_one)


def _asked_after_writes(side: Transcript) -> Iterator[tuple[int, str]]:
    """Yield the ids in paths of requests that a write before was answered with, under any name."""
    told: set[str] = set()
    for index, one in enumerate(side.exchanges):
        yield from ((index, each) for each in _ids_in_path(one.request.path) if each in told)
        if one.request.method not in READS:
            told.update(str(value) for _, value in leaves(document_of(one)))


def _ids_in_path(path: str) -> list[str]:
    return [part for part in path.split("/") if _IN_A_PATH.fullmatch(part)]


def _objects(tree: Any, where: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield each object of a document as text, with its place: a row may stand in an envelope."""
    if isinstance(tree, dict):
        yield where, row_text(tree)
        for key, value in tree.items():
            yield from _objects(value, f"{where}/{key}")


def _has_an_id_of_both(index: int, baseline: Transcript, candidate: Transcript) -> bool:
    """Whether two answers show one id at places of one name: they were seeded alike."""
    sides = [set(ids_in(_records(_shown(side, index)))) for side in (baseline, candidate)]
    return not sides[0].isdisjoint(sides[1])


def _shown(side: Transcript, index: int) -> Any:
    """Return the comparable tree of an answer."""
    answer = normalize(side)[index].response if index < len(side.exchanges) else None
    return answer.body.tree if answer is not None else None


def _column(tokens: Sequence[str], tree: Any) -> str:
    """Return how the head of a table calls the column of a cell."""
    rows = tree.get("rows") if isinstance(tree, dict) else None
    head = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], list) else []
    at = int(tokens[-1]) if tokens[-1].isdigit() else len(head)
    return str(head[at]) if at < len(head) else ""


def _records(tree: Any) -> Any:
    """Return a tree with the lines of a table as objects."""
    rows = tree.get("rows") if isinstance(tree, dict) and "delimiter" in tree else None
    if not isinstance(rows, list) or not rows:
        return tree
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]
