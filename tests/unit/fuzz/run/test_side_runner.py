"""Which new codes the two sides get: the same where each has data of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.core.new_value import new_value
from pytest_cutover.fuzz.generate.case import Binding, Call, Case
from pytest_cutover.fuzz.run.data_of_sides import DataOfSides
from pytest_cutover.fuzz.run.given_out import GivenOut
from pytest_cutover.fuzz.run.new_codes import NewCodes
from pytest_cutover.fuzz.run.side_runner import SidePair

CREATE = Case(
    (
        Call(
            endpoint="POST /items",
            body={"code": "A-01"},
            bindings=(Binding("body/code", label="code"),),
        ),
    )
)


class Shop:
    """A side that takes each code once, or any code any number of times."""

    def __init__(self, rows: list[str], *, unique: bool = True) -> None:
        self.rows, self._unique = rows, unique

    def __call__(self, case: Case, codes: dict[str, tuple[str, str]], _meant: Any) -> Transcript:
        if "code" not in codes:
            codes["code"] = new_value("A-01", None)
        value = codes["code"][0]
        taken = not (self._unique and value in self.rows)
        if taken:
            self.rows.append(value)
        exchange = Exchange(
            Request("POST", "/items"), Response(201 if taken else 409), case.calls[0].endpoint
        )
        return Transcript("fuzz", Side.BASELINE, (exchange,))


def _pair(ours: Shop, theirs: Shop, codes: NewCodes | None = None) -> SidePair:
    return SidePair(ours, theirs, given=GivenOut(), data=DataOfSides(), codes=codes or NewCodes())


def _statuses(pair: SidePair, cases: Iterable[Case]) -> list[tuple[int | None, int | None]]:
    rounds = [pair.ask(case) for case in cases]
    pair.close()
    return [
        tuple(
            side.exchanges[0].response.status if side.exchanges[0].response else None
            for side in (one.baseline, one.candidate)
        )  # type: ignore[misc]
        for one in rounds
    ]


def test_two_databases_have_the_same_rows_from_the_first_one_on() -> None:
    """Rows of other names stood in the two lists for good, in an order of their own."""
    ours, theirs = Shop([]), Shop([])
    assert _statuses(_pair(ours, theirs), [CREATE] * 4) == [(201, 201)] * 4
    assert ours.rows == theirs.rows
    assert len(ours.rows) == 4


def test_sides_that_share_their_rows_get_codes_of_their_own() -> None:
    rows: list[str] = []
    assert _statuses(_pair(Shop(rows), Shop(rows)), [CREATE] * 4) == [(201, 201)] * 4
    assert len(set(rows)) == 8


def test_a_code_that_anybody_may_use_again_tells_nothing_of_the_data() -> None:
    """Shared rows look like two databases then: a code that must be new would be refused later."""
    rows: list[str] = []
    codes = NewCodes()
    _statuses(_pair(Shop(rows, unique=False), Shop(rows, unique=False), codes), [CREATE] * 3)
    assert codes.same is None
    assert _statuses(_pair(Shop(rows), Shop(rows), codes), [CREATE]) == [(201, 201)]
    assert codes.same is False


def test_a_candidate_that_refuses_what_is_new_tells_nothing_of_the_data() -> None:
    class Refusing(Shop):
        def __call__(self, case: Case, codes: dict[str, tuple[str, str]], meant: Any) -> Transcript:
            super().__call__(case, codes, meant)
            return super().__call__(case, codes, meant)

    codes = NewCodes()
    pair = _pair(Shop([]), Refusing([]), codes)
    assert _statuses(pair, [CREATE]) == [(201, 409)]
    assert codes.same is None


@pytest.mark.parametrize("shared", [True, False])
def test_what_the_target_says_is_not_found_out(shared: bool) -> None:
    ours, theirs = Shop([]), Shop([])
    assert _statuses(_pair(ours, theirs, NewCodes(shared)), [CREATE] * 2) == [(201, 201)] * 2
    assert len(ours.rows) == 2
    assert (ours.rows == theirs.rows) is not shared


def test_workers_tell_each_other_what_they_found_out(tmp_path: Path) -> None:
    told = tmp_path / "codes"
    one, other = NewCodes(told=told), NewCodes(told=told)
    _statuses(_pair(Shop([]), Shop([]), one), [CREATE])
    assert other.same is True
