"""What belongs to a process and not to the code: what two fresh processes of it do not share. Pure.

A pid, an instance's name, a start time and an order by hash seed stand still as long as a process
lives, so no round tells them from what the code says; a twin does. Such a place is held to its
form, an order to its content, and forgiven in value or order. Only what stands still on both sides
is looked at: what moves is state, and state is held.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.diff.account import Account, Fate, OpenPlace
from pytest_cutover.compare.diff.difference import Difference, Kind, wildcard
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.ids.derived import OF_SOMETHING_ELSE
from pytest_cutover.compare.diff.lists.text_rows import arranged
from pytest_cutover.compare.diff.profiles import PROCESS_MEMBERS
from pytest_cutover.compare.noise import clock
from pytest_cutover.compare.noise.constraints import conforms, formats_for
from pytest_cutover.compare.noise.lists.rows import leaves
from pytest_cutover.compare.noise.texts import text_tokens
from pytest_cutover.core import json_pointer
from pytest_cutover.core.exchange import Transcript
from pytest_cutover.normalize.body import BodyKind
from pytest_cutover.normalize.normalized import NormalizedExchange, normalize

BELONGS: Final = "belongs to the process"
View = tuple[NormalizedExchange, ...]
KINDS: Final = frozenset({Kind.VALUE, Kind.HEADER_VALUE, Kind.FORMAT, Kind.ORDER, Kind.IDENTITY})
"""What a process may say in its own way: never presence, type or length."""
_OF_A_PROCESS: Final = ("timestamp", "http-date", "uuid", "ulid", "hex", "token")
_NOWHERE: Any = object()
_MOST_OF_A_PLACE = 8
_MOST_SHARED = 1000
_LONGEST_WORD = 80
_WORDS_WITH_HYPHENS = re.compile(r"[\w-]+|\s+|.", re.DOTALL)


@dataclass(slots=True)
class ProcessPlaces:
    """The places, by endpoint and pointer, of which twins showed that they are a process's own."""

    _seen: dict[tuple[str, str], list[tuple[Any, ...]]] = field(default_factory=dict)
    # What twins share at a place itself: in a list of names and values each row is another thing.
    _shared: dict[tuple[str, str], Any] = field(default_factory=dict)

    def learn(self, differences: Iterable[Difference], twins: Sequence[Transcript]) -> None:
        """Look at the places of some differences in the answers of several twins."""
        views = [normalize(one) for one in twins]
        for one in differences:
            for where in pointers_of(one):
                values = [value_at(view, one, where) for view in views]
                if any(value is _NOWHERE for value in values):
                    continue
                raw, values = values, _by_what_stays(values)
                if _steady(values):
                    if len(self._shared) < _MOST_SHARED:
                        self._shared[(one.endpoint, where)] = raw[0]
                    continue
                if _reordered(values):  # the first two may have had one order by chance
                    self._shared.pop((one.endpoint, where), None)
                elif isinstance(values[0], list):
                    continue
                known = self._seen.setdefault((one.endpoint, wildcard(where)), [])
                if tuple(raw) not in known:
                    known.append(tuple(raw))
                    del known[:-_MOST_OF_A_PLACE]
                break

    def knows(self, one: Difference) -> bool:
        """Return whether twins showed anything at the place of a difference."""
        return any((one.endpoint, wildcard(where)) in self._seen for where in pointers_of(one))

    def forgiven(
        self,
        differences: Iterable[Difference],
        rounds: Sequence[Round],
        values: Correspondence | None = None,
    ) -> list[Difference]:
        """Return the differences that are the process's own, and have its form.

        `values` are the pairs of values that stand for each other.
        """
        same = values or Correspondence()
        asked = [
            one
            for one in differences
            if one.kind in KINDS and one.change != OF_SOMETHING_ELSE and self.knows(one)
        ]
        if not asked:
            return []
        ours = [normalize(one.baseline) for one in rounds]
        theirs = [normalize(one.candidate) for one in rounds]
        return [one for one in asked if self._forgives(one, ours, theirs, same)]

    def _forgives(
        self, one: Difference, ours: list[View], theirs: list[View], values: Correspondence
    ) -> bool:
        for where in pointers_of(one):
            base = [value_at(view, one, where) for view in ours]
            cand = [value_at(view, one, where) for view in theirs]
            if any(value is _NOWHERE for value in (*base, *cand)):
                continue
            if one.kind is Kind.IDENTITY and not (_steady(base) and _steady(cand)):
                return False  # which thing an id names is no matter of a process
            shared = self._shared.get((one.endpoint, where), _NOWHERE)
            if shared is not _NOWHERE and _steady(_by_what_stays([shared, base[-1]])):
                return False
            known = self._seen.get((one.endpoint, wildcard(where)))
            if known is not None:
                if all(isinstance(value, str) for value in (*base, *cand)):
                    both = zip(base, cand, strict=True)
                    cand = [arranged(values, left, right) or right for left, right in both]
                return any(
                    belongs(
                        told[: len(base)],
                        told[len(base) : -len(twins)],
                        told[-len(twins) :],
                        values.translate,
                    )
                    for twins in known
                    for told in [_by_what_stays([*base, *cand, *twins])]
                )
        return False


def of_order(one: Difference, rounds: Sequence[Round]) -> bool:
    """Return whether both sides show the same things in another order.

    Two twins may show one order by chance: more of them tell.
    """
    last = rounds[-1]
    left, right = (
        value_at(normalize(side), one, one.pointer) for side in (last.baseline, last.candidate)
    )
    return rearranged(*_by_what_stays([left, right]))


def belongs(
    base: Sequence[Any],
    cand: Sequence[Any],
    twins: Sequence[Any],
    translate: Callable[[str], str] = str,
) -> bool:
    """Return whether a place is a process's own, and the candidate's value has its form.

    `base` and `cand` are its values over the rounds, `twins` those of fresh processes. `translate`
    gives a text with the candidate's values in the place of the baseline's.
    """
    if _steady(twins):
        return False
    if _reordered(twins):
        return _steady(base) and _steady(cand) and rearranged(base[0], cand[0])
    values = (*base, *cand, *twins)
    if all(isinstance(value, bytes) for value in values):
        return _steady(base) and _steady(cand) and _has_form(cand[0], (base[0], *twins))
    if all(isinstance(value, str) for value in values):
        return _stands_still(base, cand) and _texts(base, cand, twins, translate)
    return False


def _stands_still(base: Sequence[str], cand: Sequence[str]) -> bool:
    """Whether something in two texts is steady on each side and differs between them.

    Where all that differs moves from round to round there is nothing for a process to explain.
    """
    ours, theirs = ([text_tokens.tokens(text) for text in side] for side in (base, cand))
    if len({len(cut) for cut in (*ours, *theirs)}) > 1:
        return _steady(base) or _steady(cand)
    return any(
        left[0] != right[0] and _steady(left) and _steady(right)
        for left, right in zip(zip(*ours, strict=True), zip(*theirs, strict=True), strict=True)
    )


def _texts(
    base: Sequence[str], cand: Sequence[str], twins: Sequence[str], translate: Callable[[str], str]
) -> bool:
    """Line by line; a line that departs is looked for in the twins, which may have fewer."""
    ours, theirs, own = ([text.splitlines() for text in side] for side in (base, cand, twins))
    if len({len(lines) for lines in (*ours, *theirs)}) > 1:
        return False
    if len(ours[0]) == 1 and all(len(lines) == 1 for lines in own) and _one_word(base, cand, twins):
        return True
    fresh = [[*map(text_tokens.tokens, lines)] for lines in own]
    for left, right in zip(zip(*ours, strict=True), zip(*theirs, strict=True), strict=True):
        # On shared data both sides show one value, on data of their own each shows its partner.
        if not (_lines(left, right, fresh) or _lines([*map(translate, left)], right, fresh)):
            return False
    return True


def _lines(left: Sequence[str], right: Sequence[str], twins: list[list[list[str]]]) -> bool:
    if _steady((*left, *right)):
        return True
    ours, theirs = [*map(text_tokens.tokens, left)], [*map(text_tokens.tokens, right)]
    if _line(ours, theirs, twins):
        return True
    sizes = {len(cut) for cut in (*ours, *theirs)}
    if len(sizes) == 1 and all(_most_alike(ours[0], lines) for lines in twins):
        return False
    # A stamp in base64 has a hyphen by chance, and is several words then.
    joined = [[_with_hyphens("".join(cut)) for cut in lines] for lines in twins]
    return _line([*map(_with_hyphens, left)], [*map(_with_hyphens, right)], joined, as_long=True)


def _with_hyphens(line: str) -> list[str]:
    return _WORDS_WITH_HYPHENS.findall(line)


def _line(
    ours: list[list[str]],
    theirs: list[list[str]],
    twins: list[list[list[str]]],
    *,
    as_long: bool = False,
) -> bool:
    """Token by token; what varies from round to round is held to its form as well.

    `as_long`: and to its length.
    """
    if len({len(cut) for cut in (*ours, *theirs)}) > 1:
        return False
    fresh = [_most_alike(ours[0], lines) for lines in twins]
    for at, (left, right) in enumerate(
        zip(zip(*ours, strict=True), zip(*theirs, strict=True), strict=True)
    ):
        if _steady((*left, *right)):
            continue
        known = tuple(cut[at] for cut in fresh if cut is not None)
        if _steady(left) and (len(known) < len(twins) or _steady(known)):
            return False
        if not all(_has_form(value, (*left, *known)) for value in right):
            return False
        if as_long and len({len(value) for value in (*left, *right, *known)}) > 1:
            return False
    return True


def _most_alike(line: list[str], others: list[list[str]]) -> list[str] | None:
    """Return the line of a twin that says the same about the twin, in tokens."""
    cuts = [cut for cut in others if text_tokens.alike(line, cut)]
    return max(
        cuts, key=lambda cut: sum(a == b for a, b in zip(line, cut, strict=True)), default=None
    )


def _one_word(base: Sequence[str], cand: Sequence[str], twins: Sequence[str]) -> bool:
    """Whether all of them are short words of one form, such as host names."""
    if any(character.isspace() for character in "".join((*base, *cand, *twins))):
        return False
    cuts = {len(text_tokens.tokens(text)) for text in (*base, *cand, *twins)}
    if len(cuts) == 1 or any(len(text) > _LONGEST_WORD for text in (*base, *cand)):
        return False
    return _steady(base) and _steady(cand) and _has_form(cand[0], (base[0], *twins))


def _has_form(value: Any, known: tuple[Any, ...]) -> bool:
    """Whether a value has a form that others have; an epoch keeps its unit, and stays one."""
    if isinstance(value, bytes):
        if clock.moment_s(value) is None and clock.are_near(known):
            return False
        if any(clock.other_unit(one, value) for one in known):
            return False
    elif value.isdigit() and len(value) >= 10 and len(value) not in {len(one) for one in known}:
        return False
    return conforms(value, formats_for(known))


def rearranged(left: Any, right: Any) -> bool:
    """Whether two lists, or two texts, are the same items or words in another order."""
    if left == right or type(left) is not type(right):
        return False
    if isinstance(left, list):
        return Counter(map(repr, left)) == Counter(map(repr, right))
    if isinstance(left, str):
        words = Counter(text_tokens.tokens(left))
        return sum(words.values()) > 1 and words == Counter(text_tokens.tokens(right))
    return False


def _by_what_stays(values: Sequence[Any]) -> list[Any]:
    """Return lists with what each row says in all of them: each of its rows may be named by the
    test, or have an id, drawn anew. Where that does not tell the rows apart they are as they were.
    """
    if not all(isinstance(rows, list) and rows for rows in values):
        return list(values)
    said = [[frozenset(map(repr, leaves(row))) for row in rows] for rows in values]
    staying = frozenset.intersection(*(frozenset().union(*rows) for rows in said))
    told = [[tuple(sorted(row & staying)) for row in rows] for rows in said]
    are_told = all(all(rows) and len(set(rows)) == len(rows) for rows in told)
    return told if are_told else list(values)


def _reordered(values: Sequence[Any]) -> bool:
    """Whether values differ in nothing but an order."""
    return all(rearranged(values[0], value) or value == values[0] for value in values)


def _steady(values: Sequence[Any]) -> bool:
    return all(value == values[0] for value in values)


def pointers_of(one: Difference) -> Iterator[str]:
    """Yield the list that a difference stands in, then its own place: an order is held to its
    content.
    """
    above, _, last = one.pointer.rpartition("/")
    if last.isdigit():
        yield above
    yield one.pointer


def value_at(view: View, one: Difference, pointer: str) -> Any:
    """Return the value of an answer at a place; a cookie is its value."""
    if one.exchange >= len(view) or view[one.exchange].endpoint != one.endpoint:
        return _NOWHERE
    answer = view[one.exchange].response
    if answer is None or (answer.body.kind is BodyKind.BINARY and not pointer):
        return _NOWHERE  # bytes that nobody reads have no words of which one is a process's own
    tree, names = answer.body.tree, json_pointer.parse(pointer)
    in_body = json_pointer.get(tree, pointer, _NOWHERE)
    if names[:1] == ("headers",) and (one.kind is Kind.HEADER_VALUE or in_body is _NOWHERE):
        tree, pointer = answer.headers, json_pointer.join(names[1:])
    value = json_pointer.get(tree, pointer, _NOWHERE)
    return value[""] if isinstance(value, dict) and "" in value else value


def may_belong(one: Difference) -> bool:
    """Whether a difference looks like what belongs to a process: a time, a generated name."""
    before, _, after = one.change.partition(" → ")
    told = before == after and before.startswith(_OF_A_PROCESS)
    return one.kind in KINDS and (told or one.pointer.rpartition("/")[2] in PROCESS_MEMBERS)


def without(judged: Judged, forgiven: Sequence[Difference], open_for: str = "") -> Judged:
    """Return the judgement without what belongs to the process, which the account says.

    `open_for` is why it is open, where nothing held it.
    """
    if not forgiven:
        return judged
    account = Account(judged.account.places.copy(), dict(judged.account.open))
    for one in forgiven:
        account.retract(one.endpoint, Fate.DIFFERENT)
        if open_for:
            account.leave_open(one.endpoint, one.pointer, open_for)
        else:
            account.note(one.endpoint, Fate.CONSTRAINED, BELONGS)
    gone = {one.signature for one in forgiven}
    kept = tuple(one for one in judged.differences if one not in forgiven)
    return replace(
        judged,
        differences=kept,
        unstable=judged.unstable - (gone - {one.signature for one in kept}),
        account=account,
    )


def without_ids_of(judged: Judged, forgiven: Sequence[Difference]) -> Judged:
    """Return the judgement without open places that are the process's own, which the account says;
    the change of each is why it was open.
    """
    if not forgiven:
        return judged
    account = Account(judged.account.places.copy(), dict(judged.account.open))
    for one in forgiven:
        account.open.pop(OpenPlace(one.endpoint, one.pointer, one.change), None)
        account.retract(one.endpoint, Fate.OPEN, one.change)
        account.note(one.endpoint, Fate.CONSTRAINED, BELONGS)
        if not any((one.endpoint, one.change) == (it.endpoint, it.reason) for it in account.open):
            account.places.pop((one.endpoint, Fate.OPEN, one.change), None)
    return replace(judged, account=account)
