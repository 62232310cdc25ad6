"""The pages of a list, one after the other: found by asking the baseline where each one leads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.fuzz.generate.case import ABSENT, Call, Case
from pytest_cutover.fuzz.generate.links import Link, extended
from pytest_cutover.fuzz.generate.operations import FuzzOperation
from pytest_cutover.fuzz.generate.pages import is_size, next_page, takes_a_page
from pytest_cutover.fuzz.run.refusals import is_taken

_MOST_PAGES: Final = 4
_SMALL_PAGES: Final = ("1", "5")


def page_walks(
    operation: FuzzOperation,
    bases: Sequence[Call],
    *,
    before: Callable[[Case], Case],
    learned: Callable[[Case], Transcript],
) -> Iterator[Case]:
    """Yield walks over the pages of a list, in its own size and in small ones; often none.

    `bases` are valid requests of it, `before` puts what gives out ids before a case, and `learned`
    is what the baseline answers.
    """
    if not operation.offered or not operation.searches or not bases:
        return
    names = [str(one.name) for one in operation.inner.query]
    if not any(takes_a_page(name) or is_size(name) for name in names):
        return
    required = {str(one.name) for one in operation.inner.query if one.is_required}
    plain = tuple(pair for pair in bases[0].query if pair[0] in required)
    sizes = [name for name in names if is_size(name)][:1]
    small = [(*plain, (name, rows)) for name in sizes for rows in _SMALL_PAGES]
    for asked in (plain, *small):
        page = replace(bases[0], query=tuple(dict(asked).items()), body=ABSENT)
        case = before(Case((page,), "pages"))
        walk = _walk(case, names, learned)
        if len(walk.calls) > len(case.calls):
            yield walk


def _walk(case: Case, names: Sequence[str], learned: Callable[[Case], Transcript]) -> Case:
    """Return the case with the pages that follow, as far as the baseline has any."""
    page, before = case.calls[-1], len(case.calls)
    while len(case.calls) < before + _MOST_PAGES:
        exchanges = learned(case).exchanges
        if len(exchanges) < len(case.calls) or not is_taken(exchanges[-1]):
            break
        places = _next(exchanges[-1], names)
        link = Link(page.endpoint, page.endpoint, places)
        more = extended(case, page, link, exchanges[-1], step=len(case.calls) - 1)
        if not places or more is None:
            break
        case = more
    return case


def _next(last: Exchange, names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    assert last.response is not None
    headers = {name.lower(): value for name, value in last.response.headers}
    return next_page(_json(last.response.body), headers, last.request.path, names)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
