"""What is held of ids where nobody said whether both sides share their data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.sharing import NOT_KNOWN, Sharing, seen
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.transcripts import Comparison, RoundContext
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import (
    JSON_HEADERS,
    NOON_S,
    brief,
    exchange,
    settled,
    transcript,
)

OURS, THEIRS = "ITEMFPSRXNXBK93", "ITEMCTHJKW2QZ7D"
EARLIER = "ITEMDQPWQPZWP48"  # of an earlier run
NAMES = ("chair", "table", "lamp")
Row = dict[str, Any]


def seeded(first: int) -> list[Row]:
    return [{"id": first + place, "name": name} for place, name in enumerate(NAMES)]


def said(side: Side, rows: list[Row], made: Row | None = None) -> Transcript:
    """A test that makes a row, if any, and reads the list."""
    asked = exchange(rows)
    if made is None:
        return transcript(asked, side=side)
    post = exchange(made, status=201, method="POST", sent={"name": made["name"]})
    return transcript(post, asked, side=side, generated=[("ITEM", made["name"])])


def judged(ours: Transcript, theirs: Transcript, *, shared: bool | None = None) -> Comparison:
    return Rulebook(shared_state=shared).under(learn(ours, ours))(
        ours, theirs, RoundContext(later=ours)
    )


def of_two_databases() -> tuple[Transcript, Transcript]:
    ours, theirs = {"id": 4, "name": OURS}, {"id": 704, "name": THEIRS}
    return (
        said(Side.BASELINE, [*seeded(1), ours], ours),
        said(Side.CANDIDATE, [*seeded(701), theirs], theirs),
    )


def test_a_list_without_the_baselines_row_shows_that_each_side_has_its_own() -> None:
    found = judged(*of_two_databases())
    assert (found.differences, found.account.open) == ((), {})


def test_where_it_is_seen_or_said_that_they_share_ids_are_held() -> None:
    ours, theirs = {"id": 4, "name": OURS}, {"id": 5, "name": THEIRS}
    rows = [*seeded(1), ours]
    shifted = [{**row, "id": row["id"] + 700} for row in [*rows, theirs]]
    baseline = said(Side.BASELINE, rows, ours)
    candidate = said(Side.CANDIDATE, shifted, theirs)
    assert ("value", "/0/id") in brief(judged(baseline, candidate).differences)
    assert judged(*of_two_databases(), shared=True).differences


def test_ids_of_a_test_that_only_reads_decide_nothing() -> None:
    found = judged(said(Side.BASELINE, seeded(1)), said(Side.CANDIDATE, seeded(701)))
    assert found.differences == ()
    assert [(one.pointer, one.reason) for one in found.account.open] == [("/*/id", NOT_KNOWN)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([{**row, "name": "foo"} for row in seeded(701)], id="other-names"),
        pytest.param(seeded(2), id="one-further"),
        pytest.param(seeded(701)[:2], id="one-lost"),
        pytest.param([{**row, "id": str(row["id"])} for row in seeded(1)], id="as-text"),
        pytest.param([*seeded(1)[:2], {"id": 9, "name": "lamp"}], id="one-of-three"),
    ],
)
def test_what_no_other_database_explains_is_a_difference(rows: list[Row]) -> None:
    found = judged(said(Side.BASELINE, seeded(1)), said(Side.CANDIDATE, rows))
    assert found.differences


def test_another_foreign_key_in_the_same_row_is_a_difference() -> None:
    ours, theirs = ({"id": 12, "customer_id": number} for number in (3, 4))
    found = judged(transcript(exchange(ours)), transcript(exchange(theirs), side=Side.CANDIDATE))
    assert brief(found.differences) == [("value", "/customer_id")]


def test_a_page_of_the_newest_alone_shows_nothing_of_the_data() -> None:
    ours, theirs = {"id": 4, "name": OURS}, {"id": 9, "name": THEIRS}
    found = judged(
        said(Side.BASELINE, [ours], ours), said(Side.CANDIDATE, [theirs], theirs), shared=None
    )
    assert found.differences == ()


def test_a_target_that_says_otherwise_than_what_is_seen_decides_nothing() -> None:
    ours, theirs = {"id": 4, "name": OURS}, {"id": 5, "name": THEIRS}
    rows = [*seeded(1), ours]
    found = judged(
        said(Side.BASELINE, rows, ours), said(Side.CANDIDATE, [*rows, theirs], theirs), shared=False
    )
    assert "shared_state = false" in (found.inconclusive or "")
    assert judged(*of_two_databases(), shared=False).inconclusive is None


def test_a_steady_difference_of_ids_is_found_again_by_the_next_comparison() -> None:
    ours, theirs = said(Side.BASELINE, seeded(1)), said(Side.CANDIDATE, seeded(701))
    compare = Rulebook(shared_state=True).under(learn(ours, ours))
    first = compare(ours, theirs)
    assert brief(compare(ours, theirs, RoundContext(known=first.values)).differences) == brief(
        first.differences
    )


def linked(first: int, host: str, *, ids: bool = True) -> list[Row]:
    return [
        {"url": f"http://{host}/items/{row['id']}/", **(row if ids else {"name": row["name"]})}
        for row in seeded(first)
    ]


@pytest.mark.parametrize("ids", [False, True])
def test_links_to_oneself_are_told_like_ids(ids: bool) -> None:
    def made(number: int, name: str) -> Row:
        row = {"url": f"http://h/items/{number}/", "name": name}
        return row | {"id": number} if ids else row

    ours, theirs = made(4, OURS), made(704, THEIRS)
    baseline = said(Side.BASELINE, [*linked(1, "h", ids=ids), ours], ours)
    alike = said(Side.CANDIDATE, [*linked(701, "h", ids=ids), theirs], theirs)
    found = judged(baseline, alike)
    assert (found.differences, found.account.open) == ((), {})
    mixed = [*linked(701, "h", ids=ids), {**theirs, "url": "http://h/items/701/"}]
    assert judged(baseline, said(Side.CANDIDATE, mixed, theirs)).differences


def test_links_of_a_test_that_only_reads_decide_nothing_unless_some_are_of_both() -> None:
    ours = said(Side.BASELINE, linked(1, "h", ids=False))
    found = judged(ours, said(Side.CANDIDATE, linked(701, "h", ids=False)))
    assert found.differences == ()
    assert [(one.pointer, one.reason) for one in found.account.open] == [("/*/url", NOT_KNOWN)]
    assert judged(ours, said(Side.CANDIDATE, linked(2, "h", ids=False))).differences


def test_a_code_that_both_were_given_alike_says_nothing_of_the_data() -> None:
    """Generated requests name rows alike on two databases: that was taken for one database."""
    ours, theirs = ({"id": number, "name": OURS} for number in (4, 704))
    baseline = said(Side.BASELINE, [*seeded(1), ours], ours)
    candidate = said(Side.CANDIDATE, [*seeded(701), theirs], theirs)
    assert seen(baseline, candidate) is Sharing.UNKNOWN
    found = judged(baseline, candidate, shared=False)
    assert (found.differences, found.inconclusive) == ((), None)


@pytest.mark.parametrize(("shown", "found"), [("AB12" * 16, 1), ("cd34" * 16, 0)])
def test_a_checksum_in_capitals_is_no_value_of_another_database(shown: str, found: int) -> None:
    ours = transcript(exchange([{"id": 4, "sha256": "ab12" * 16}]))
    theirs = transcript(exchange([{"id": 4, "sha256": shown}]), side=Side.CANDIDATE)
    assert len(judged(ours, theirs, shared=False).differences) == found


@pytest.mark.parametrize("told", ["by its name", "as a place", "and asked for"])
@pytest.mark.parametrize("moves", [True, False])
def test_one_id_that_both_give_out_anew_shows_that_each_side_has_its_own(
    moves: bool, told: str
) -> None:
    def said_at(side: Side, number: int, left: str) -> Transcript:
        made = {"id": number, "name": "chair"}
        answers: dict[str, dict[str, Any]] = {
            "by its name": {"document": made},
            "as a place": {"headers": (*JSON_HEADERS, ("Location", f"/chairs/{number}"))},
            "and asked for": {"document": {"result": number}},
        }
        post = exchange(**answers[told], status=201, method="POST", sent={"name": "chair"})
        asked = [exchange({}, target=f"/chairs/{number}")] if told == "and asked for" else []
        return transcript(post, *asked, exchange([{"id": 1, "name": left}, made]), side=side)

    ours, theirs = said_at(Side.BASELINE, 4, OURS), said_at(Side.CANDIDATE, 4, EARLIER)
    later = said_at(Side.BASELINE, 5 if moves else 4, OURS)
    compare = Rulebook(shared_state=None).under(learn(ours, later))
    found = compare(ours, theirs, RoundContext(later=later))
    assert brief(found.differences) == ([] if moves else [("value", "/0/name")])


Fault = Callable[[list[Row]], Any]
PRODUCTS: dict[str, tuple[Fault, bool]] = {
    "alike": (lambda rows: {"products": rows, "meta": {"total": len(rows)}}, False),
    "one category": (
        lambda rows: {
            "products": [
                {**row, "category_id": row["category_id"] + (at == 2)}
                for at, row in enumerate(rows)
            ],
            "meta": {"total": len(rows)},
        },
        True,
    ),
    "sku": (
        lambda rows: {
            "products": [{**row, "sku": row["sku"].replace("B", "A")} for row in rows],
            "meta": {"total": len(rows)},
        },
        True,
    ),
    "total": (lambda rows: {"products": rows, "meta": {"total": len(rows) - 1}}, True),
}


@pytest.mark.parametrize("case", PRODUCTS)
def test_a_wrapped_list_with_a_row_of_the_test_on_two_databases_that_nobody_named(
    case: str,
) -> None:
    """What a framework's generator writes: the model's name around each row and list."""
    fault, is_found = PRODUCTS[case]
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=None), lambda _: None)
    sides: dict[Side, list[Row]] = {}
    for side, first in ((Side.BASELINE, 10), (Side.CANDIDATE, 5010)):
        sides[side] = [
            {"id": first + at, "sku": sku, "category_id": first + 90}
            for at, sku in enumerate(("A", "B", "C", "D"))
        ]

    def asked(side: Side) -> Transcript:
        rows, sku = sides[side], new_unique("SKU")
        rows.append({**rows[0], "id": rows[0]["id"] + len(rows), "sku": sku})
        sent = {"product": {"sku": sku}}
        made = exchange({"product": rows[-1]}, status=201, method="POST", sent=sent)
        show = fault if side is Side.CANDIDATE else PRODUCTS["alike"][0]
        return transcript(made, exchange(show(rows)), side=side, generated=[("SKU", sku)])

    found = settled(state, judge, asked)
    assert bool(found.differences) is is_found
    assert is_found or not (found.account.open or found.inconclusive)


@pytest.mark.parametrize("fault", ["", "newest missing", "renamed"])
def test_a_list_that_is_asked_for_by_post_on_two_databases_that_nobody_named(fault: str) -> None:
    """A query of GraphQL, or a search with a body: a write by its method alone."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=None), lambda _: None)
    sides: dict[Side, list[Row]] = {Side.BASELINE: [], Side.CANDIDATE: []}

    def asked(side: Side) -> Transcript:
        rows, name = sides[side], new_unique("N")
        rows.append({"id": str(uuid4()), "name": name})
        sent = {"query": "mutation { add }", "variables": {"name": name}}
        made = exchange({"data": {"add": rows[-1]}}, method="POST", sent=sent)
        shown = rows
        if side is Side.CANDIDATE:
            shown = rows[:-1] if fault == "newest missing" else rows
            shown = [{**row, "name": "foo"} for row in rows] if fault == "renamed" else shown
        edges = {"data": {"items": {"edges": [{"node": row} for row in shown]}}}
        read = exchange(edges, method="POST", sent={"query": "{ items { edges } }"})
        return transcript(made, read, side=side, generated=[("N", name)])

    found = settled(state, judge, asked)
    assert bool(found.differences) is bool(fault)
    assert fault or not (found.account.open or found.inconclusive)


def test_rows_in_reverse_under_other_ids_are_a_difference_though_nobody_said_that_they_share() -> (
    None
):
    def said_with(letter: str, *, reverse: bool = False) -> list[Row]:
        titles = enumerate(("one", "two", "three", "four", "five"))
        rows = [{"_id": f"{letter}{at:023d}", "title": title} for at, title in titles]
        return rows[::-1] if reverse else rows

    ours = said(Side.BASELINE, said_with("a"))
    assert judged(ours, said(Side.CANDIDATE, said_with("b", reverse=True))).differences
    assert not judged(ours, said(Side.CANDIDATE, said_with("b"))).differences


def test_a_value_that_is_no_id_is_asked_of_a_fresh_process_and_not_left_open() -> None:
    """A start time and the validator over it differ between two processes on one database."""

    def status(side: Side, began: str, etag: str) -> Transcript:
        headers = [("Content-Type", "application/json"), ("ETag", f'"{etag}"')]
        return transcript(exchange({"started": began, "kid": etag}, headers=headers), side=side)

    ours = status(Side.BASELINE, "2026-03-01T09:10:11.123456Z", "4fd0a1b2c3d4e5f60718")
    theirs = status(Side.CANDIDATE, "2026-03-01T09:10:12.654321Z", "90ab12cd34ef56a7b8c9")
    found = judged(ours, theirs)
    assert len(found.differences) == 3
    assert found.account.open == {}


Thread = Callable[[list[Row]], list[Row]]
THREADS: dict[str, tuple[Thread, bool]] = {
    "alike": (lambda rows: rows, False),
    "in reverse": (lambda rows: rows[::-1], True),
    "last row lost": (lambda rows: rows[:-1], True),
    "an old row lost": (lambda rows: rows[1:], True),
    "a row twice": (lambda rows: [*rows, rows[-1]], True),
    "new id of another row": (lambda rows: [*rows[:-1], {**rows[-1], "id": rows[0]["id"]}], True),
    "other text": (lambda rows: [*rows[:2], {**rows[2], "text": "other"}, *rows[3:]], True),
}


@pytest.mark.parametrize("stated", [False, None])
@pytest.mark.parametrize("case", THREADS)
def test_equal_comments_on_two_databases_whose_ids_are_equal_in_part(
    case: str, stated: bool | None
) -> None:
    """No code tells whose a row is: it is seen that the baseline never shows the candidate's."""
    fault, is_found = THREADS[case]
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=stated), lambda _: None)
    sides: dict[Side, list[Row]] = {}
    now_s = NOON_S
    for side, gap, late_s in ((Side.BASELINE, 2, 0.0123), (Side.CANDIDATE, 0, 0.0)):
        sides[side] = [
            {"id": at + 5 + gap * (at > 5), "created": NOON_S - 9e5 + at * 77.123 + late_s}
            | {"text": "again", "author": "Anna"}
            for at in range(12)
        ]

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        now_s += 0.7131
        rows = sides[side]
        rows.append({**rows[0], "id": rows[-1]["id"] + 1, "created": now_s})
        sent = {"text": "again", "author": "Anna"}
        made = exchange(rows[-1], status=201, method="POST", sent=sent, at_s=now_s)
        shown = fault(rows) if side is Side.CANDIDATE else rows
        return transcript(made, exchange({"replies": list(shown)}, at_s=now_s), side=side)

    found = settled(state, judge, asked)
    assert bool(found.differences) is is_found
    assert is_found or not (found.account.open or found.inconclusive)


@pytest.mark.parametrize("hidden", [False, True])
def test_rows_of_shared_data_without_a_code_are_one_and_the_same(hidden: bool) -> None:
    """A candidate that hides what the baseline wrote has no database of its own by that."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=None), lambda _: None)
    rows = [{"id": at, "created": NOON_S - 9e5 + at * 77.123, "of": "either"} for at in range(5)]
    now_s = NOON_S

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        now_s += 0.7131
        rows.append({"id": len(rows), "created": now_s, "of": side.value})
        hides = hidden and side is Side.CANDIDATE
        shown = [row for row in rows if not (hides and row["of"] == "baseline")]
        shown = [{**row, "of": "either"} for row in shown]
        made = exchange({**rows[-1], "of": "either"}, status=201, method="POST", at_s=now_s)
        return transcript(made, exchange(shown, at_s=now_s), side=side)

    found = settled(state, judge, asked)
    assert bool(found.differences) is hidden
    assert hidden or not (found.account.open or found.inconclusive)


FORMS = {
    "text/csv": ("{},{}\n", "id,name\n%s"),
    "text/html": ('<li><a href="/items/{}">{}</a></li>', "<ul>%s</ul>"),
    "application/rss+xml": (
        "<item><link>/items/{}</link><title>{}</title></item>",
        "<rss><channel><title>Items</title>%s</channel></rss>",
    ),
}


@pytest.mark.parametrize("kind", ["text/csv", "text/html", "application/rss+xml"])
@pytest.mark.parametrize("coded", [True, False])
@pytest.mark.parametrize("fault", [False, True])
def test_tables_on_two_databases_that_nobody_named(kind: str, coded: bool, fault: bool) -> None:
    """No list of JSON shows what is older: the baseline never shows the candidate's row."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=None), lambda _: None)
    sides = {
        side: [(first + at, name) for at, name in enumerate(NAMES)]
        for side, first in ((Side.BASELINE, 41), (Side.CANDIDATE, 1))
    }

    def asked(side: Side) -> Transcript:
        rows, code = sides[side], new_unique("ITEM") if coded else "plain"
        rows.append((rows[-1][0] + 1, code))
        shown = rows if side is Side.BASELINE or not fault else [*rows[1:], rows[-1]]
        row, page = FORMS[kind]
        page %= "".join(row.format(*one) for one in shown)
        made = exchange({"id": rows[-1][0]}, status=201, method="POST", sent={"name": code})
        read = exchange(body=page.encode(), headers=[("Content-Type", kind)])
        codes = [("ITEM", code)] if coded else []
        return transcript(made, read, side=side, generated=codes)

    found = settled(state, judge, asked)
    assert bool(found.differences) is fault


@pytest.mark.parametrize("kind", ["text/csv", "text/html", "application/rss+xml"])
@pytest.mark.parametrize("fault", [False, True])
def test_a_table_on_two_databases_of_which_the_test_removes_a_row_first(
    kind: str, fault: bool
) -> None:
    """What was removed before the list was read hides nothing of the other side's rows."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=None), lambda _: None)
    sides = {
        side: [(first + at, name) for at, name in enumerate(NAMES)]
        for side, first in ((Side.BASELINE, 1), (Side.CANDIDATE, 41))
    }
    given = {side: rows[-1][0] for side, rows in sides.items()}

    def asked(side: Side) -> Transcript:
        rows, codes = sides[side], [new_unique("ITEM"), new_unique("ITEM")]
        writes = []
        for code in codes:
            given[side] += 1
            rows.append((given[side], code))
            made = {"id": given[side]}
            writes.append(exchange(made, status=201, method="POST", sent={"name": code}))
        gone = rows[-2]
        target = f"/api/lots/{gone[0]}"
        writes.append(exchange(body=b"", status=204, method="DELETE", target=target))
        if not (fault and side is Side.CANDIDATE):
            rows.remove(gone)
        row, page = FORMS[kind]
        page %= "".join(row.format(*one) for one in rows)
        read = exchange(body=page.encode(), headers=[("Content-Type", kind)])
        return transcript(*writes, read, side=side, generated=[("ITEM", code) for code in codes])

    found = settled(state, judge, asked)
    assert bool(found.differences) is fault


@pytest.mark.parametrize("fault", ["", "renamed", "of another row", "one row more"])
@pytest.mark.parametrize("kind", ["text/csv", "application/rss+xml"])
@pytest.mark.parametrize("newest", [0, -1], ids=["newest last", "newest first"])
def test_a_table_on_shared_data_is_held_though_no_row_has_a_code(
    kind: str, newest: int, fault: str
) -> None:
    """A candidate that shows rows in its own way has no data of its own."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=None), lambda _: None)
    rows = [(41 + at, name) for at, name in enumerate(NAMES)]

    def asked(side: Side) -> Transcript:
        is_faulty = side is Side.CANDIDATE
        made = exchange({"id": rows[-1][0] + 1}, status=201, method="POST", sent={"name": "plain"})
        rows.append((rows[-1][0] + 1, "plain"))
        shown = list(rows)
        if is_faulty and fault == "renamed":
            shown = [(number, name.title()) for number, name in shown]
        if is_faulty and fault == "of another row":
            shown = [(number - 1, name) for number, name in shown]
        if is_faulty and fault == "one row more":
            shown.insert(1, (7, "stool"))
        row, page = FORMS[kind]
        page %= "".join(row.format(*one) for one in (shown[::-1] if newest else shown))
        read = exchange(body=page.encode(), headers=[("Content-Type", kind)])
        return transcript(made, read, side=side)

    found = settled(state, judge, asked)
    assert bool(found.differences) is bool(fault)


@pytest.mark.parametrize("fault", ["", "kept otherwise", "newest missing"])
def test_a_row_of_shared_data_without_a_code_is_held_to_the_one_that_the_baseline_wrote(
    fault: str,
) -> None:
    """Nothing but the id of the answer says which row this test made on each side."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=True), lambda _: None)
    rows: list[Row] = [{"id": at, "size": at * 7, "name": "seed"} for at in range(3, 6)]

    def asked(side: Side) -> Transcript:
        made = {"id": rows[-1]["id"] + 1, "size": 70, "name": "plain"}
        is_faulty = side is Side.CANDIDATE
        rows.append({**made, "size": 7} if is_faulty and fault == "kept otherwise" else made)
        shown = rows[:-1] if is_faulty and fault == "newest missing" else list(rows)
        post = exchange(made, status=201, method="POST", sent={"name": "plain", "size": 70})
        return transcript(post, exchange(shown), side=side)

    found = settled(state, judge, asked)
    assert bool(found.differences) is bool(fault)


@pytest.mark.parametrize("form", ["list", "by name", "one page"])
@pytest.mark.parametrize("fault", ["", "one database", "another price", "named otherwise"])
def test_a_test_that_reads_rows_of_earlier_runs_with_codes_of_one_side_each(
    form: str, fault: str
) -> None:
    """Each side shows what was made for it alone; on shared data rows of both would stand there.

    Which row has another price is left open: no row of the one is known for one of the other.
    """
    is_one = fault == "one database"
    both = {
        side: [
            {"id": at, "name": new_unique("lot", side=(*Side, *Side)[at % 2] if is_one else side)}
            for at in range(4)
        ]
        for side in Side
    }
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=None), lambda _: None)

    def asked(side: Side) -> Transcript:
        rows: list[Row] = [{**row, "price": (at * 3) % 4} for at, row in enumerate(both[side])]
        if side is Side.CANDIDATE and fault == "another price":
            rows[1]["price"] += 1
        if side is Side.CANDIDATE and fault == "named otherwise":
            rows[1]["label"] = rows[1].pop("name")
        document: Any = rows if form == "list" else {"rows": rows[:0:-1], "total": 4}
        if form == "by name":
            document = {row.get("name", row.get("label")): row for row in rows}
        return transcript(exchange(document), side=side)

    found = settled(state, judge, asked)
    assert bool(found.differences or found.account.open) is bool(fault)
