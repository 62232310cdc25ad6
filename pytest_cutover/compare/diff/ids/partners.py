"""Whose partner a value of the candidate is, and how pairs become earlier ones. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pytest_cutover.compare.diff.ids.layered import Layered
from pytest_cutover.core.unique import codes_in

ByName = Layered[tuple[str, str], str]
OfAnyName = Layered[str, tuple[str, ...]]

_K = TypeVar("_K")

_MANY = 32


@dataclass(frozen=True, slots=True)
class Partners:
    """The candidate's values that stand for one of the baseline's everywhere, and their codes.

    Few comparisons ask for them: what came and went is taken down when somebody asks, or when it is
    of many comparisons.
    """

    values: Layered[str, int] = field(default_factory=Layered)  # how many pairs have it
    codes: Layered[str, int] = field(default_factory=Layered)
    _waiting: tuple[tuple[Collection[str], Collection[str]], ...] = ()

    def settled(self, come: Collection[str], gone: Collection[str]) -> Partners:
        """Return the same with the candidate's values of pairs that came, and without some."""
        if not come and not gone:
            return self
        after = Partners(self.values, self.codes, (*self._waiting, (come, gone)))
        return after if len(after._waiting) < _MANY else after.taken_down()

    def taken_down(self) -> Partners:
        """Return the same, to be asked."""
        values, codes = self.values, self.codes
        for come, gone in self._waiting:
            texts = Counter(come)
            texts.subtract(gone)
            values, codes = _counted(values, texts), _counted(codes, _codes_of(texts))
        return Partners(values, codes)


def _counted(known: Layered[str, int], more: Mapping[str, int]) -> Layered[str, int]:
    earlier = known.quick_earlier()
    now = {text: ((earlier(text) or 0) + count) or None for text, count in more.items()}
    return known.settled(now)[0]


def _codes_of(texts: Mapping[str, int]) -> Counter[str]:
    codes: Counter[str] = Counter()
    if any(codes_in("\n".join(texts))):  # one look tells it of most
        for text, count in texts.items():
            for start, end in codes_in(text):
                codes[text[start:end]] += count
    return codes


def _without(pairs: Iterable[tuple[_K, str]], told: Mapping[_K, str]) -> dict[_K, str]:
    if not told:
        return dict(pairs)
    return {key: right for key, right in pairs if told.get(key) != right}


def settled_everywhere(
    strong: Layered[str, str], partners: Partners, told: Mapping[str, str], *, most: int
) -> tuple[Layered[str, str], Partners]:
    """Return the pairs that correspond everywhere as earlier ones, without those that were told."""
    pairs = _without(strong.news(), told)
    settled, left_out = strong.settled(pairs, most=most)
    gone = (*strong.before(pairs).values(), *left_out.values())
    return settled, partners.settled(pairs.values(), gone)


def settled_by_name(
    weak: ByName,
    back: ByName,
    any_name: OfAnyName,
    told: Mapping[tuple[str, str], str],
    *,
    most: int,
) -> tuple[ByName, ByName, OfAnyName]:
    """Return the pairs of members of one name as earlier ones, without those that were told: from
    the baseline's end, from the candidate's, and those of any name.

    A value that has a partner under several names has it as often, so that it can lose one.
    """
    pairs = _without(weak.news(), told)
    settled, left_out = weak.settled(pairs, most=most)
    lefts: dict[tuple[str, str], str | None] = {}
    partners: dict[str, tuple[str, ...] | None] = {}

    def forget(name: str, left: str, right: str) -> None:
        there = name, right
        if (lefts[there] if there in lefts else back.earlier(there)) == left:
            lefts[there] = None
        rights = list((partners[left] if left in partners else any_name.earlier(left)) or ())
        if right in rights:
            rights.remove(right)
        partners[left] = tuple(rights) or None

    for (name, left), right in weak.before(pairs).items():
        forget(name, left, right)
    earlier = any_name.quick_earlier()
    for (name, left), right in pairs.items():
        lefts[name, right] = left
        rights = partners[left] if left in partners else earlier(left)
        partners[left] = (right,) if rights is None else (*rights, right)
    for (name, left), right in left_out.items():
        forget(name, left, right)
    return settled, back.settled(lefts)[0], any_name.settled(partners)[0]
