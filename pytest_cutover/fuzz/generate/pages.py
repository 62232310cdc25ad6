"""The next page of a list: the cursor or the link of an answer that leads there. Pure.

A cursor is told by names (`next_cursor` goes to `cursor`, `nextPageToken` to `pageToken`), a link
by its address, which is the list's own with another query: a member such as `next`, or the header
`Link`. Where there is neither, the id of the last row goes to `starting_after` and its kin.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from pytest_cutover.core.json_pointer import escape
from pytest_cutover.fuzz.generate.references import words

# Behind a pointer to a link: the parameter of its query that is meant.
OF_LINK: Final = "?"
LINK_HEADER: Final = "/headers/link"
_SIZES: Final = frozenset(
    {"limit", "size", "count", "first", "take", "top", "perpage", "pagesize", "maxresults",
     "pagelimit", "maxitems", "maxkeys", "pagecount", "itemsperpage", "rows"}
)  # fmt: skip
_CURSORS: Final = frozenset(
    {"cursor", "after", "token", "pagetoken", "continuation", "continuationtoken", "marker",
     "bookmark", "nexttoken", "startingafter", "startafter", "page", "offset", "skip", "next"}
)  # fmt: skip
_AFTER_A_ROW: Final = frozenset(
    {"after", "startingafter", "startafter", "afterid", "sinceid", "marker"}
)
_GIVES_ANY: Final = frozenset(
    {"next", "nextcursor", "endcursor", "nexttoken", "nextpagetoken", "continuation",
     "continuationtoken", "bookmark", "cursor"}
)  # fmt: skip
_COUNTED: Final = frozenset({"page", "offset", "skip"})
_REL: Final = re.compile(r"""<([^>]*)>[^,]*?;\s*rel\s*=\s*"?[^",;]*\bnext\b""", re.IGNORECASE)
_DEEPEST: Final = 4
_IDS: Final = ("id", "uuid", "key")

Places = tuple[tuple[str, str], ...]


def is_size(name: str) -> bool:
    """Return whether a parameter says how many rows a page has."""
    found = words(name)
    return "".join(found) in _SIZES or (bool(found) and found[-1] in ("limit", "size"))


def takes_a_page(name: str) -> bool:
    """Return whether a parameter says which page, or from where on."""
    found = "".join(words(name))
    return found in _CURSORS | _AFTER_A_ROW or found.endswith(("cursor", "token"))


def next_page(
    answer: Any, headers: Mapping[str, str], path: str, parameters: Sequence[str]
) -> Places:
    """Return which parameters of a query are filled from where, for the next page; none at the end.

    `headers` have lower-case names, `path` is what was asked, `parameters` are those of the list.
    """
    for pointer, url in _links(answer, headers):
        found = _of_link(pointer, url, path)
        if found:
            return found
    scalars = [one for one in _scalars(answer, "", 0) if one[2] not in (None, "", False, True)]
    for name in parameters:
        for pointer, member, _ in scalars:
            if leads_to("".join(words(member)), name):
                return ((f"query/{name}", pointer),)
    return _after_the_last_row(answer, parameters)


def leads_to(member: str, parameter: str) -> bool:
    """Return whether a member of an answer is what a parameter of the next page asks for."""
    if not takes_a_page(parameter):
        return False
    parameter = "".join(words(parameter))
    if member == f"next{parameter}" or (member == parameter and parameter not in _COUNTED):
        return True
    return member in _GIVES_ANY and parameter not in _COUNTED


def in_link(url: str, parameter: str) -> str | None:
    """Return a parameter of the query of a link; None where it has none."""
    return dict(parse_qsl(_query(url), keep_blank_values=True)).get(parameter)


def next_of(link: str) -> str | None:
    """Return the address of the next page in a ``Link`` header; None where there is none."""
    found = _REL.search(link)
    return found[1] if found else None


def _query(url: str) -> str:
    try:
        return urlsplit(url).query
    except ValueError:
        return ""


def _of_link(pointer: str, url: str, path: str) -> Places:
    try:
        there = urlsplit(url).path.rstrip("/")
    except ValueError:
        return ()
    own = path.partition("?")[0].rstrip("/")
    # Behind a base path, or relative: `?page=2`.
    if there and not (there.endswith(own) or own.endswith(f"/{there}")):
        return ()
    names = dict(parse_qsl(_query(url), keep_blank_values=True))
    return tuple((f"query/{name}", f"{pointer}{OF_LINK}{name}") for name in names)


def _links(answer: Any, headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the links to a next page, with where they stand."""
    url = next_of(headers.get("link", ""))
    if url:
        yield LINK_HEADER, url
    for pointer, _, value in _scalars(answer, "", 0):
        tokens = pointer.lower().split("/")
        named = any("next" in words(one) or "nextlink" in one for one in tokens[-2:])
        if isinstance(value, str) and "?" in value and named:
            yield pointer, value


def _scalars(node: Any, pointer: str, depth: int) -> Iterator[tuple[str, str, Any]]:
    """Yield what stands around the rows of a page: pointer, name and value."""
    if isinstance(node, dict) and depth < _DEEPEST:
        for key, value in node.items():
            below = f"{pointer}/{escape(str(key))}"
            if isinstance(value, dict):
                yield from _scalars(value, below, depth + 1)
            elif not isinstance(value, list):
                yield below, str(key), value


def _after_the_last_row(answer: Any, parameters: Iterable[str]) -> Places:
    name = next((one for one in parameters if "".join(words(one)) in _AFTER_A_ROW), None)
    if name is None:
        return ()
    for pointer, rows in _lists(answer):
        last = rows[-1] if rows else None
        key = next((one for one in _IDS if isinstance(last, dict) and one in last), None)
        if key is not None:
            return ((f"query/{name}", f"{pointer}/{len(rows) - 1}/{key}"),)
    return ()


def _lists(answer: Any) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(answer, list):
        yield "", answer
    if isinstance(answer, dict):
        for key, value in answer.items():
            if isinstance(value, list):
                yield f"/{escape(str(key))}", value
