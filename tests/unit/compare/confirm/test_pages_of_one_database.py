"""Pages of the newest rows of one database, to which each side adds a row before it asks.

What the baseline shows before and afterwards, the candidate has to show in between; and a row with
an id of its own is one row, whatever others are called. On a page of two rows nothing stays: there
each side's page goes on from the other's.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

Row = dict[str, Any]
Fault = Callable[[list[Row], int], list[Row]]  # the page of so many rows
SIZE = 6

FORMS: dict[str, Callable[[list[Row]], dict[str, Any]]] = {
    "list": lambda rows: {"document": rows},
    "csv": lambda rows: {
        "body": "".join(
            ",".join(map(str, row)) + "\n" for row in ([*rows[0]], *(r.values() for r in rows))
        ).encode(),
        "headers": (("Content-Type", "text/csv"),),
    },
    "html": lambda rows: {
        "body": "".join(
            ["<table>", *(f"<tr>{''.join(map(_cell, row.values()))}</tr>" for row in rows)]
        ).encode(),
        "headers": (("Content-Type", "text/html"),),
    },
}

FAULTS: dict[str, Fault] = {
    "newest left out": lambda rows, size: rows[1 : size + 1],
    "second row left out": lambda rows, size: [rows[0], *rows[2 : size + 1]],
    "first two in another order": lambda rows, size: [rows[1], rows[0], *rows[2:size]],
    "last row left out": lambda rows, size: [*rows[: size - 1], rows[size]],
    "another number in the second": lambda rows, size: [
        rows[0], {**rows[1], "size": 9}, *rows[2:size]
    ],
    "name of the newest in the second": lambda rows, size: [
        rows[0], {**rows[1], "name": rows[0]["name"]}, *rows[2:size]
    ],
    "ids changed about": lambda rows, size: [
        {**rows[0], "id": rows[1]["id"]}, {**rows[1], "id": rows[0]["id"]}, *rows[2:size]
    ],
}  # fmt: skip
OF_THREE: dict[str, Fault] = {
    "next two in another order": lambda rows, size: [rows[0], rows[2], rows[1], *rows[3:size]],
}
SMALL = [
    (size, fault, named)
    for size, faults in ((2, FAULTS), (3, FAULTS | OF_THREE))
    for fault, named in product(faults, ["", "always the same"])
    if not (named and "name of" in fault)  # all have one name
]


def _cell(value: Any) -> str:
    return f"<td>{value}</td>"


class Gates:
    """Twenty gates, to which the test adds one with a name of its own, or with always the same.

    `said`: the target says that both sides share their data.
    """

    def __init__(
        self,
        form: str,
        *,
        named: str = "",
        counted: bool = False,
        said: bool = True,
        size: int = SIZE,
    ) -> None:
        self.size = size
        self.form, self.named, self.counted = FORMS[form], named, counted
        self.rulebook = Rulebook(shared_state=True if said else None)
        self.now_s, self.rows, self.gone = NOON_S, list[Row](), 0
        for number in range(1, 21):
            self.add(f"seed {number:02d}", number)

    def add(self, name: str, size: int) -> Row:
        drawn = uuid.uuid4() if self.rows[19:] else uuid.uuid5(uuid.NAMESPACE_DNS, f"uuid4 {name}")
        at = datetime.fromtimestamp(self.now_s + len(self.rows), UTC).isoformat()
        counted = len(self.rows) + 1 + self.gone
        number = counted if self.counted else str(uuid.UUID(int=drawn.int, version=4))
        self.rows.append({"id": number, "name": name, "size": size, "at": at})
        return dict(self.rows[-1])

    def judged(
        self,
        fault: Fault = lambda rows, size: rows[:size],
        *,
        newest_last: bool = False,
        removed: bool = False,
        others: bool = False,
        apart: bool = False,
    ) -> bool:
        """Whether a test that adds a gate and lists the newest finds nothing; `removed`: it removes
        what it added, `others`: somebody else adds one in between, `apart`: each side has a
        database of its own, in which seven gates came and went before on the candidate's.
        """
        own = {Side.BASELINE: self.rows, Side.CANDIDATE: list(self.rows)}

        def asked(side: Side) -> Transcript:
            self.rows = own[side] if apart else self.rows
            self.gone = 7 if apart and side is Side.CANDIDATE else 0
            name = self.named or new_unique("gate")
            shown = [self.exchange(self.add(name, 3), method="POST", status=201)]
            if others:
                self.add(f"somebody {len(self.rows)}", 4)
            rows = self.rows[::-1]
            page = fault(rows, self.size) if side is Side.CANDIDATE else rows[: self.size]
            shown.append(self.exchange(page[::-1] if newest_last else page))
            if removed:
                gone = self.rows.pop()
                shown.append(
                    exchange(
                        body=b"",
                        status=204,
                        method="DELETE",
                        headers=(),
                        target=f"/gates/{gone['id']}",
                        at_s=self.now_s,
                    )
                )
            return transcript(*shown, side=side, generated=[] if self.named else [("gate", name)])

        found = settled(TestState(None, None), Judge(self.rulebook, lambda _: None), asked)
        return not (found.differences or found.inconclusive or found.account.open)

    def judged_later(self, fault: Fault) -> bool:
        """Whether a test that lists the newest finds nothing, after one that added a gate."""
        known = Correspondence()
        for is_later in (False, True):

            def asked(side: Side, is_later: bool = is_later) -> Transcript:
                name = new_unique("gate")
                if not is_later:
                    added = self.exchange(self.add(name, 3), method="POST", status=201)
                    return transcript(added, side=side, generated=[("gate", name)])
                rows = self.rows[::-1]
                page = fault(rows, self.size) if side is Side.CANDIDATE else rows[: self.size]
                return transcript(self.exchange(page), side=side)

            judge = Judge(self.rulebook, lambda _: None, known=known)
            found = settled(TestState(None, None), judge, asked)
            known = found.values
        return not (found.differences or found.inconclusive or found.account.open)

    def exchange(self, shown: Row | list[Row], **request: Any) -> Exchange:
        self.now_s += 0.4
        told = {"document": shown} if isinstance(shown, dict) else self.form(shown)
        return exchange(**told, target="/gates", at_s=self.now_s, **request)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("said", [True, False])
@pytest.mark.parametrize("fault", [*FAULTS, *OF_THREE])
def test_what_stays_on_a_page_of_one_database_is_held(
    form: str, counted: bool, said: bool, fault: str
) -> None:
    assert not Gates(form, counted=counted, said=said).judged((FAULTS | OF_THREE)[fault])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("counted", "said"), [(False, True), (True, False)])
@pytest.mark.parametrize(("size", "fault", "named"), SMALL)
def test_a_page_of_which_nothing_stays_has_to_go_on_from_the_other_side_s(
    form: str, counted: bool, said: bool, size: int, fault: str, named: str
) -> None:
    gates = Gates(form, counted=counted, said=said, size=size, named=named)
    assert not gates.judged((FAULTS | OF_THREE)[fault])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("counted", "said"), [(False, True), (True, False)])
@pytest.mark.parametrize("size", [2, 3, SIZE])
@pytest.mark.parametrize("named", ["", "always the same"])
@pytest.mark.parametrize(
    "meanwhile", [{}, {"removed": True}, {"others": True}, {"newest_last": True}], ids=str
)
def test_a_page_that_went_on_is_equal(
    form: str, counted: bool, said: bool, size: int, named: str, meanwhile: dict[str, Any]
) -> None:
    gates = Gates(form, counted=counted, named=named, said=said, size=size)
    assert gates.judged(**meanwhile)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("member", ["name", "id"])
def test_a_row_is_not_shown_as_another_that_an_earlier_test_made(
    form: str, counted: bool, member: str
) -> None:
    """Of the four that the two rounds of both sides added before."""

    def another(rows: list[Row], _: int) -> list[Row]:
        return [rows[0], {**rows[1], member: rows[0][member]}, *rows[2:SIZE]]

    assert not Gates(form, counted=counted).judged_later(another)
    assert Gates(form, counted=counted).judged_later(lambda rows, size: rows[:size])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize("size", [2, 3, SIZE])
@pytest.mark.parametrize("named", ["", "always the same"])
def test_two_databases_of_which_nobody_said_so_are_equal(
    form: str, counted: bool, size: int, named: str
) -> None:
    gates = Gates(form, counted=counted, named=named, said=False, size=size)
    assert gates.judged(apart=True)


CHILDREN = [
    {"id": str(uuid.UUID(int=number << 64, version=4)), "lot_code": f"SEED-{number}"}
    for number in range(1, 4)
]
IN_ANY_ORDER = learn(
    transcript(exchange({"children": CHILDREN})), transcript(exchange({"children": CHILDREN[::-1]}))
)


@pytest.mark.parametrize("turn", [1, 2])
def test_rows_that_a_database_gives_in_any_order_go_on_by_none(turn: int) -> None:
    """Six rounds show the same three on both sides, turned by one or two on the candidate."""

    def asked(side: Side) -> Transcript:
        by = turn if side is Side.CANDIDATE else 0
        return transcript(exchange({"children": CHILDREN[by:] + CHILDREN[:by]}), side=side)

    case = TestState(IN_ANY_ORDER, None)
    case.rounds += [Round(asked(Side.BASELINE), asked(Side.CANDIDATE)) for _ in range(6)]
    found = Judge(Rulebook(shared_state=True), lambda _: None).live(case)
    assert (found.differences, found.inconclusive, found.account.open) == ((), None, {})
