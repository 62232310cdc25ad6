"""The rows of an answer, and where each of them names an id: in a member, a link, a form. Pure.

A row is an object in JSON, a line of a sheet, a repeated element of a page or a feed. What a row
below it names is that row's own; a lone link in a list of actions is of the row around it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from enum import IntEnum
from itertools import compress
from operator import ne
from typing import Any, Final, NamedTuple

from msgspec import Raw

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.id_forms import is_given_code, is_link
from pytest_cutover.compare.diff.ids.marked_rows import ids_in_link
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.lists.rows import OWN_IDS, names_an_id
from pytest_cutover.normalize.body import Body, BodyKind

MOST_ROWS: Final = 200  # of one list
_MOST: Final = 20  # ids that one row names: what names more is a page
_OWN_HEADS: Final = frozenset((*OWN_IDS, "#"))
_LINKS: Final = frozenset({"links", "_links", "urls", "actions", "_actions"})
_WRAPPERS: Final = frozenset({"node", "attributes"})
_ELSEWHERE: Final = re.compile(r"first|last|prev|next|newer|older|parent|root|up$|related", re.I)
_ID: Final = re.compile(r"(?=[^\d]*\d)[\w.~+-]{1,64}={0,2}", re.ASCII)
_LABELLED: Final = re.compile(r"((?:[A-Za-z]+[-_:])*)(\d{1,18}|(?=[a-z]*\d)[0-9a-f-]{8,36})")
_ATTRIBUTES: Final = frozenset(
    {"@href", "@action", "@formaction", "@data-url", "@data-href"}
    | {f"@hx-{method}" for method in ("get", "post", "put", "patch", "delete")}
)
_ROW_TAGS: Final = frozenset({"tr", "li", "article", "entry", "item"})
_IN_ROWS: Final = frozenset({"td", "th", "a", "form", "input", "button", "span", "p", "label"})
MARKUP: Final = frozenset({BodyKind.HTML, BodyKind.XML})
_BOXES: Final = frozenset({"checkbox", "radio", "hidden"})


class Kind(IntEnum):
    """What says that something is an id."""

    OWN = 0  # the row's own member is called so
    VALUE = 1  # of a box to tick, or of a hidden field
    NAMED = 2  # a member is called like the id of some thing
    LINK = 3


class Mention(NamedTuple):
    """An id that a row names.

    `place` says where below the row, `space` what stands before it in its text or link, and `name`
    is that of its member.
    """

    place: tuple[str, ...]
    kind: Kind
    space: str
    name: str
    text: str
    path: Path
    whole: Any


class Row(NamedTuple):
    """The ids that one row names; `at` is the place of such rows, without indices."""

    at: tuple[str, ...]
    mentions: tuple[Mention, ...]

    @property
    def form(self) -> tuple[object, ...]:
        """What rows have in common that are made alike."""
        return self.at, tuple((one.place, one.kind, one.space) for one in self.mentions)


def rows_of(body: Body, *, most: int = MOST_ROWS) -> Iterator[Row]:
    """Yield the rows of an answer that name two ids or more: of each list the first ones, and with
    fewer than those as many, from all of it.
    """
    if body.kind in MARKUP:
        found: list[Row] = []
        yield from _row((), _Markup(found).whole(body.tree))
        yield from found
    else:
        yield from _objects(body.tree, ROOT, (), most)


def may_part(base: Any, cand: Any) -> bool | None:
    """Return whether a member departs that has an id which its row on the baseline names twice;
    None where the places of two trees do not tell which row is which.
    """
    departing = list(_departing(base, cand))
    if None in departing:
        return None
    return any(_names_twice(row, key) for row, key in filter(None, departing))


def is_long(text: str) -> bool:
    """Return whether a text is a code, or an id of 64 bits: no other thing has it by chance."""
    return is_given_code(text) or formats.has_identity(formats.format_of(text))


# -- objects and sheets


def _objects(tree: Any, path: Path, at: tuple[str, ...], most: int) -> Iterator[Row]:
    if isinstance(tree, dict):
        rows = tree.get("rows")
        if not path and "delimiter" in tree and isinstance(rows, list):
            yield from _sheet(rows, (path, "rows"))
            return
        tree = {key: _read(one) for key, one in tree.items()}
        yield from _row(at, _members(tree, path))
        for key, item in tree.items():
            yield from _objects(item, (path, key), (*at, key), most)
    elif isinstance(tree, list):
        is_sample = most < MOST_ROWS
        step, below = (max(1, len(tree) // most), (most + 1) // 2) if is_sample else (1, most)
        for index in range(0, len(tree), step)[:most]:
            yield from _objects(read_whole(tree[index]), (path, index), (*at, "*"), below)


def _departing(base: Any, cand: Any) -> Iterator[tuple[dict[str, Any], str] | None]:
    """Yield the rows of the baseline with each member that departs, of a list those that are read;
    None for what stands at other places.
    """
    if isinstance(base, list) and isinstance(cand, list):
        if len(base) != len(cand):
            yield None
        for index in compress(range(MOST_ROWS), map(ne, base, cand)):
            yield from _departing(_read(base[index]), _read(cand[index]))
    elif isinstance(base, dict) and isinstance(cand, dict):
        if base.keys() != cand.keys() or "delimiter" in base:
            yield None
            return
        for key, mine in base.items():
            if mine != cand[key]:
                yield base, key
                if isinstance(mine, dict | list | Raw):
                    yield from _departing(_read(mine), _read(cand[key]))
    elif isinstance(base, list | dict) or isinstance(cand, list | dict):
        yield None


def _names_twice(row: dict[str, Any], key: str) -> bool:
    """Return whether a row names an id in one member, and in another one or there again."""
    value = _read(row[key])
    text = text_of(value)
    if text is None:
        if not (key.lower() in _LINKS or key in _WRAPPERS):
            return False
    elif not is_link(text) and not any(
        _may_show(name, one, text) for name, one in row.items() if name != key
    ):
        return False
    named = list(_members({name: _read(one) for name, one in row.items()}, ROOT))
    texts = Counter(one.text for one in named)
    return any(texts[one.text] > 1 for one in named if one.place[0] == key)


def _may_show(name: str, value: Any, text: str) -> bool:
    if type(value) is Raw:
        return text.encode("utf-8", "surrogatepass") in bytes(value)
    shown = text_of(value)
    return text in shown if shown is not None else name.lower() in _LINKS or name in _WRAPPERS


def _read(tree: Any) -> Any:
    return read_whole(tree) if type(tree) is Raw else tree


def _sheet(rows: list[Any], path: Path) -> Iterator[Row]:
    heads = [text_of(head) or "" for head in rows[0]] if rows and isinstance(rows[0], list) else []
    for index, row in enumerate(rows[1 : MOST_ROWS + 1], 1):
        if isinstance(row, list) and len(row) == len(heads):
            found = (
                mention
                for at, (head, cell) in enumerate(zip(heads, row, strict=True))
                for mention in _named(head, cell, ((path, index), at), (head, str(at)))
            )
            yield from _row(("rows",), found)


def _members(row: dict[str, Any], path: Path) -> Iterator[Mention]:
    for key, value in row.items():
        below = (path, key)
        if isinstance(value, dict) and key.lower() in _LINKS:
            for name, link in value.items():
                href = link.get("href") if isinstance(link, dict) else link
                where = ((below, name), "href") if isinstance(link, dict) else (below, name)
                yield from _named(name, href, where, (key, name))
        elif isinstance(value, list) and key.lower() in _LINKS:
            for index, link in enumerate(value):
                if isinstance(link, dict) and isinstance(name := link.get("rel"), str):
                    where = ((below, index), "href")
                    yield from _named(name, link.get("href"), where, (key, name))
        elif isinstance(value, dict) and key in _WRAPPERS:
            for name in value.keys() & OWN_IDS:
                yield from _named(name, value[name], (below, name), (key, name))
        else:
            yield from _named(key, value, below, (key,))


def _named(name: str, value: Any, path: Path, place: tuple[str, ...]) -> Iterator[Mention]:
    """Yield the ids in a member of an object."""
    text = text_of(value)
    if text is None or _ELSEWHERE.search(name):
        return
    if isinstance(value, str) and is_link(value):
        yield from _in_link(name, value, path, place)
    elif _ID.fullmatch(text):
        if name.lower() in OWN_IDS:
            yield Mention(place, Kind.OWN, "", name, text, path, value)
        elif names_an_id(name) or (isinstance(value, str) and is_long(text)):
            yield Mention(place, Kind.NAMED, "", name, text, path, value)


def _in_link(name: str, link: str, path: Path, place: tuple[str, ...]) -> Iterator[Mention]:
    for number, (before, part) in enumerate(ids_in_link(link)):
        yield Mention((*place, str(number)), Kind.LINK, before, name, part, path, link)


# -- pages and feeds


class _Markup:
    """Goes through elements once; the rows are put to `found`."""

    def __init__(self, found: list[Row]) -> None:
        self._found = found

    def whole(self, tree: Any) -> list[Mention]:
        """Return the ids that a document names outside of its rows."""
        if tag := _tag(tree):
            return self._element(tree, tag, ROOT, (tag,), (), 0)
        return self.children(tree, ROOT, ())

    def children(
        self, items: Any, path: Path, at: tuple[str, ...], heads: Sequence[str] = ()
    ) -> list[Mention]:
        """Return the ids that elements name, but for those of the rows among them."""
        if not isinstance(items, list):
            return []
        tags = Counter(map(_tag, items))
        heads = heads or _heads(items)
        named: list[Mention] = []
        for index, item in enumerate(items[:MOST_ROWS]):
            tag = _tag(item)
            if tag:
                below = self._element(item, tag, (path, index), (*at, tag), heads, index)
                if tag in _ROW_TAGS or (tags[tag] > 1 and tag not in _IN_ROWS):
                    self._found += _row((*at, tag), below)
                    below = below if len(below) == 1 and tag == "li" else []
                place = str(index), tag
                named += [one._replace(place=(*place, *one.place)) for one in below]
        return named

    def _element(
        self,
        element: dict[str, Any],
        tag: str,
        path: Path,
        at: tuple[str, ...],
        heads: Sequence[str],
        index: int,
    ) -> list[Mention]:
        found: list[Mention] = []
        for name, value in element.items():
            if name.startswith("@") and isinstance(value, str):
                found += _in_attribute(element, name, value, (path, name))
        inside, below = element[tag], (path, tag)
        if isinstance(inside, str):
            head = heads[index] if tag == "td" and index < len(heads) else tag
            if is_link(inside):
                found += _in_link(head, inside, below, (tag,))
            elif head.lower() in _OWN_HEADS and _ID.fullmatch(inside.strip()):
                own = inside.strip()
                found.append(Mention((tag,), Kind.OWN, "", head, own, below, inside))
            return found
        return found + self.children(inside, below, at, heads)


def _tag(element: Any) -> str:
    """Return the name of an element; empty for what is none."""
    if not isinstance(element, dict):
        return ""
    return next((key for key in element if key[:1] not in ("@", "#")), "")


def _heads(items: list[Any]) -> list[str]:
    """Return the names of the columns, where elements are the rows or the parts of a table."""
    first = items[0] if items and isinstance(items[0], dict) else {}
    if isinstance(inside := first.get("thead"), list) and inside:
        first = inside[0] if isinstance(inside[0], dict) else {}
    cells = first.get("tr")
    if not isinstance(cells, list) or not all(isinstance(c, dict) and "th" in c for c in cells):
        return []
    return [cell["th"] if isinstance(cell["th"], str) else "" for cell in cells]


def _in_attribute(element: dict[str, Any], name: str, value: str, path: Path) -> Iterator[Mention]:
    place, bare = (name,), name.removeprefix("@").removeprefix("data-")
    if name in _ATTRIBUTES:
        rel = element.get("@rel")
        if not (isinstance(rel, str) and _ELSEWHERE.search(rel)):
            yield from _in_link(name, value, path, place)
    elif bare in OWN_IDS and (found := _LABELLED.fullmatch(value)):
        yield Mention(place, Kind.OWN, found[1], name, found[2], path, value)
    elif name == "@value" and element.get("@type") in _BOXES and _ID.fullmatch(value):
        yield Mention(place, Kind.VALUE, "", str(element.get("@name", "")), value, path, value)
    elif name.startswith("@data-") and names_an_id(bare) and _ID.fullmatch(value):
        yield Mention(place, Kind.NAMED, "", bare, value, path, value)


def _row(at: tuple[str, ...], mentions: Iterable[Mention]) -> Iterator[Row]:
    found = tuple(mentions)
    if 2 <= len(found) <= _MOST:
        yield Row(at, found)
