"""Whether the answer to a write calls what it made by the id that it gives it. Pure.

The number of a thing is another one on each side, and in each round, so that an address or a
sentence with it in it is held to form. But an answer that gives an id out says itself which it is:
where the baseline's `Location` ends in the id of the body, the candidate's ends in that of its own
body, and a cookie that is named by the one is named by the other; where a sentence of the baseline
names the code of the order, so does the candidate's.

So is the number in a global id: `Order:12` in base64 stands beside `databaseId` 12.

A short number is also the id of something else, by chance: it counts only in the address of the
thing itself. Inside of words a code counts that nothing else is: letters and digits, no time.
"""

from __future__ import annotations

import re
from typing import Any, Final

from pytest_cutover.compare.diff.ids.correspondence import text_of
from pytest_cutover.compare.diff.ids.encoded_ids import row_of
from pytest_cutover.compare.diff.ids.given_ids import Departure, Row, beside
from pytest_cutover.compare.diff.ids.id_forms import is_given_code
from pytest_cutover.compare.diff.paired_parse import read_whole
from pytest_cutover.compare.diff.places import ROOT, Path
from pytest_cutover.compare.noise import formats
from pytest_cutover.compare.noise.links import is_link
from pytest_cutover.compare.noise.lists.rows import names_an_id
from pytest_cutover.normalize.body import BodyKind
from pytest_cutover.normalize.headers import NUMBERED
from pytest_cutover.normalize.normalized import NormalizedResponse

_HEADERS: Final = ("location", "content-location")
_ADDRESS: Final = re.compile(
    r"@id|_?self(?:_?(?:link|url|href|uri))?|href|ur[il]|link|location|permalink"
    r"|(?:html|web|api)_?(?:url|link)",
    re.IGNORECASE,
)
_OWN_NUMBER: Final = re.compile(
    r"(?:(?:database|legacy|numeric|internal|raw|row|db)_?)?(?:id|pk)|_id", re.IGNORECASE
)
_LINKS: Final = ("links", "_links", "meta")
_NEW: Final = (201, 202)  # what its `Location` leads to is what it is about

Partners = dict[str, set[str]]


def departures(base: NormalizedResponse, cand: NormalizedResponse) -> list[tuple[bool, Departure]]:
    """Return the places where the candidate calls it by another id, each with whether it is in
    the headers.
    """
    left, right = (
        read_whole(one.body.tree) if one.body.kind is BodyKind.JSON else None
        for one in (base, cand)
    )
    pairs = list(beside(left, right, ROOT))
    ids: Partners = {}
    codes: Partners = {}
    for _, ours, theirs in pairs:
        _learn(ours, theirs, ids, codes)
    if not ids and not codes:
        return []
    found = [
        (True, Departure((ROOT, name), ours, theirs))
        for name in _HEADERS
        if base.status in _NEW or name == "content-location"
        for ours, theirs in (_texts(base.headers, cand.headers, name),)
        if ours is not None and theirs is not None and _is_other_address(ours, theirs, ids)
    ]
    named, shown = _cookie_name(base), _cookie_name(cand)
    if named is not None and shown is not None and shown not in ids.get(named, {shown}):
        found.append((True, Departure((((ROOT, "set-cookie"), NUMBERED), "id"), named, shown)))
    for path, row, other in pairs:
        near: Partners = {}
        _learn(row, other, near, {})
        near = near or _of_owner(path, pairs)
        for name, value in row.items():
            shown = other.get(name)
            if not (isinstance(value, str) and isinstance(shown, str)):
                continue
            is_address = _ADDRESS.fullmatch(name) or _is_self(path)
            is_other = bool(is_address) and _is_other_address(value, shown, near)
            is_other |= _is_other_row(value, shown, row, other)
            if is_other or _is_other_name(value, shown, codes):
                found.append((False, Departure((path, name), value, shown)))
    return found


def _learn(ours: Row, theirs: Row, ids: Partners, codes: Partners) -> None:
    """Take down the ids of an object and the codes in it, each with the candidate's."""
    for name, value in ours.items():
        left, right = text_of(value), text_of(theirs.get(name))
        if left is None or right is None:
            continue
        if formats.format_of(value) != formats.format_of(theirs[name]):
            continue  # told where the id is given out
        if names_an_id(name) and any(c.isdigit() for c in left):
            ids.setdefault(left, set()).add(right)
        if is_given_code(left) and is_given_code(right):
            codes.setdefault(left, set()).add(right)


def _texts(base: Any, cand: Any, name: str) -> tuple[str | None, str | None]:
    sides = (one.get(name) if isinstance(one, dict) else None for one in (base, cand))
    ours, theirs = (one if isinstance(one, str) else None for one in sides)
    return ours, theirs


def _is_other_address(base: str, cand: str, partners: Partners) -> bool:
    """Whether the baseline's address ends in an id, and the candidate's in none of its own."""
    if not partners or not (is_link(base) and is_link(cand)):
        return False
    expected = partners.get(_last(base))
    return expected is not None and _last(cand) not in expected


def _cookie_name(answer: NormalizedResponse) -> str | None:
    """Return the name of the cookie that is named by a number."""
    cookies = answer.headers.get("set-cookie") if isinstance(answer.headers, dict) else None
    cookie = cookies.get(NUMBERED) if isinstance(cookies, dict) else None
    return text_of(cookie.get("id")) if isinstance(cookie, dict) else None


def _last(link: str) -> str:
    return re.split(r"[?#]", link, maxsplit=1)[0].rstrip("/").rpartition("/")[2]


def _is_other_row(value: str, shown: str, row: Row, other: Row) -> bool:
    """Whether a global id has the number of its row on the baseline, and on the candidate not."""
    number = row_of(value)
    return number != value and any(
        text_of(row[name]) == number and text_of(other.get(name)) != row_of(shown)
        for name in row
        if _OWN_NUMBER.fullmatch(name)
    )


def _is_other_name(base: str, cand: str, codes: Partners) -> bool:
    """Whether a sentence of the baseline names a code, and that of the candidate none of its
    own.
    """
    for code, expected in codes.items():
        if code == base or not _names(base, code):
            continue
        if not any(_names(cand, one) for one in expected):
            return True
    return False


def _names(text: str, code: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(code)}(?![\w-])", text) is not None


def _is_self(path: Path) -> bool:
    return bool(path) and str(path[1]).lower() in ("self", "_self")


def _of_owner(path: Path, pairs: list[tuple[Path, Row, Row]]) -> Partners:
    """Return the ids of the object that a link belongs to: above `links`, or above `self` there."""
    found: Partners = {}
    owner = path[0] if _is_self(path) else path
    if owner and str(owner[1]).lower() in _LINKS:
        for at, ours, theirs in pairs:
            if at == owner[0]:
                _learn(ours, theirs, found, {})
    return found
