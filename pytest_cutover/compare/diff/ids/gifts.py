"""What a write gave the thing that it made, and the rows of later tests that show it. Pure.

Two databases give out ids and codes of their own, and nothing in another test says which belong
together but the code of a test in a row: it was sent in a write, and the answer to that said what
the thing was given. Where every such row of the baseline shows at one place what its own write gave
out, alone or in a link or a text, every one of the candidate has to. So it is with a time that the
write was sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from pytest_cutover.compare.diff.ids.layered import Layered
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path, tokens_of
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import leaves
from pytest_cutover.core.exchange import READS
from pytest_cutover.core.unique import codes_in
from pytest_cutover.normalize.normalized import NormalizedExchange
from pytest_cutover.normalize.own_address import OPEN
from pytest_cutover.normalize.substitution import MARKER

_MOST_CODES: Final = 5_000
_MOST_GIVEN: Final = 20  # texts of one answer
_MOST_ROWS: Final = 500
_LONGEST: Final = 200
_SHORT: Final = 6  # digits of a number that one row may show by chance
_NO_ID: Final = ("decimal", "timestamp", "http-date", "epoch", "date", "time", "duration")
_TIMES: Final = ("timestamp", "http-date", "date")
_MAY_BE_CODE: Final = re.compile(rf"[^aeiou\W\d_]{{6}}[a-z]*\d|{OPEN}", re.IGNORECASE)
_PART: Final = re.compile(r"[^/?&=#]+")
_BEFORE: Final = r"(?:(?<=%[0-9a-fA-F]{2})|(?<!\w))"  # an escape is a sign: `%2F7` is number 7

Made = Mapping[str, str]
Given = Mapping[str, frozenset[str]]  # by the place in the answer


class Departure(NamedTuple):
    """A place where a row of the candidate shows something else than its write gave out."""

    path: Path
    base: Any
    cand: Any


class _Leaf(NamedTuple):
    row: tuple[str, ...]  # the place of its row, any of a list, and of the code in there
    place: tuple[str, ...]  # its own in there
    path: Path
    value: Any
    given: Given


@dataclass(slots=True)
class Gifts:
    """What was given out to the things of each code, on either side."""

    _of: Layered[str, Given] = field(default_factory=Layered)

    def copy(self) -> Gifts:
        """Return what can grow by itself."""
        return Gifts(self._of.branch())

    def settled(self) -> Gifts:
        """Return the same, as those that come later are given it."""
        return Gifts(self._of.settled({**self._of.own}, most=_MOST_CODES)[0])

    def heard(self, exchange: NormalizedExchange, made: Made) -> None:
        """Take down what one side answered to a write that was sent one code of the test."""
        answer, request = exchange.response, exchange.request
        if answer is None or request.method in READS or not 200 <= answer.status < 400:
            return
        target = request.target if isinstance(request.target, str) else ""
        sent = [text for _, text in leaves(request.body.tree) if isinstance(text, str)]
        codes = {code for text in (target, *sent) for code in _codes(text, made)}
        if len(codes) != 1:
            return
        found: dict[str, frozenset[str]] = {}
        texts = [
            (" ".join(place), value) for place, _, value in _leaves(read_whole(answer.body.tree))
        ]
        location = answer.headers.get("location") if isinstance(answer.headers, dict) else None
        for name, link in (("target", target), ("location", location)):
            parts = _PART.findall(link) if isinstance(link, str) else []
            texts += [(f"{name} {at}", part) for at, part in enumerate(parts)]
        for name, value in texts:
            text = _given(value)
            if text and len(found) < _MOST_GIVEN:
                found[name] = frozenset((text,))
        for name, value in leaves(request.body.tree):
            if _is_a_time(value) and len(found) < _MOST_GIVEN:
                found[f"sent {name}"] = frozenset((value,))
        code = codes.pop()
        before = self._of.get(code, {})
        names = dict.fromkeys((*before, *found))
        nothing: frozenset[str] = frozenset()
        self._of[code] = {n: before.get(n, nothing) | found.get(n, nothing) for n in names}

    def departures(self, base: Any, cand: Any, made: tuple[Made, Made]) -> list[Departure]:
        """Return where rows of the candidate do not show what those of the baseline do; `made` are
        the codes of this test on both sides.
        """
        if not len(self._of):
            return []
        ours = list(self._shown(read_whole(base), made[0]))
        if not ours:
            return []
        columns: dict[tuple[Any, ...], list[_Leaf]] = {}
        for leaf in ours:
            for name in leaf.given:
                columns.setdefault((leaf.row, leaf.place, name), []).append(leaf)
        held = {
            (row, place, name): known
            for (row, place, name), known in columns.items()
            if all(_shows(one.value, one.given[name]) for one in known) and _tells(known, name)
        }
        found: dict[Path, Departure] = {}
        for leaf in self._shown(read_whole(cand), made[1]) if held else ():
            for name, texts in leaf.given.items():
                known = held.get((leaf.row, leaf.place, name), [])
                if not known or _shows(leaf.value, texts):
                    continue
                if not any(one.value == leaf.value for one in known):
                    base_value = next(
                        (o.value for o in known if o.path == leaf.path), known[0].value
                    )
                    found.setdefault(leaf.path, Departure(leaf.path, base_value, leaf.value))
        return [*found.values()]

    def _shown(self, tree: Any, made: Made) -> Iterator[_Leaf]:
        """Yield the leaves of the rows that one known code is in."""
        codes: dict[int, set[str]] = {}
        if isinstance(tree, dict | list):
            self._codes_below(tree, made, codes)
        waiting: list[tuple[Any, Path]] = [(tree, ROOT)]
        rows = 0
        while waiting and rows < _MOST_ROWS:
            part, path = waiting.pop()
            known = codes.get(id(part))
            if not known:
                continue
            if len(known) == 1 and not _are_rows(part):
                rows += 1
                given = self._of[code := next(iter(known))]
                every = list(_leaves(part, path))
                named = (place for place, _, one in every if code in _codes(one, made))
                row = (
                    *("*" if one.isdigit() else one for one in tokens_of(path)),
                    *next(named, ()),
                )
                for place, at, value in every:
                    yield _Leaf(row, place, at, value, given)
                continue
            items = part.items() if isinstance(part, dict) else enumerate(part)
            waiting += [(item, (path, key)) for key, item in items if id(item) in codes]

    def _codes_below(self, tree: Any, made: Made, found: dict[int, set[str]]) -> set[str] | None:
        """Return the known codes in a part of the tree, and put those of all that hold some to
        `found`.
        """
        if isinstance(tree, dict | list):
            whole: set[str] = set()
            for item in tree.values() if isinstance(tree, dict) else tree:
                if isinstance(item, str | dict | list) and (
                    below := self._codes_below(item, made, found)
                ):
                    whole |= below
            if whole:
                found[id(tree)] = whole
            return whole
        if len(tree) > _LONGEST or _MAY_BE_CODE.search(tree) is None:
            return None
        return {code for code in _codes(tree, made) if code in self._of}


def _are_rows(part: Any) -> bool:
    """Whether a list holds lines of a table, or things with members, of which each is one."""
    return (
        isinstance(part, list)
        and len(part) > 1
        and all(isinstance(one, list) or (isinstance(one, dict) and len(one) > 1) for one in part)
    )


def _codes(text: str | bytes, made: Made) -> Iterator[str]:
    if isinstance(text, bytes):
        return iter(())
    if OPEN in text:
        text = MARKER.sub(lambda found: made.get(found[0], ""), text)
    return (text[start:end].lower() for start, end in codes_in(text))


def _leaves(
    tree: Any, path: Path = ROOT, place: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Path, Any]]:
    if isinstance(tree, dict | list):
        for key, item in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _leaves(item, (path, key), (*place, str(key)))
    elif isinstance(tree, str | bytes):
        yield place, path, tree


def _given(value: Any) -> str:
    """Return the text of what may have been given out to one thing alone; empty for the rest."""
    text = value.decode() if isinstance(value, bytes) else value
    if not isinstance(text, str) or len(text) > _LONGEST or OPEN in text or text.split() != [text]:
        return ""
    if not any(map(str.isdigit, text)) or formats.format_of(value).startswith(_NO_ID):
        return ""
    return text


def _is_a_time(value: Any) -> bool:
    """Whether a value that was sent is a time, which only what was sent it shows in full."""
    return (
        isinstance(value, str)
        and len(value) <= _LONGEST
        and OPEN not in value
        and formats.format_of(value).startswith(_TIMES)
    )


def _shows(value: Any, texts: frozenset[str]) -> bool:
    shown = value.decode() if isinstance(value, bytes) else value
    return any(
        re.search(rf"{_BEFORE}{re.escape(spelled)}(?!\w)", shown) is not None
        for text in texts
        for spelled in {text, quote(text, safe="", errors="surrogatepass")}
        if spelled in shown
    )


def _tells(known: list[_Leaf], name: str) -> bool:
    """Return whether so many rows do not show what they were given by chance."""
    texts = {text for one in known for text in one.given[name]}
    if len(texts) > 1:
        return len({one.value for one in known}) > 1
    return all(len(text) >= _SHORT for text in texts)
