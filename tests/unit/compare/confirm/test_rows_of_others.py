"""Rows of other workers: each side has them in another order, and no test knows which is which.

What can be told is told: rows are the same but for what a database counts and chance draws. What
cannot is left open, and the test's own rows and the seeded ones are held in any case.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.ids.correspondence import Correspondence
from pytest_cutover.compare.diff.lists.own_rows import SOMEBODY_ELSE
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import NOON_S, exchange, transcript
from tests.unit.compare.confirm.test_changed_lists import FORMS as FORMS_OF_LOTS
from tests.unit.compare.confirm.test_changed_lists import Lots, Row, Rows

Fault = Callable[[Rows], Rows]
OTHERS = tuple((15 * n, "cancelled" if n == 2 else "placed") for n in range(1, 7))
IN_ANOTHER_ORDER = (2, 0, 3, 1, 5, 4)


def page(rows: Rows) -> Any:
    return {"orders": rows[::-1][:5], "pages": 3}


FORMS: dict[str, Callable[[Rows], Any]] = {
    "rows": lambda rows: {"orders": rows, "total": len(rows)},
    "newest first": lambda rows: rows[::-1],
    "sorted": lambda rows: sorted(rows, key=lambda row: str(row["customer"])),
    "csv": lambda rows: (
        "text/csv",
        "number,customer,total,state\n"
        + "".join(f"{r['number']},{r['customer']},{r['total']},{r['state']}\n" for r in rows),
    ),
    "html": lambda rows: (
        "text/html",
        "<table>"
        + "".join(
            f"<tr><td><a href='/orders/{r['id']}'>{r['number']}</a></td><td>{r['customer']}</td>"
            f"<td>{r['total']}</td><td>{r['state']}</td></tr>"
            for r in rows
        )
        + "</table>",
    ),
}


class Orders:
    """Orders on a database for each side; those of others came in another order to each."""

    def __init__(
        self,
        form: Callable[[Rows], Any],
        fault: Fault = lambda rows: rows,
        *,
        order: tuple[int, ...] = IN_ANOTHER_ORDER,
    ) -> None:
        self.form, self.fault, self.now_s = form, fault, NOON_S
        self.chance = random.Random(7)  # keys that may follow a rule by chance are asked again
        self.stores: tuple[Rows, Rows] = ([], [])
        self.codes = [(new_unique("cust"), new_unique("cust")) for _ in OTHERS]
        for side, store in enumerate(self.stores):
            for n in range(3):
                self._insert(store, f"museum {n}", 10, "delivered", random.Random(n))
            for n in order if side else range(6):
                self._insert(store, self.codes[n][side], *OTHERS[n])

    def _insert(
        self,
        store: Rows,
        customer: str,
        total: int,
        state: str,
        chance: random.Random | None = None,
    ) -> Row:
        row = {"id": len(store) + 1, "number": f"SO-{len(store) + 1:06d}"}
        row |= {"key": f"{(chance or self.chance).getrandbits(64):016x}", "customer": customer}
        store.append(row | {"total": total, "state": state})
        return store[-1]

    def run(self, side: Side) -> Transcript:
        """Create an order, and list them."""
        store, made = self.stores[side is Side.CANDIDATE], new_unique("cust")
        self.now_s += 1.3
        row = self._insert(store, made, 99, "placed")
        shown = self.form(self.fault(list(store)) if side is Side.CANDIDATE else store)
        kind, text = shown if isinstance(shown, tuple) else ("application/json", json.dumps(shown))
        created = exchange(
            row, method="POST", target="/orders", sent={"customer": made}, status=201
        )
        listed = exchange(
            body=text.encode(), headers=(("Content-Type", kind),), target="/orders", at_s=self.now_s
        )
        return transcript(created, listed, side=side, generated=[("cust", made)])

    def judged(self, *, others_write: bool = False, writers: tuple[str, ...] = ()) -> Judged:
        """Run the test as often as it takes; `writers` are the workers that told of the others."""
        rulebook = Rulebook(shared_state=False, others_write=others_write)
        known = self.known(writers)
        judge, case = Judge(rulebook, lambda _: None, known=known), TestState(None, None)
        while True:
            case.rounds.append(Round(self.run(Side.BASELINE), self.run(Side.CANDIDATE)))
            judged = judge.live(case)
            if not judge.wants_round(case, judged):
                return judged

    def known(self, writers: tuple[str, ...]) -> Correspondence:
        """Return what the other workers told."""
        found = Correspondence()
        for pair, by in zip(self.codes, writers, strict=False):
            found.generated([pair], by=by)
        return found


def changed(at: int, **members: Any) -> Fault:
    return lambda rows: [row | members if row is rows[at] else row for row in rows]


@pytest.mark.parametrize("form", FORMS)
def test_orders_that_others_wrote_in_another_order_are_the_same(form: str) -> None:
    found = Orders(FORMS[form]).judged()
    assert () == found.differences
    assert {} == found.account.open


FAULTS: dict[str, Fault] = {
    "another total of one of theirs": changed(4, total=21),
    "another state of one of theirs": changed(5, state="shipped"),
    "a number of another form": changed(4, number="S-000005"),
    "one of theirs is missing": lambda rows: rows[:4] + rows[5:],
    "one of theirs is there twice": lambda rows: [*rows[:4], rows[4], *rows[4:]],
    "a number of theirs is there twice": changed(5, number="SO-000005"),
    "a seeded one has another total": changed(1, total=11),
    "its own has another total": changed(-1, total=98),
    "its own is missing": lambda rows: rows[:-1],
    "empty": lambda rows: rows[:0],
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_wrong_in_them_is_found(form: str, fault: str) -> None:
    if fault == "empty" and form == "sorted":
        return
    assert Orders(FORMS[form], FAULTS[fault]).judged().differences


@pytest.mark.parametrize("form", [form for form in FORMS if form != "sorted"])
def test_the_whole_list_in_reverse_is_found(form: str) -> None:
    assert Orders(FORMS[form], lambda rows: rows[::-1]).judged().differences


def test_a_page_that_shows_others_of_theirs_is_left_open_and_says_why() -> None:
    for others_write in (False, True):
        found = Orders(page).judged(others_write=others_write)
        assert () == found.differences
        assert {SOMEBODY_ELSE} == {one.reason for one in found.account.open}


@pytest.mark.parametrize(
    "fault",
    [
        changed(-1, total=98),
        lambda rows: rows[:-1],
        lambda rows: rows[:0],
        changed(-1, customer="foo"),
    ],
    ids=["another total", "missing", "empty", "another name"],
)
def test_on_such_a_page_the_tests_own_row_is_held(fault: Fault) -> None:
    for others_write in (False, True):
        assert Orders(page, fault).judged(others_write=others_write).differences


# Each of two workers writes its own in one order to both sides.
BY_TWO, OF_TWO = ("4711", "4712") * 3, (1, 3, 0, 2, 5, 4)


@pytest.mark.parametrize("form", [*FORMS, "page"])
def test_what_is_known_of_two_other_workers_is_the_same_in_their_order(form: str) -> None:
    service = Orders(FORMS.get(form, page), order=OF_TWO)
    found = service.judged(others_write=True, writers=BY_TWO)
    assert () == found.differences
    assert {} == found.account.open


@pytest.mark.parametrize("fault", [one for one in FAULTS if "number" not in one])
@pytest.mark.parametrize("form", [*FORMS, "page"])
def test_what_is_wrong_in_them_is_found_too(form: str, fault: str) -> None:
    wrong = FAULTS[fault]
    if form == "page":
        # What is wrong in a row that the page does not show is not seen.
        wrong = {
            "a seeded one has another total": lambda rows: rows[:-1],
            "one of theirs is missing": lambda rows: [*rows[:-2], rows[-1]],
            "another total of one of theirs": changed(-3, total=21),
            "another state of one of theirs": changed(-3, state="shipped"),
            "one of theirs is there twice": lambda rows: [*rows[:-2], rows[-2], *rows[-2:]],
        }.get(fault, wrong)
    service = Orders(FORMS.get(form, page), wrong, order=OF_TWO)
    assert service.judged(others_write=True, writers=BY_TWO).differences


class Jobs(Orders):
    """Jobs that two other workers made, two of them in one name; the rest of a row varies."""

    def __init__(self, order: tuple[str, ...], *, wrong: bool = False) -> None:
        self.given: dict[str, list[str]] = {}
        self.orders, self.wrong = (("2a", "1a", "1b", "2b"), order), wrong
        super().__init__(lambda rows: {"jobs": rows[::-1]}, self._wrong, order=())
        for store, whole in zip(self.stores, self.orders, strict=True):
            del store[3:]
            for name in whole:
                customer = self.codes[int(name[0])][store is self.stores[1]]
                row = self._insert(store, customer, 15, "cancelled")
                self.given.setdefault(name, []).append(str(row["id"]))

    def _insert(self, store: Rows, *told: Any) -> Row:
        row = super()._insert(store, *told)
        row["id"] = f"job_{row.pop('key')}"
        row |= {"number": len(store), "ms": self.chance.randrange(100, 999)}
        return row

    def _wrong(self, rows: Rows) -> Rows:
        if not self.wrong:
            return rows
        one, other = rows[3:5]
        return [*rows[:3], one | {"total": 21}, other, *rows[5:]]

    def known(self, writers: tuple[str, ...]) -> Correspondence:
        found = super().known(writers)
        for name, (ours, theirs) in self.given.items():
            found.given_out("id", ours, theirs, by=writers[int(name[0])])
        return found


@pytest.mark.parametrize("order", [("1a", "1b", "2a", "2b"), ("2a", "2b", "1a", "1b")])
@pytest.mark.parametrize("writers", [BY_TWO, ("4711", "") * 3], ids=["others", "one is this one"])
def test_two_jobs_of_one_name_are_told_by_the_ids_that_they_were_given(
    order: tuple[str, ...], writers: tuple[str, ...]
) -> None:
    found = Jobs(order).judged(others_write=True, writers=writers)
    assert () == found.differences
    assert {} == found.account.open
    assert Jobs(order, wrong=True).judged(others_write=True, writers=writers).differences


class Pages:
    """The six pages that were seen most, in the order of their names where they were seen alike."""

    def __init__(self, fault: Fault = lambda rows: rows) -> None:
        self.fault, self.made = fault, [(new_unique("camp"), new_unique("camp")) for _ in range(5)]

    def run(self, side: Side) -> Transcript:
        """List the pages, two seeded ones among them."""
        at = side is Side.CANDIDATE
        rows: Rows = [{"path": path, "views": n} for path, n in (("/", 5010), ("/docs", 3600))]
        names = sorted(pair[at] for pair in self.made)
        rows += [{"path": f"/campaign/{name}", "views": 3} for name in names]
        shown = self.fault(rows)[:5] if at else rows[:5]
        return transcript(exchange({"pages": shown}, target="/pages"), side=side)

    def judged(self) -> Judged:
        """Run the test as often as it takes, after those that made the campaigns."""
        known = Correspondence()
        known.generated(self.made)
        judge = Judge(Rulebook(shared_state=False), lambda _: None, known=known)
        case = TestState(None, None)
        while True:
            case.rounds.append(Round(self.run(Side.BASELINE), self.run(Side.CANDIDATE)))
            judged = judge.live(case)
            if not judge.wants_round(case, judged):
                return judged


def test_a_page_that_is_cut_behind_a_name_by_chance_shows_others_on_each_side() -> None:
    for _ in range(10):
        found = Pages().judged()
        assert () == found.differences
        assert {} == found.account.open


@pytest.mark.parametrize(
    "fault",
    [
        lambda rows: rows[::-1],
        lambda rows: [*rows[:3], rows[3] | {"views": 4}, *rows[4:]],
        lambda rows: [*rows[:4], rows[4] | {"path": "/campaign/"}],
        lambda rows: [rows[0], *rows[2:]],
        lambda rows: [*rows[:2], rows[2] | {"path": "/docs"}, *rows[3:]],
        lambda rows: rows[:4],
    ],
    ids=["reversed", "other views", "no name", "seeded one missing", "foo", "shorter"],
)
def test_what_is_wrong_on_such_a_page_is_found(fault: Fault) -> None:
    for _ in range(3):
        assert Pages(fault).judged().differences


def test_rows_of_theirs_that_one_side_has_not_yet_are_left_open_beside_other_workers() -> None:
    def later(rows: Rows) -> Rows:
        return rows[:4] + rows[5:]

    found = Orders(FORMS["rows"], later).judged(others_write=True)
    assert ("/orders", SOMEBODY_ELSE) in {(one.pointer, one.reason) for one in found.account.open}
    assert all(one.pointer != "/orders" for one in found.differences)


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("ints", [True, False])
def test_a_list_in_reverse_is_found_whatever_its_ids_are(shared: bool, ints: bool) -> None:
    service = Lots("items", shared=shared, ints=ints)
    service.fault = lambda rows: rows[::-1]
    assert service.judged().differences


@pytest.mark.parametrize("shared", [True, False])
def test_a_list_that_is_sorted_no_more_is_found(shared: bool) -> None:
    service, listed = Lots("sorted", shared=shared, ints=True), FORMS_OF_LOTS["sorted"]
    service.form = lambda rows, total: (
        {"items": rows, "n": -total} if total < 0 else listed(rows, total)
    )
    for side in (Side.BASELINE, Side.CANDIDATE) * 6:  # chance sorts three now and then
        service.run(side)
    service.total = lambda rows: -len(rows)
    assert {"order"} <= {str(one.kind) for one in service.judged().differences}


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("between", ["", "\n\n"])
def test_another_space_between_the_lines_of_a_page_is_found(shared: bool, between: str) -> None:
    service, listed = Lots("html lines", shared=shared, ints=True), FORMS_OF_LOTS["html lines"]

    def spaced(rows: Rows, total: int) -> Any:
        kind, text = listed(rows, abs(total))
        return kind, text.replace("</li>\n", f"</li>{between}") if total < 0 else text

    service.form, service.total = spaced, lambda rows: -len(rows)
    assert service.judged().differences


@pytest.mark.parametrize("rounds", [2, 4])
@pytest.mark.parametrize("older", [1, 2, 3, 5])
def test_of_rows_that_are_alike_any_may_leave_a_full_page(rounds: int, older: int) -> None:
    assert [] == log_of_queries(rounds, older, lambda rows: rows)
    assert log_of_queries(rounds, older, lambda rows: rows[:9])
    assert log_of_queries(rounds, older, lambda rows: [*rows[:2], *rows[3:], rows[-1]])


def log_of_queries(rounds: int, older: int, fault: Fault) -> list[str]:
    """What is found of the newest ten of a log on shared data, the same question six times in it;
    so many of them were asked a second before the others.
    """
    log = [{"q": "green", "hits": 31, "at": time_after(0)}] * 3
    log += [{"q": "bridge", "hits": 24, "at": time_after(3 + (n >= older))} for n in range(6)]
    log += [{"q": "harbour", "hits": 8, "at": time_after(4)}] * 2

    def asked(side: Side, after_s: int) -> Transcript:
        code = new_unique("key")
        log.append({"q": f"lost {code}", "hits": 0, "at": time_after(after_s)})
        rows = log[::-1][:10]
        rows = fault(rows) if side is Side.CANDIDATE else rows
        one = exchange({"q": f"lost {code}", "hits": []}, at_s=NOON_S + after_s)
        return transcript(
            one,
            exchange(rows, at_s=NOON_S + after_s),
            side=side,
            generated=[("key", code)],
        )

    heard = [Round(*(asked(side, 5 + n) for side in Side)) for n in range(rounds)]
    judged = Judge(Rulebook(shared_state=True), lambda _: None).live(
        TestState(None, None, rounds=heard)
    )
    return [f"{one.kind} {one.pointer} {one.change}" for one in judged.differences]


def time_after(seconds: int) -> str:
    return datetime.fromtimestamp(NOON_S + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _log(*, late_s: float = 0.0, digits: int = 0, mine: bool = False, **wrong: Any) -> Judged:
    """Ask for the latest queries, on data of each side's own: earlier tests of this run asked the
    candidate `late_s` later.
    """
    case, told = TestState(None, None), Judge(Rulebook(shared_state=False), lambda _one: None)
    own: dict[Side, Rows] = {side: [] for side in Side}

    def asked(side: Side, now_s: float) -> Transcript:
        is_late = side is Side.CANDIDATE
        earlier = [("old harbour", 3, NOON_S - 20), ("river", 12, NOON_S - 40)]
        rows: Rows = [{"q": q, "hits": n, "at": _at(at + late_s * is_late)} for q, n, at in earlier]
        code = new_unique("key")
        if is_late:
            rows[-1] |= wrong
        if mine:
            own[side].insert(0, {"q": code, "hits": 0, "at": _at(now_s)})
        rows, made = [*own[side], *rows][:3], [("key", code)] if mine else []
        return transcript(exchange(rows, at_s=now_s), side=side, generated=made)

    def _at(at_s: float) -> str:
        moment = datetime.fromtimestamp(at_s, UTC).replace(tzinfo=None)
        return moment.isoformat(timespec="milliseconds" if digits else "seconds") + "Z"

    while True:
        now_s = NOON_S + 2 * len(case.rounds)
        case.rounds.append(Round(asked(Side.BASELINE, now_s), asked(Side.CANDIDATE, now_s + 1)))
        judged = told.live(case)
        # Something else in the test may ask for a second round.
        if len(case.rounds) > 1 and not told.wants_round(case, judged):
            return judged


@pytest.mark.parametrize("mine", [False, True], ids=["earlier ones alone", "below the test's own"])
@pytest.mark.parametrize(("late_s", "digits"), [(1, 0), (3, 0), (0.4, 3)])
def test_rows_that_earlier_tests_wrote_a_moment_later_need_no_name(
    late_s: float, digits: int, mine: bool
) -> None:
    alike = _log(late_s=late_s, digits=digits, mine=mine)
    assert (alike.differences, alike.inconclusive, alike.account.open) == ((), None, {})
    assert _log(late_s=late_s, digits=digits, mine=mine, hits=13).differences
    assert _log(late_s=late_s, digits=digits, mine=mine, at="2026-03-02 11:59:21Z").differences
    assert _log(late_s=-3600, digits=digits, mine=mine).differences


def test_who_has_two_orders_is_no_other_for_a_number_that_agrees_by_chance() -> None:
    """Number 4 is the first order of one customer on the baseline, and of another on the candidate.

    Both are alike but for the customer, who has a second one on the baseline alone.
    """
    names = [(new_unique("cust"), new_unique("cust")) for _ in range(8)]

    def listed(side: int) -> Transcript:
        two, *others = (pair[side] for pair in names)
        orders = [(two, "placed"), (two, "cancelled"), *((one, "placed") for one in others)]
        orders = orders if not side else [orders[2], *orders[:2], *orders[3:]]
        rows = [
            {"number": f"SO-{number:06d}", "customer": customer, "state": state}
            for number, (customer, state) in enumerate(orders, 4)
        ]
        return transcript(
            exchange({"orders": rows}, target="/orders", at_s=NOON_S),
            side=Side.CANDIDATE if side else Side.BASELINE,
        )

    judge = Judge(Rulebook(shared_state=False, others_write=True), lambda _: None)
    case = TestState(None, None)
    case.rounds.append(Round(listed(0), listed(1)))
    judged = judge.live(case)
    assert judged.differences == ()
    assert judged.account.open == {}
