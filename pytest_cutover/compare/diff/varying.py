"""What varies without a value to be held to: kept, for rounds tell by what course it does. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final

from pytest_cutover.compare.diff import descriptions
from pytest_cutover.compare.diff.difference import Kind, wildcard
from pytest_cutover.compare.diff.ids.id_forms import is_link
from pytest_cutover.compare.diff.numbers import IN_DIGITS, OF_AN_ID
from pytest_cutover.compare.diff.places import Path, is_in_row, name_of, pointer
from pytest_cutover.compare.diff.scope import Walk
from pytest_cutover.compare.diff.texts import Piece
from pytest_cutover.compare.noise import constraints, formats
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.normalize.matchers import Placeholder, Template, is_plain
from pytest_cutover.normalize.strict_json import NOT_NUMBERS

# A digit and a letter at the least.
_TOKEN: Final = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[\w+:.~=-]+", re.ASCII)
_PARAMETER: Final = re.compile(r"[?&](page)=$")
_SHORTEST_TOKEN: Final = 8
_LONGEST_SPELLED: Final = 64  # characters
_MOST_SPELLED: Final = 12  # values of one place in a round
_DAY_S: Final = 86_400
_LONGEST_DIGITS: Final = 18  # characters of both in text: longer ones are ids


def keep(
    walk: Walk,
    symbol: Placeholder,
    base: Any,
    cand: Any,
    path: Path,
    moment: float | None = None,
    part: int = 0,
) -> None:
    """Keep a number that varies, or a word; rows of a list that grew have no place of their own.

    `moment` is the instant of a time that is written as most are: no number, word or token.
    """
    if is_plain(base) and not (symbol.clock and moment is None):
        _keep_form(walk, symbol, base, cand, path)
    if moment is not None or symbol.clock or walk.probing or walk.in_rows or walk.scope.in_request:
        return
    _keep_spelling(walk, base, cand, path, part)
    keep_token(walk, base, cand, path, part)
    if constraints.is_type_alone(symbol.formats):
        _keep_word(walk, base, cand, path, part)
    else:
        _keep_number(walk, base, cand, path, part)


def is_settled(walk: Walk, symbol: Placeholder, before: float | None, after: float | None) -> bool:
    """Whether there is nothing to keep of two values that tell these instants: two times of one day
    that are held to the clock, or any two once a row is known to have something else.
    """
    if after is None or walk.scope.numbers.by_form:
        return after is not None
    return symbol.clock and before is not None and abs(after - before) <= _DAY_S


def keep_piece(
    walk: Walk, template: Template, piece: Piece, path: Path, part: int, moment: float | None
) -> None:
    """Keep a number or word inside of a text; that of a page in a link by what it may count."""
    keep(walk, piece.hole, piece.live, piece.value, path, moment, part)
    if moment is not None:
        return
    place = walk.scope.exchange, pointer(path, in_headers=walk.scope.in_headers), part
    if place not in walk.scope.numbers.lexemes:
        return
    first = template.parts[0]
    if isinstance(first, str) and is_link(first.removeprefix("<")):
        walk.scope.numbers.in_links.add(place)
    at = [index for index, one in enumerate(template.parts) if isinstance(one, Placeholder)]
    before = template.parts[at[part - 1] - 1] if at[part - 1] else ""
    if isinstance(before, str) and (named := _PARAMETER.search(before)):
        walk.scope.numbers.parameters[place] = f"last_{named[1]}"


def keep_token(walk: Walk, base: Any, cand: Any, path: Path, part: int = 0) -> None:
    """Keep a short text that looks made up, however it is quoted: another place may have it too."""
    if not (isinstance(base, str) and isinstance(cand, str)):
        return
    if _is_token(ours := _unquoted(base)):
        where = pointer(path, in_headers=walk.scope.in_headers)
        walk.scope.numbers.tokens[walk.scope.exchange, where, part] = (ours, _unquoted(cand))


def keep_bytes(walk: Walk, base: str, cand: str, path: Path) -> None:
    """Keep bytes of which a part varies, by what identifies them."""
    if not walk.probing and not walk.scope.in_request and len(base) == len(cand):
        ours, theirs = (
            hashlib.sha256(one.encode("utf-8", "surrogatepass")).hexdigest() for one in (base, cand)
        )
        place = walk.scope.exchange, pointer(path, in_headers=walk.scope.in_headers), 0
        walk.scope.numbers.tokens[place] = (ours, theirs)


def _unquoted(text: str) -> str:
    return text.removeprefix("W/").strip('"').removeprefix("nonce-")


def _is_token(text: str) -> bool:
    if not _SHORTEST_TOKEN <= len(text) <= descriptions.LONGEST_LEAF:
        return False
    return _TOKEN.fullmatch(text) is not None and formats.instant_s(text) is None


def _keep_spelling(walk: Walk, base: Any, cand: Any, path: Path, part: int) -> None:
    """Keep how a value is spelled: the next ones may be spelled by the same rule, or by another."""
    kind = type(base)
    if kind is not type(cand) or kind not in (str, bytes) or not (base and cand):
        return
    if max(len(base), len(cand)) > _LONGEST_SPELLED or not _is_in_front(path):
        return
    where = wildcard(pointer(path, in_headers=walk.scope.in_headers))
    kept = walk.scope.numbers.spelled.setdefault((walk.scope.exchange, where, part), [])
    if len(kept) < _MOST_SPELLED:
        kept.append((base, cand))


def _is_in_front(path: Path) -> bool:
    """Whether a place is in one of the first rows: those tell how the others are spelled."""
    while path:
        path, token = path
        if type(token) is int and token >= _MOST_SPELLED:
            return False
    return True


def _keep_form(walk: Walk, symbol: Placeholder, base: Any, cand: Any, path: Path) -> None:
    """Keep that the two sides show a row with something else, of which the form alone is known."""
    numbers, scope = walk.scope.numbers, walk.scope
    if base == cand or numbers.by_form or symbol.per_run:
        return
    if walk.probing or scope.in_request or scope.in_headers or not is_in_row(path):
        return
    numbers.by_form = not scope.values.same(scope.name_at(path), base, cand)


def _keep_number(walk: Walk, base: Any, cand: Any, path: Path, part: int) -> None:
    """Keep a number: it may move with the baseline's."""
    if isinstance(base, str) and isinstance(cand, str):
        if not (base[-1:].isdigit() and cand[-1:].isdigit()):
            return
        if {*map(formats.format_of, (base, cand))} != {"decimal string"}:
            if not (base.isdigit() and cand.isdigit()) or len(base + cand) > _LONGEST_DIGITS:
                return
            part = part or IN_DIGITS
        base, cand = base.encode("utf-8", "surrogatepass"), cand.encode("utf-8", "surrogatepass")
    if isinstance(base, bytes) and isinstance(cand, bytes):
        part = OF_AN_ID if names_an_id(name_of(path)) else part
        where = pointer(path, in_headers=walk.scope.in_headers)
        walk.scope.numbers.lexemes[walk.scope.exchange, where, part] = (base, cand)


def _keep_word(walk: Walk, base: Any, cand: Any, path: Path, part: int) -> None:
    """Keep a word: it may be one that the baseline draws as well. What the test made up is not."""
    if not (descriptions.is_word(base) and descriptions.is_word(cand)):
        return
    if base != cand and walk.scope.values.same(walk.scope.name_at(path), base, cand):
        return
    where = wildcard(pointer(path, in_headers=walk.scope.in_headers))
    place = walk.scope.exchange, where, part
    walk.scope.numbers.words.setdefault(place, []).append((base, cand))


def tell_null_in_row(walk: Walk, base: Any, cand: Any, path: Path) -> bool:
    """Report what one side alone has in a row: some rows have it, but this is one of them."""
    if not walk.in_rows or (base is None) is (cand is None):
        return False
    walk.report(
        Kind.TYPE, path, f"{formats.type_of_pattern(base)} → {formats.type_of(cand)}", base, cand
    )
    return True


def tell_form(walk: Walk, symbol: Placeholder, base: Any, cand: Any, path: Path) -> None:
    """Report a value that has none of the formats of its place."""
    before = formats.format_of(base) if is_plain(base) else " or ".join(symbol.formats)
    types = {constraints.type_named(name) for name in symbol.formats}
    after = formats.type_of(cand)
    if isinstance(cand, bytes) and cand in NOT_NUMBERS:
        walk.report(Kind.WIRE, path, f"number → {cand.decode()}", base, cand)
    elif after not in types:
        was = formats.type_of(base) if is_plain(base) else " or ".join(sorted(types))
        walk.report(Kind.TYPE, path, f"{was} → {after}", base, cand)
    else:
        walk.report(Kind.FORMAT, path, f"{before} → {formats.format_of(cand)}", base, cand)
