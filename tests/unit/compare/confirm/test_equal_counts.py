"""A total that is the same on both sides of shared data, beside a list that the candidate shows
longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from tests.unit.compare.building import JSON_HEADERS, NOON_S, exchange, settled, transcript

Rows = list[dict[str, Any]]


def _in_json(rows: Rows, total: int) -> Exchange:
    return exchange({"notes": rows, "pages": {"total": total}, "version": 3})


def _in_a_header(rows: Rows, total: int) -> Exchange:
    return exchange(rows, headers=(*JSON_HEADERS, ("X-Total-Count", f"{total}")))


def _in_html(rows: Rows, total: int) -> Exchange:
    items = "".join(f"<li>{row['title']}</li>" for row in rows)
    page = f"<p>{total} notes found</p><ul>{items}</ul>"
    return exchange(body=page.encode(), headers=(("Content-Type", "text/html"),))


def _in_xml(rows: Rows, total: int) -> Exchange:
    items = "".join(f"<note>{row['title']}</note>" for row in rows)
    page = f'<notes count="{total}">{items}</notes>'
    return exchange(body=page.encode(), headers=(("Content-Type", "application/xml"),))


def judged(show: Callable[[Rows, int], Exchange], *, lags_by: int) -> Judged:
    """A test that makes a note and lists all; the candidate's total lags behind its rows."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=None), lambda _: None)
    rows: Rows = [{"id": 1, "title": "seed"}, {"id": 2, "title": "second"}]
    now_s = NOON_S

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        now_s += 0.7
        rows.append({"id": len(rows) + 1, "title": f"Tqxwvzk{len(rows):04d}"})
        made = exchange(rows[-1], status=201, method="POST", sent=dict(rows[-1]), at_s=now_s)
        listed = show(list(rows), len(rows) - (lags_by if side is Side.CANDIDATE else 0))
        code = [("T", str(rows[-1]["title"]))]
        return transcript(made, listed, side=side, generated=code)

    return settled(state, judge, asked)


@pytest.mark.parametrize("show", [_in_json, _in_a_header, _in_html, _in_xml])
def test_a_total_that_lags_behind_its_rows_is_found(
    show: Callable[[Rows, int], Exchange],
) -> None:
    assert judged(show, lags_by=1).differences != ()
    equal = judged(show, lags_by=0)
    assert ((), None, {}) == (equal.differences, equal.inconclusive, equal.account.open)
