"""Text with volatile pieces: what two recordings of it have in common, with holes for the rest.

Lines are aligned first, then the tokens of lines that differ. A hole spans the whole tokens in
which the recordings differ, and stands between literals. `text_match` holds a third text against a
template. Pure; linear in the length of the texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, pairwise, zip_longest

from pytest_cutover.compare.noise import constraints
from pytest_cutover.compare.noise.constraints import WORD, formats_for
from pytest_cutover.compare.noise.sequence_diff import Same, same_stretches
from pytest_cutover.compare.noise.texts.text_match import STRUCTURE, ends_by_itself, match
from pytest_cutover.compare.noise.texts.text_tokens import (
    HTTP_DATE,
    LOG_DATE,
    alike,
    alike_in_place,
    are_one_value,
    is_word,
    may_tell,
    shape,
    stems,
    telling,
    tokens,
)
from pytest_cutover.normalize.matchers import Placeholder, Template

_INSIDE = re.compile(
    r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9a-fA-F-])"
    r"|\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?"
    rf"|{HTTP_DATE}|{LOG_DATE}|(?<![\w.-])(?:\d{{8}}T\d{{6}}Z?|\d{{10}}(?:\d{{3}})?)(?![\w.-])"
    # A moment in the name of a file: `export-20260301090000.zip`, `log_20260301_090000.csv`.
    r"|(?<![\dA-Za-z])20\d\d(?:\d{4}[T_-]?\d{6}Z?|-\d\d-\d\d[T_]\d\d-\d\d-\d\d)(?![\dA-Za-z])"
    r"|(?<=[_-])\d{10}(?:\d{3})?(?=[._-])",
    re.ASCII,
)
_FOUR_DIGITS = re.compile("[0-9]{4}")  # of any of these but a UUID
# What separates the words of one phrase: no anchor between two holes of unlike sizes.
_WEAK = re.compile(r"[\s.'/+=_&%-]+")
# A longer text is no single value.
LONGEST_LEAF = 256
_MOST_REPAIRS = 8  # of a template, before all between its ends is given up
_OPEN = Placeholder(("string",))
_OF_BASE64 = ("+", "/", "-", "_")

MakePart = Callable[[str, str], "Placeholder | Template | str"]


def align(
    first: str, again: str, part: MakePart, atoms: re.Pattern[str] | None = None
) -> Template | Placeholder | str:
    """Return the template that both texts follow.

    `part` says what two values that stand for each other are in it; it is also asked about a long
    value that did not vary. `atoms` (with one group) are tokens whatever they look like.
    """
    build = _Build(part, atoms)
    lines, others = _lines(first, atoms), _lines(again, atoms)
    start = other = 0
    for same in same_stretches(lines, others):
        _different_lines(build, lines[start : same.left], others[other : same.right])
        start, other = same.left + same.size, same.right + same.size
        build.same("".join(lines[same.left : start]))
    parts = build.parts()
    is_short = len(first) <= LONGEST_LEAF and "\n" not in first
    return _holding(joined(_with_words(parts, is_short=is_short)), (first, again))


def _with_words(parts: list[str | Placeholder], *, is_short: bool) -> list[str | Placeholder]:
    """Return the parts, where one word that fills a cell by itself may be several, and so may any
    in a short text, which is one value with words around it.
    """
    known = [part for part in parts if part]
    for at, part in enumerate(known):
        if isinstance(part, Placeholder) and "word" in part.formats:
            before = known[at - 1] if at else "\n"
            after = known[at + 1] if at + 1 < len(known) else "\n"
            fills = (
                isinstance(before, str)
                and isinstance(after, str)
                and {before[-1], after[0]} <= STRUCTURE
            )
            if fills or is_short:
                known[at] = replace(part, formats=combined({*part.formats, "text"}))
    return known


def _holding(
    found: Template | Placeholder | str, texts: tuple[str, str]
) -> Template | Placeholder | str:
    """Return the template, with holes that do not hold what they were made from joined into
    open ones.
    """
    for _ in range(_MOST_REPAIRS):
        if not isinstance(found, Template):
            return found
        departures = (match(found, text).departure for text in texts)
        wrong = next((one.part for one in departures if one is not None), None)
        if wrong is None:
            return found
        found = _opened(found, wrong)
    ends = found.parts if isinstance(found, Template) else ()
    return joined(
        [
            *(part for part in ends[:1] if isinstance(part, str)),
            _OPEN,
            *(part for part in ends[-1:] if isinstance(part, str)),
        ]
    )


def _opened(template: Template, at: int) -> Template | Placeholder:
    """Return the template with one open hole in the place of a part and of the holes beside it."""
    parts = template.parts
    first = last = at
    while first > 0 and isinstance(parts[first], str):
        first -= 1
    while last < len(parts) - 1 and (isinstance(parts[last], str) or last == first):
        last += 1
    rest = (*parts[:first], _OPEN, *parts[last + 1 :])
    return Template(rest) if len(rest) > 1 else _OPEN


def _lines(text: str, atoms: re.Pattern[str] | None) -> list[str]:
    if atoms is not None and any("\n" in atom for atom in atoms.findall(text)):
        return [text]
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + lines[-1:]


def _different_lines(build: _Build, lines: list[str], others: list[str]) -> None:
    """Align lines between the same lines: row by row, or by what kind of row they are."""
    is_cut = build.atoms is not None
    rows = alike_in_place(lines, others, build.tokens if is_cut else tokens, is_cut=is_cut)
    if rows is not None:
        for beginning, first, second in rows:
            build.same(beginning)
            build.paired(first, second)
        return
    left, right = [build.tokens(line) for line in lines], [build.tokens(line) for line in others]
    pairs = sum(map(alike, left, right)) if len(left) == len(right) else -1
    stretches = [Same(0, 0, len(left)), Same(len(left), len(right), 0)]
    if 2 * pairs < len(left):
        kinds = same_stretches([shape(one) for one in left], [shape(one) for one in right])
        if sum(same.size for same in kinds) > pairs:
            stretches = kinds
    start = begin = 0
    for same in stretches:
        ours, theirs = left[start : same.left], right[begin : same.right]
        if len(ours) == len(theirs):
            for one, other in zip(ours, theirs, strict=True):
                _different_tokens(build, one, other)
        else:
            _different_tokens(build, list(chain(*ours)), list(chain(*theirs)))
        start, begin = same.left + same.size, same.right + same.size
        for at in range(same.size):
            _different_tokens(build, left[same.left + at], right[same.right + at])


def _different_tokens(build: _Build, left: list[str], right: list[str]) -> None:
    if alike(left, right):
        build.paired(left, right)
        return
    ours: list[str] = []
    theirs: list[str] = []
    start = other = 0
    stretches = same_stretches(left, right)
    for same, following in pairwise([*stretches, stretches[-1]]):
        ours += left[start : same.left]
        theirs += right[other : same.right]
        start, other = same.left + same.size, same.right + same.size
        between = left[same.left : start]
        goes_on = following.left > start and following.right > other
        if goes_on and not alike(ours, theirs) and _WEAK.fullmatch("".join(between)):
            ours += between
            theirs += between
            continue
        if ours or theirs:
            _hole(build, ours, theirs)
        for token in between:
            build.same(token)
        ours, theirs = [], []


def _hole(build: _Build, left: list[str], right: list[str]) -> None:
    if alike(left, right):
        build.paired(left, right)
        return
    swallowed = set(filter(is_word, left)) & set(right)
    build.hole("".join(left), "".join(right), is_open=bool(swallowed))


@dataclass(slots=True, eq=False)
class _Hole:
    left: str
    right: str
    is_open: bool

    @property
    def blank(self) -> bool:
        return (self.left + self.right).isspace()

    @property
    def ends_a_line(self) -> bool:
        return (self.left + self.right).endswith("\n")


@dataclass(slots=True)
class _Build:
    """The parts of a template as they come: literals, and the two values of each hole."""

    part: MakePart
    atoms: re.Pattern[str] | None
    items: list[str | _Hole] = field(default_factory=list)

    def tokens(self, line: str) -> list[str]:
        if self.atoms is None:
            return tokens(line)
        cut = self.atoms.split(line)
        if len(cut) == 1:
            return tokens(line)
        return [t for at, piece in enumerate(cut) for t in ([piece] if at % 2 else tokens(piece))]

    def same(self, text: str) -> None:
        if text:
            self.items.append(text)

    def paired(self, left: list[str], right: list[str]) -> None:
        start = 0
        for at, (one, other) in enumerate(zip(left, right, strict=True)):
            if one != other:
                if start < at:
                    self.items.append("".join(left[start:at]))
                self.hole(one, other)
                start = at + 1
        if start < len(left):
            self.items.append("".join(left[start:]))

    def hole(self, left: str, right: str, *, is_open: bool = False) -> None:
        """Add a hole; with a hole before it that nothing parts from this one it is one hole."""
        hole, last = _Hole(left, right, is_open), self.items[-1] if self.items else ""
        if isinstance(last, _Hole) and last.blank == hole.blank and not last.ends_a_line:
            is_open |= last.is_open
            self.items[-1] = _Hole(last.left + left, last.right + right, is_open)
        else:
            self.items.append(hole)

    def parts(self) -> list[str | Placeholder]:
        """Return the parts: literals in one piece between holes."""
        found: list[str | Placeholder] = []
        texts: list[str] = []
        for item in _whole_values(self.items):
            if isinstance(item, str):
                texts.append(item)
                continue
            found += self._literal("".join(texts))
            if item.is_open:
                found.append(_OPEN)
            else:
                found += self._values(item)
            texts = []
        return [*found, *self._literal("".join(texts))]

    def _literal(self, text: str) -> Iterable[str | Placeholder]:
        """Text that both recordings share; a long value in it may belong to one run."""
        return self._told(text) if self.atoms is not None or may_tell(text) else (text,)

    def _told(self, text: str) -> Iterator[str | Placeholder]:
        for at, piece in enumerate(self.atoms.split(text) if self.atoms else (text,)):
            if at % 2:
                yield from pieces(self.part(piece, piece))
                continue
            for value, may_vary in telling(piece):
                yield from pieces(self.part(value, value) if may_vary else value)

    def _values(self, hole: _Hole) -> tuple[str | Placeholder, ...]:
        left, right = hole.left, hole.right
        start, end = stems(left, right)
        if not (start or end):
            return pieces(self.part(left, right))
        left_end, right_end = len(left) - end, len(right) - end
        inner = pieces(self.part(left[start:left_end], right[start:right_end]))
        return (left[:start], *inner, left[left_end:])


def _whole_values(items: list[str | _Hole]) -> Iterable[str | _Hole]:
    """Return the items, where holes that only signs of base64 part make one random string together.

    A string with such signs in it is one token where it looks like one: in a path it may not.
    """
    return items if all(sign not in items for sign in _OF_BASE64) else _joined_values(items)


def _joined_values(items: list[str | _Hole]) -> Iterator[str | _Hole]:
    at = 0
    while at < len(items):
        item, end = items[at], at + 1
        if isinstance(item, _Hole):
            while end + 1 < len(items) and _goes_on(items[end], items[end + 1]):
                end += 2
        if end > at + 1:
            left = "".join(one if isinstance(one, str) else one.left for one in items[at:end])
            right = "".join(one if isinstance(one, str) else one.right for one in items[at:end])
            if are_one_value(left, right):
                yield _Hole(left, right, is_open=False)
                at = end
                continue
        yield item
        at += 1


def _goes_on(sign: str | _Hole, after: str | _Hole) -> bool:
    return sign in _OF_BASE64 and isinstance(after, _Hole) and not after.is_open


def split(text: str, symbol: Callable[[str], Placeholder | str]) -> Template | Placeholder | str:
    """Return the text with each UUID and time inside it put through `symbol`."""
    if len(text) < 16 or (text.count("-") < 4 and _FOUR_DIGITS.search(text) is None):
        return text
    parts: list[str | Placeholder] = []
    position = 0
    for found in _INSIDE.finditer(text):
        parts += [text[position : found.start()], symbol(found[0])]
        position = found.end()
    return joined([*parts, text[position:]])


def pieces(found: Placeholder | Template | str) -> tuple[Placeholder | str, ...]:
    """Return the parts of a template, or what is none as the only one."""
    return found.parts if isinstance(found, Template) else (found,)


def joined(parts: list[str | Placeholder]) -> Template | Placeholder | str:
    """Return a template in its normal form: neighbouring literals are one, and none is empty."""
    normal: list[str | Placeholder] = []
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            if part:
                texts.append(part)
            continue
        if texts:
            normal.append("".join(texts))
            texts = []
        normal.append(part)
    if texts:
        normal.append("".join(texts))
    if not normal:
        return ""
    return normal[0] if len(normal) == 1 else Template(tuple(normal))


def piece_formats(first: str, again: str) -> tuple[str, ...]:
    """Return the formats of a volatile piece of text: at the least a word, or one line."""
    return narrowed(formats_for((first, again)), (first, again))


def narrowed(names: tuple[str, ...], values: Iterable[str]) -> tuple[str, ...]:
    """Return formats in which ``text`` is as little as it was: a word, blanks, or one line."""
    if "text" not in names and "string" not in names:
        return names
    known = {_width(value) for value in values}
    for wider in ("string", "text", "word", "blank"):
        if wider in known:
            known -= {"word", "blank", "text"} - {wider}
    return tuple(sorted(known))


def _width(value: str) -> str:
    if not value:
        return "empty"
    if value.isspace():
        return "blank"
    if WORD.fullmatch(value):
        return "word"
    return "string" if "\n" in value else "text"


def combined(names: Iterable[str]) -> tuple[str, ...]:
    """Return the formats of a hole that was seen with all of these, and no wider than they need."""
    found = set(names)
    kept = found & {"empty"}
    if "string" in found:
        return tuple(sorted(kept | {"string"}))
    with_blanks = any(name.endswith(("-date", " space")) for name in found)
    if "text" not in found and "word" not in found:
        wide = constraints.widen(found)
        if "string" not in wide:
            return wide
    widest = "text" if "text" in found or with_blanks else "word"
    return tuple(sorted(kept | {widest}))


Span = tuple[int, int, Placeholder]


def united(
    found: Template | Placeholder | str,
    earlier: Template,
    text: str,
    still: Callable[[str, Placeholder], Placeholder],
) -> Template | Placeholder | str:
    """Return the template of a text that has the holes of an earlier one as well.

    Both have to match the text. `still` makes the hole of a value that only varied earlier; an
    earlier hole that was open is not kept, for what is known now may be narrower.
    """
    spans = _spans(earlier, text)
    if spans is None or isinstance(found, Placeholder):
        return found
    spans = [span for span in spans if "string" not in span[2].formats]
    mine = (_spans(found, text) or []) if isinstance(found, Template) else []
    every = sorted(
        [(*span, True) for span in mine] + [(*span, False) for span in spans],
        key=lambda one: one[:2],
    )
    parts: list[str | Placeholder] = []
    position = 0
    while every:
        group = [every.pop(0)]
        end = group[0][1]
        while every and (every[0][0] < end or every[0][:2] == group[0][:2]):
            group.append(every.pop(0))
            end = max(end, group[-1][1])
        start = group[0][0]
        parts += [text[position:start], _one_hole(group, text[start:end], still)]
        position = end
    return joined([*parts, text[position:]])


def _one_hole(
    group: list[tuple[int, int, Placeholder, bool]],
    value: str,
    still: Callable[[str, Placeholder], Placeholder],
) -> Placeholder:
    """Return the hole that several of two templates make together."""
    start, end, hole, is_new = group[0]
    if len(group) == 1:
        return hole if is_new else still(value, hole)
    formats = {name for one in group for name in one[2].formats}
    new = next((one[2] for one in group if one[3]), hole)
    if all(one[:2] == (start, end) for one in group):
        return replace(new, formats=combined(formats))
    secret = any(one[2].secret for one in group)
    wide = {"string"} if "string" in formats else {"word" if WORD.fullmatch(value) else "text"}
    return Placeholder(combined(wide | ({"text"} & formats)), secret=secret)


def _spans(template: Template, text: str) -> list[Span] | None:
    """Where the holes of a template are in a text that follows it."""
    found = match(template, text)
    if not found.follows:
        return None
    return [
        (start, start + len(value), hole)
        for start, (hole, value) in zip(
            (at for at, part in zip(found.starts, template.parts, strict=True)
             if not isinstance(part, str)),
            found.pieces,
            strict=True,
        )
    ]  # fmt: skip


def open_holes(pattern: object) -> tuple[int, ...]:
    """Return which parts of a text's pattern hold nothing that stands there, by their indices.

    A hole is open that may hold any text, and so is one that no literal parts from the next where
    neither says by its format where it ends.
    """
    if isinstance(pattern, Placeholder):
        return (0,) if "string" in pattern.formats else ()
    if not isinstance(pattern, Template):
        return ()
    found = []
    for at, (part, following) in enumerate(zip_longest(pattern.parts, pattern.parts[1:])):
        if isinstance(part, str):
            continue
        loose = isinstance(following, Placeholder) and not (
            ends_by_itself(part.formats) or ends_by_itself(following.formats)
        )
        if loose or "string" in part.formats:
            found.append(at)
    return tuple(found)


def is_type_alone(template: Template, *, blanks_only: bool = False) -> bool:
    """Whether a text is words that vary, with nothing but blanks and signs between them."""
    return all(
        constraints.is_type_alone(part.formats)
        if isinstance(part, Placeholder)
        else part.strip(" ") == "" or not (blanks_only or is_word(part))
        for part in template.parts
    )
