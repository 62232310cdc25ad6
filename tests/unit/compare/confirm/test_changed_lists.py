"""Lists that the test changes, in whatever form: alike is alike, and a fault is found.

A small service in memory, on one database and on two; the candidate shows its rows with a fault.
"""

from __future__ import annotations

import base64
import json
import random
import uuid
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import NOON_S, exchange, judged, transcript

Row = dict[str, Any]
Rows = list[Row]


def _table(rows: Rows, total: int) -> str:
    lines = "".join(f"<tr><td>{r['title']}</td><td>{r['price']}</td></tr>" for r in rows)
    return f"<html><body><h1>Lots ({total})</h1><table>{lines}</table></body></html>"


def _elements(rows: Rows, total: int) -> str:
    lots = "".join(
        f"<lot id='{r['id']}'><t>{r['title']}</t><p>{r['price']}</p></lot>" for r in rows
    )
    return f"<lots total='{total}'>{lots}</lots>"


def _lines(rows: Rows, total: int) -> str:
    made = sorted(rows, key=lambda row: str(row["title"]))
    lines = "\n".join(f"<li id='l{r['id']}'>{r['title']} <b>{r['price']}</b></li>" for r in made)
    return f"<html><body><h1>{total} lots</h1><ul>{lines}</ul></body></html>"


def _global_id(row: Row) -> str:
    return base64.b64encode(f"Lot:{row['id']}".encode()).decode()


# An address of the side that answers.
OWN = "http://own.example"


# How the rows are shown, given them and their number: a document, or a type and a text.
FORMS: dict[str, Callable[[Rows, int], Any]] = {
    "items": lambda rows, total: {"items": rows, "total": total},
    "newest first": lambda rows, total: {"data": rows[::-1], "meta": {"total": total}},
    "sorted": lambda rows, total: {"items": sorted(rows, key=lambda r: r["title"]), "n": total},
    "by id": lambda rows, total: {"lots": {str(r["id"]): r for r in rows}, "total": total},
    "by title": lambda rows, total: {"lots": {r["title"]: r for r in rows}, "total": total},
    "by owner": lambda rows, total: [{"owner": "ana", "lots": rows, "n": total}],
    "names": lambda rows, total: {"names": [[r["title"], r["price"]] for r in rows], "n": total},
    "columns": lambda rows, _: {
        "id": [row["id"] for row in rows],
        "title": [row["title"] for row in rows],
        "price": [row["price"] for row in rows],
    },
    "own links": lambda rows, total: {
        "items": [{**row, "_links": {"self": f"{OWN}/lots/{row['id']}"}} for row in rows],
        "total": total,
    },
    "global ids": lambda rows, total: {
        "nodes": [
            {"id": _global_id(row), "title": row["title"], "price": row["price"]} for row in rows
        ],
        "n": total,
    },
    "html": lambda rows, total: ("text/html", _table(rows, total)),
    "html lines": lambda rows, total: ("text/html", _lines(rows, total)),
    "xml": lambda rows, total: ("application/xml", _elements(rows, total)),
    "csv": lambda rows, _: (
        "text/csv",
        "title,price\n" + "".join(f"{r['title']},{r['price']}\n" for r in rows),
    ),
    "ndjson": lambda rows, _: ("application/x-ndjson", "".join(json.dumps(r) + "\n" for r in rows)),
}


def _changed(rows: Rows, at: int, **members: Any) -> Rows:
    return [{**row, **members} if row is rows[at] else row for row in rows]


FAULTS: dict[str, Callable[[Rows], Rows]] = {
    "empty": lambda rows: rows[:0],
    "without the newest": lambda rows: rows[:-1],
    "without the oldest": lambda rows: rows[1:],
    "every row twice": lambda rows: [row for row in rows for _ in range(2)],
    "another title of the newest": lambda rows: _changed(rows, -1, title="foo"),
    "another price of the newest": lambda rows: _changed(rows, -1, price=11),
    "another price of an old one": lambda rows: _changed(rows, 1, price=11),
    "a price as text": lambda rows: _changed(rows, -1, price="ten"),
}


def _at_address(one: Exchange, own: str) -> Exchange:
    assert one.response is not None
    body = one.response.body.replace(OWN.encode(), own.encode())
    request = replace(one.request, base_url=own)
    return replace(one, request=request, response=replace(one.response, body=body))


class Lots:
    """A service that keeps lots for each side, or for both; `foreign` rows come from elsewhere."""

    def __init__(self, form: str, *, shared: bool, ints: bool, foreign: int = 0) -> None:
        self.form, self.shared, self.ints, self.foreign = FORMS[form], shared, ints, foreign
        self.fault: Callable[[Rows], Rows] = lambda rows: rows
        self.total: Callable[[Rows], int] = len
        self.now_s = NOON_S
        stores: list[Rows] = [[], []]
        self.stores = (stores[0], stores[0] if shared else stores[1])
        for store in stores:
            for n in range(3):
                self._insert(store, f"Seed {n}", random.Random(n))
        if not shared:
            self._insert(stores[0], code := new_unique("LOT"), random.Random(9))
            self._insert(stores[1], code.lower() and new_unique("LOT"), random.Random(8))

    def _insert(self, store: Rows, title: str, chance: random.Random) -> Row:
        made = uuid.UUID(int=chance.getrandbits(128), version=4)
        row = {"id": len(store) + 1 if self.ints else str(made), "title": title, "price": 10}
        if not title.startswith("Seed"):
            row["at"] = f"{datetime.fromtimestamp(self.now_s, UTC):%Y-%m-%dT%H:%M:%SZ}"
        store.append(row)
        return row

    def run(self, side: Side) -> Transcript:
        """Create a lot, and list them."""
        store, made = self.stores[side is Side.CANDIDATE], new_unique("LOT")
        self.now_s += 1.3
        row = dict(self._insert(store, made, random.Random(made)))
        rows = deepcopy(store)
        total = len(rows)
        if side is Side.CANDIDATE:
            rows, total = self.fault(rows), self.total(rows)
        for _ in range(self.foreign):
            self._insert(store, new_unique("FRN"), random.Random(self.now_s))
        created = exchange(
            row, method="POST", target="/lots", sent={"title": made}, status=201, at_s=self.now_s
        )
        answers = created, self._listed(self.form(rows, total))
        own = f"http://127.0.0.1:{4001 + (side is Side.CANDIDATE)}"
        here = [_at_address(one, own) for one in answers]
        return transcript(*here, side=side, generated=[("LOT", made)])

    def _listed(self, shown: Any) -> Exchange:
        if not isinstance(shown, tuple):
            return exchange(shown, target="/lots", at_s=self.now_s)
        kind, text = shown
        headers = (("Content-Type", kind),)
        return exchange(body=text.encode(), headers=headers, target="/lots", at_s=self.now_s)

    def judged(self) -> Judged:
        """Run the test as often as it takes."""
        judge = Judge(Rulebook(shared_state=self.shared), lambda _: None)
        case = TestState(None, None)
        while True:
            case.rounds.append(Round(self.run(Side.BASELINE), self.run(Side.CANDIDATE)))
            judged = judge.live(case)
            if not judge.wants_round(case, judged):
                return judged


@pytest.mark.parametrize(
    ("shared", "ints", "foreign"), [(True, True, 0), (True, False, 1), (False, True, 0)]
)
@pytest.mark.parametrize("form", FORMS)
def test_equal_services_are_not_accused(form: str, shared: bool, ints: bool, foreign: int) -> None:
    found = Lots(form, shared=shared, ints=ints, foreign=foreign).judged()
    assert () == found.differences
    assert found.inconclusive is None
    assert {} == found.account.open


@pytest.mark.parametrize(("number", "fault"), list(enumerate(FAULTS)))
@pytest.mark.parametrize("form", FORMS)
def test_a_fault_in_the_list_is_found(form: str, number: int, fault: str) -> None:
    if fault == "every row twice" and form.startswith("by "):
        return  # an object has each key once
    service = Lots(form, shared=number % 2 == 0, ints=number % 3 > 0)
    service.fault = FAULTS[fault]
    assert service.judged().differences


@pytest.mark.parametrize(
    "form", [form for form in FORMS if form not in ("ndjson", "csv", "columns")]
)
def test_a_total_that_does_not_count_the_rows_is_found(form: str) -> None:
    for shared, total in ((True, lambda rows: len(rows) + 1), (False, lambda rows: len(rows) - 1)):
        service = Lots(form, shared=shared, ints=True)
        service.total = total
        assert service.judged().differences


def test_a_page_that_moves_on_is_not_accused_and_one_that_lost_the_newest_row_is() -> None:
    def paged(rows: Rows, total: int) -> Any:
        return {"data": rows[::-1][:6], "total": total}

    for fault, is_found in ((lambda rows: rows, False), (lambda rows: rows[:-1], True)):
        service = Lots("items", shared=True, ints=True)
        service.form, service.fault = paged, fault
        for side in (Side.BASELINE, Side.BASELINE, Side.BASELINE):
            service.run(side)
        assert is_found == bool(service.judged().differences)


@pytest.mark.parametrize("shared", [True, False])
def test_a_total_beside_a_page_that_is_off_in_every_round_is_left_open(shared: bool) -> None:
    for more in (0, 1):
        service = Lots("items", shared=shared, ints=True)
        service.form = lambda rows, total: {"data": rows[::-1][:3], "total": total}
        service.total = lambda rows, more=more: len(rows) + more  # type: ignore[misc]
        found = service.judged()
        assert () == found.differences
        assert ["/total"] * more == [one.pointer for one in found.account.open]


@pytest.mark.parametrize("shared", [True, False])
def test_what_the_test_made_does_not_stand_where_another_row_is(shared: bool) -> None:
    faults: tuple[tuple[Callable[[Rows], Rows], bool], ...] = (
        (lambda rows: rows, False),
        (lambda rows: [*rows, rows[-1]], True),
    )
    for fault, is_found in faults:
        service = Lots("items", shared=shared, ints=True)
        service.form = lambda rows, _: {"newest": rows[-1], "before": rows[-2]}
        service.fault = fault
        found = service.judged()
        assert is_found == ("/before/title" in {one.pointer for one in found.differences})
        assert is_found or not found.differences


def _feed(*rows: Row, at_s: float = NOON_S) -> Transcript:
    return transcript(exchange({"items": list(rows)}, at_s=at_s))


def _told(now: str, seeded_at: str, *, seen: str = "2024-06-30T20:18:00Z") -> list[Row]:
    return [
        {"id": 9, "name": "new", "at": now},
        {"id": 2, "name": "purchase", "at": seeded_at},
        {"id": 1, "name": "signup", "at": seen},
    ]


def _judged_with_a_page_that_moved_on(*rounds: tuple[list[Row], list[Row]]) -> Judged:
    """A golden of a page on which no row stands twice; times are all that a row is known by."""
    first = _feed({"id": 5, "name": "a", "at": "2026-03-01T10:00:00Z"})
    again = _feed({"id": 7, "name": "b", "at": "2026-03-01T11:00:00Z"}, {"id": 6, "name": "c",
                  "at": "2026-03-01T10:30:00Z"})  # fmt: skip
    case = TestState(load(dump(learn(first, again))), None)
    case.rounds += [Round(_feed(*ours), replace(_feed(*theirs), side=Side.CANDIDATE))
                    for ours, theirs in rounds]  # fmt: skip
    return Judge(Rulebook(), lambda _: None).live(case)


NOW, OLD = "2026-03-02T12:00:00Z", "2024-06-30T20:19:00Z"


def test_a_time_in_an_old_row_is_held_though_the_golden_never_saw_one_row_twice() -> None:
    alike, wrong = _told(NOW, OLD), _told(NOW, "2024-06-30T20:10:00Z")
    pairs = [(alike, alike)] * 2
    assert () == _judged_with_a_page_that_moved_on(*pairs).differences
    for size in (1, 2):
        found = _judged_with_a_page_that_moved_on(*[(alike, wrong)] * size).differences
        assert {"/items/1/at"} == {one.pointer for one in found}


def test_a_time_that_the_baseline_itself_moves_in_an_old_row_is_none_of_it() -> None:
    """Such as when a row was seen last: the second round tells."""
    read = ["2026-03-02T11:00:00Z", "2026-03-02T11:10:00Z", "2026-03-02T11:20:00Z",
            "2026-03-02T11:30:00Z"]  # fmt: skip
    one, two, three, four = (_told(NOW, OLD, seen=at) for at in read)
    assert _judged_with_a_page_that_moved_on((one, two)).differences
    found = _judged_with_a_page_that_moved_on((one, two), (three, four))
    assert ((), None) == (found.differences, found.inconclusive)


def test_a_row_of_now_is_of_now_on_both_sides() -> None:
    alike, wrong = _told(NOW, OLD), _told("2020-03-02T12:00:00Z", OLD)
    found = _judged_with_a_page_that_moved_on(*[(alike, wrong)] * 2).differences
    assert {"/items/0/at"} == {one.pointer for one in found}


def test_an_old_row_that_no_id_names_is_held_where_the_baseline_shows_it_again() -> None:
    """Before, what stands at one place may be two things: its form is all that is held."""
    alike, other = (
        [{key: value for key, value in row.items() if key != "id"} for row in rows]
        for rows in (_told(NOW, OLD), _told(NOW, "2024-06-30T20:10:00Z"))
    )
    assert () == _judged_with_a_page_that_moved_on((alike, other)).differences
    found = _judged_with_a_page_that_moved_on(*[(alike, other)] * 2).differences
    assert {"/items/1/at"} == {one.pointer for one in found}


def test_entries_that_earlier_runs_left_in_each_database_are_told_by_what_they_hold() -> None:
    """Their keys are codes of no test of this run, and their ids were drawn."""

    def told(seed: int, price: int = 10) -> Transcript:
        chance = random.Random(seed)
        entries: dict[str, Row] = {"Seed 0": {"id": "4", "title": "Seed 0", "price": 7}}
        for at in range(4):
            code = new_unique("LOT")
            number = str(uuid.UUID(int=chance.getrandbits(128), version=4))
            entries[code] = {"id": number, "title": code, "price": price if at == 2 else 10}
        return transcript(exchange(entries))

    first = told(1)
    assert not judged(first, told(2), shared_state=False).differences
    assert judged(first, told(3, price=11), shared_state=False).differences
