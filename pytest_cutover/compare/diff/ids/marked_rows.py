"""The rows of an answer by the words that tell which is which, whatever form the answer has. Pure.

A write is known again by what the test sent with it: a code, a title. What stands nearest to such
words is of the same thing: in JSON the members of the object, in a page or a feed those of the
element, in a sheet the cells of the line, in a text the words of the line. What stands between
several things is of none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.normalize.own_address import OPEN
from pytest_cutover.normalize.substitution import CODE, codes_of

_LONGEST: Final = 2_000  # characters of a text that is looked into
_MANY: Final = 50  # rows of which those with a word alone are read
_MOST_LINES: Final = 2_000
_LONGEST_SENTENCE: Final = 300
_SHORTEST_INSIDE: Final = 6
_MOST_WORDS: Final = 60
_WORD: Final = re.compile(r"[^\s\"'<>()\[\]]+")
_ORIGIN: Final = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*|\ufdd0(?:origin|host|outside)\ufdd1")
_PART: Final = re.compile(r"[^/?&=#;,:|\s]+")
_ID: Final = re.compile(r"(?=[^\d]*\d)[\w.~+-]{1,64}", re.ASCII)
_A_CODE: Final = "\ufdd0code\ufdd1"
_ANY: Final = "*"

Writes = frozenset[int]
Words = Mapping[str, Writes]  # the writes that each word was sent with
NO_WRITE: Final[Writes] = frozenset()


class Shown(NamedTuple):
    """What may be an id, beside the words of one or several writes.

    `place` says where below the row it stands, and between what in its text; `name` is that of its
    member, `before` the path in front of it where it stands in a link. `is_own`: it is the row's
    member, not one of a part of it. `path` and `whole` are those of the leaf.
    """

    writes: Writes
    path: Path
    place: tuple[str, ...]
    name: str
    before: str
    text: str
    whole: Any
    is_own: bool


@dataclass(slots=True)
class _Leaf:
    path: Path
    value: Any
    name: str
    below: tuple[str, ...] = ()


@dataclass(slots=True)
class _Part:
    """What is known of a part of the tree: of which writes it is, by codes and by other words, and
    the leaves in it that are of nobody so far.
    """

    codes: Writes | None = None
    words: Writes | None = None
    nobodys: list[_Leaf] = field(default_factory=list)
    is_leaf: bool = False

    def whose(self) -> Writes | None:
        """Return whose it is: of none where it is of several, None where nothing tells."""
        return self.words if self.codes is None else self.codes

    def join(self, other: _Part) -> None:
        """Take over what a part below tells."""
        if other.codes is not None:
            self.codes = other.codes if self.codes is None else self.codes & other.codes
        if other.words is not None:
            self.words = other.words if self.words is None else self.words & other.words


def ids_beside(tree: Any, words: Words) -> list[Shown]:
    """Return the ids in an answer that stand in the row of some write."""
    reader = _Reader(words, has_plain=any(" #" not in word for word in words))
    top = reader.read(tree, ROOT, "")
    return [*reader.found, *_shown(top.nobodys, top.whose() or NO_WRITE)]


def words_in(text: str) -> Iterator[str]:
    """Yield what a text may be known again by: the codes of the test in it, or all of it."""
    codes = codes_of(text)
    if codes:
        yield from codes
    elif 2 < len(text) <= _LONGEST and any(map(str.isalpha, text)):
        yield text.strip()


def ids_in_link(text: str) -> Iterator[tuple[str, str]]:
    """Yield what may be an id in a link, with the path before it."""
    for _, before, part in _parts(CODE.sub(_A_CODE, text)):
        yield before, part


@dataclass(slots=True)
class _Reader:
    """Goes through a tree once."""

    words: Words
    found: list[Shown] = field(default_factory=list)
    has_plain: bool = False

    def read(self, tree: Any, path: Path, name: str) -> _Part:
        """Return what a part of the tree tells; what is of some write is put to `found`."""
        if isinstance(tree, dict):
            if "delimiter" in tree and isinstance(rows := tree.get("rows"), list) and not path:
                return self._sheet(rows, (path, "rows"))
            return self._all((key, self.read(item, (path, key), key)) for key, item in tree.items())
        if isinstance(tree, list):
            items: Iterable[tuple[int, Any]] = enumerate(tree)
            if len(tree) > _MANY:
                items = [(at, item) for at, item in items if self._may_tell(item)]
            return self._all((str(at), self.read(item, (path, at), name)) for at, item in items)
        if isinstance(tree, str) and "\n" in tree.strip():
            lines = tree.split("\n")[:_MOST_LINES]
            return self._all((str(at), self.read(one, path, name)) for at, one in enumerate(lines))
        return self._leaf(tree, path, name)

    def _sheet(self, rows: list[Any], path: Path) -> _Part:
        heads = rows[0] if rows and isinstance(rows[0], list) else []
        names = [head if isinstance(head, str) else "" for head in heads]
        parts = []
        for at, row in enumerate(rows):
            if isinstance(row, list) and (len(rows) <= _MANY or self._may_tell(row)):
                cells = enumerate(row)
                named = names if len(names) == len(row) else [""] * len(row)
                part = self._all(
                    (str(n), self._leaf(cell, ((path, at), n), named[n])) for n, cell in cells
                )
                parts.append((str(at), part))
        return self._all(parts)

    def _leaf(self, value: Any, path: Path, name: str) -> _Part:
        part, text = _Part(is_leaf=True), text_of(value)
        if text is None or len(text) > _LONGEST:
            return part
        if isinstance(value, str) and self.words:
            is_code = bool(codes_of(text))
            for word in words_in(text) if is_code else self._told(text):
                if (writes := self.words.get(word)) is not None:
                    told = _Part(writes if is_code else None, None if is_code else writes)
                    part.join(told)
        if any(map(str.isdigit, text)):
            part.nobodys.append(_Leaf(path, value, name))
        return part

    def _may_tell(self, tree: Any) -> bool:
        """Return whether a row of many has a word in it; the ids in any other are nobody's."""
        if isinstance(tree, str):
            return OPEN in tree or tree.strip() in self.words or self._is_sentence(tree)
        if isinstance(tree, dict):
            return any(map(self._may_tell, tree.values()))
        return isinstance(tree, list) and any(map(self._may_tell, tree))

    def _is_sentence(self, text: str) -> bool:
        return self.has_plain and " " in text and any(self._told(text))

    def _told(self, text: str) -> Iterator[str]:
        """Yield the words, no codes, that a text is, or has among others."""
        bare = text.strip()
        if bare in self.words:
            yield bare
        elif len(bare) <= _LONGEST_SENTENCE and len(self.words) <= _MOST_WORDS:
            for word in self.words:
                if len(word) >= _SHORTEST_INSIDE and word in bare and _stands_in(word, bare):
                    yield word

    def _all(self, parts: Iterable[tuple[str, _Part]]) -> _Part:
        whole, direct = _Part(), _Part()
        own: list[tuple[Writes, list[_Leaf]]] = []
        for token, part in parts:
            for leaf in part.nobodys:
                leaf.below = (token, *leaf.below)
            whose = part.whose()
            if whose is None:
                whole.nobodys += part.nobodys
                continue
            whole.join(part)
            own.append((whose, part.nobodys))
            if part.is_leaf:
                direct.join(part)
        whose = whole.whose()
        if whose is None:
            return whole
        for writes, leaves in own:
            for leaf in leaves if not whose else ():
                leaf.below = leaf.below[leaf.below[0].isdigit() :]  # a row of one text
            self.found += _shown(leaves, whose or writes)
        if owner := whose or direct.whose():
            self.found += _shown(whole.nobodys, owner)
        whole.nobodys = []
        return whole


def _stands_in(word: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text) is not None


def _shown(leaves: Iterable[_Leaf], writes: Writes) -> Iterator[Shown]:
    for leaf in leaves:
        is_own = sum(not token.isdigit() for token in leaf.below) <= 1
        name = leaf.name.lstrip("@")
        if isinstance(leaf.value, bytes):
            text = leaf.value.decode()
            yield Shown(writes, leaf.path, leaf.below, name, "", text, leaf.value, is_own)
            continue
        for at, before, part in _parts(CODE.sub(_A_CODE, leaf.value)):
            place = (*leaf.below, str(at), before)
            yield Shown(writes, leaf.path, place, name, before, part, leaf.value, is_own)


def _parts(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield what may be ids in a text: which word it is in, the path before it in there, itself."""
    for at, found in enumerate(_WORD.finditer(text)):
        word = _ORIGIN.sub("", found[0], count=1)
        if "/" not in word and "?" not in word:
            bare = word.strip(".,:;#!")
            if _ID.fullmatch(bare):
                yield at, "", bare
            continue
        word = unquote(word) if "%" in word else word
        before, end = "", 0
        for part in _PART.finditer(word):
            before += word[end : part.start()]
            is_id = _ID.fullmatch(part[0]) is not None
            if is_id:
                yield at, before, part[0]
            before += _ANY if is_id else part[0]
            end = part.end()
