"""Rows that earlier tests and runs left, on data of each side's own."""

from __future__ import annotations

import json
from itertools import islice
from typing import Any

import pytest

from pytest_cutover.compare.diff.ids.drawn_order import Order, order_of
from pytest_cutover.compare.diff.lists.row_shapes import is_like_one_of
from pytest_cutover.compare.diff.transcripts import compare
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Transcript
from pytest_cutover.core.unique import new_unique
from tests.unit.compare.building import Plant, brief, departures, exchange, judged, transcript

CODES = ("bqwzxvbcm32", "dqwzxvbcm53", "fqwzxvbcm73", "hqwzxvbcm95", "kqwzxvbcm45")


def code(label: str, at: int) -> str:
    """A code of `backend.unique`, made by an earlier run: the n-th in the order of names."""
    return label + CODES[at]


def row(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "state": "open", **more}


def found(base: Any, cand: Any) -> list[tuple[str, str]]:
    return departures(base, cand, shared_state=False)


SEEDED = [row("alder"), row("fence")]


def test_each_side_sorts_by_names_of_its_own() -> None:
    ours = [row(code("gate", 1), size=1), row(code("gate", 3), size=2)]
    theirs = [row(code("gate", 2), size=2), row(code("gate", 4), size=1)]
    assert found(ours, theirs) == []
    assert found([*SEEDED, *ours], [*SEEDED, *theirs]) == []


def test_backwards_is_an_order_too_if_it_is_so_on_both() -> None:
    ours = [row(code("gate", 3), size=1), row(code("gate", 1), size=2)]
    theirs = [row(code("gate", 4), size=2), row(code("gate", 2), size=1)]
    assert found(ours, theirs) == []
    assert found(ours, theirs[::-1]) == []


def test_which_of_several_equal_rows_is_which_is_no_order() -> None:
    rule = {"br": ""}
    ours = [{"a": code("gate", 1)}, rule, {"a": code("gate", 3)}, rule, {"h2": "Fences"}]
    theirs = [{"a": code("gate", 0)}, rule, {"a": code("gate", 2)}, rule, {"h2": "Fences"}]
    pairs = [(0, 0), (1, 3), (2, 2), (3, 1), (4, 4)]
    nothing: tuple[dict[str, str], dict[str, str]] = ({}, {})
    assert order_of(ours, theirs, pairs, made=nothing).order is not Order.ANOTHER
    moved = [theirs[4], *theirs[:4]]
    pairs = [(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)]
    assert order_of(ours, moved, pairs, made=nothing).order is Order.ANOTHER


def test_a_part_of_a_page_that_holds_rows_of_other_workers_is_no_row() -> None:
    def page(*rows: Any, title: str = "Gates") -> Exchange:
        return exchange([{"h1": title}, {"class": "table", "div": list(rows)}, {"p": "the end"}])

    def told(ours: Exchange, theirs: Exchange) -> tuple[list[tuple[str, str]], int]:
        one, other = transcript(ours), transcript(theirs)
        found = compare(one, other, golden=learn(one, one), shared_state=False, others_write=True)
        return brief(found.differences), len(found.account.open)

    sizes = (3, 1, 5, 2, 4)
    ours = [row(code("gate", at), size=at + 1) for at in range(5)]
    names = sorted(new_unique("gate") for _ in range(5))
    theirs = [row(names[at], size=sizes[at]) for at in range(5)]
    assert told(page(*ours), page(*theirs)) == ([], 0)
    wrong = [*theirs[:4], {**theirs[4], "state": "shut"}]
    assert told(page(*ours), page(*wrong)) != ([], 0)


def told_of_seconds(moved: list[int], **counted: list[int]) -> Order:
    """What is told of rows sorted by whole seconds, of which the candidate's are moved."""
    seconds = [7, 7, 6, 6, 6, 5, 4, 3]
    ours = [
        {"at": f"2026-03-02 12:00:0{second}", "name": code("gate", at % 5) + str(at % 3)}
        | {key: str(numbers[at]) for key, numbers in counted.items()}
        for at, second in enumerate(seconds)
    ]
    theirs = [{**ours[at], "at": ours[at]["at"].replace("12:00", "12:07")} for at in moved]
    names = {"name": lambda at, side: f"{side}{at}"}
    for at, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        one["token"], other["token"] = names["name"](at, "b"), names["name"](at * 5 % 7, "c")
    pairs = [(at, moved.index(at)) for at in moved]
    return order_of(ours, theirs, pairs, made=({}, {}), is_drawn=lambda _row: True).order


def test_the_order_within_one_second_is_not_told_unless_something_counts() -> None:
    within, beyond = [1, 0, 4, 2, 3, 5, 6, 7], [1, 2, 0, 3, 4, 5, 6, 7]
    assert told_of_seconds(within) is Order.UNTOLD
    assert told_of_seconds(within, n=[9, 8, 7, 6, 5, 4, 3, 2]) is Order.ANOTHER
    assert told_of_seconds(beyond) is Order.ANOTHER


def test_a_list_that_one_side_does_not_sort_is_in_another_order() -> None:
    ours = [row(code("gate", at), size=at) for at in (0, 1, 2, 3)]
    theirs = [row(code("gate", at), size=size) for at, size in ((3, 1), (1, 0), (4, 3), (0, 2))]
    assert found(ours, theirs) == [("order", "")]


def test_sorted_within_groups() -> None:
    def rows(*codes: tuple[str, int, int]) -> list[dict[str, Any]]:
        return [{"author": who, "name": code("g", at), "n": n} for who, at, n in codes]

    ours = rows(("Anna", 1, 5), ("Anna", 3, 6), ("Bela", 0, 7))
    theirs = rows(("Anna", 0, 6), ("Anna", 4, 5), ("Bela", 2, 7))
    assert found(ours, theirs) == []
    theirs = rows(("Anna", 4, 6), ("Anna", 0, 5), ("Bela", 2, 7))
    assert ("order", "") in found(ours, theirs)


@pytest.mark.parametrize(
    ("member", "ours", "theirs"),
    [
        (
            "href",
            "/files/{}-1.0.tar.gz#sha256=" + "a1" * 32,
            "/files/{}-1.0.tar.gz#sha256=" + "b2" * 32,
        ),
        ("id", "7f3c1c2e-8a51-4c0b-9d2e-5b7a1f0c3d42", "0b9e4f10-1f2a-4c3b-8d4e-6a7b8c9d0e1f"),
        ("at", "2026-02-01T10:00:00.123Z", "2026-02-01T10:00:03.456Z"),
        ("at", "2026-02-01t10:00:00z", "2026-02-01t10:00:03z"),
        ("mail", "{}@example.com", "{}@example.com"),
        ("id", 17, 23),
        ("at", 1770000000.25, 1770000003.5),
    ],
)
def test_what_chance_drew_is_each_sides_own(member: str, ours: Any, theirs: Any) -> None:
    def filled(value: Any, name: str) -> Any:
        return value.format(name) if isinstance(value, str) else value

    mine, other = code("gate", 1), code("gate", 2)
    base = [row("fence"), row(mine, **{member: filled(ours, mine)})]
    cand = [row("fence"), row(other, **{member: filled(theirs, other)})]
    assert found(base, cand) == []


@pytest.mark.parametrize(
    ("member", "ours", "theirs"),
    [
        ("href", "/files/{}-1.0.tar.gz#sha256=" + "a1" * 32, "/files/{}-1.0.tar.gz"),
        ("href", "/files/{}-1.0.tar.gz", "/files/{}-1.1.tar.gz"),
        ("id", "7f3c1c2e-8a51-4c0b-9d2e-5b7a1f0c3d42", "0b9e4f101f2a4c3b8d4e6a7b8c9d0e1f"),
        ("at", "2026-02-01T10:00:00.123Z", "2026-02-01T10:00:03.456789Z"),
        ("at", "2026-02-01T10:00:00Z", "2026-72-01T10:00:00Z"),
        ("at", "2026-02-01T10:00:00Z", "2026-02-01t10:00:00Z"),
        ("at", "2026-02-01T10:00:00Z", "2026-02-01T10:00:00z"),
        ("at", 1770000000, 1770000000123),
        ("at", 1770000000.5, 1770000000),
        ("mail", "{}@example.com", "x{}@example.com"),
        ("state", "open", "closed"),
        ("size", 4, 5),
        ("id", 17, "23"),
    ],
)
def test_what_is_beside_it_is_held(member: str, ours: Any, theirs: Any) -> None:
    def filled(value: Any, name: str) -> Any:
        return value.format(name) if isinstance(value, str) else value

    mine, other = code("gate", 1), code("gate", 2)
    base = [row("fence"), row(mine) | {member: filled(ours, mine)}]
    cand = [row("fence"), row(other) | {member: filled(theirs, other)}]
    assert [place for _, place in found(base, cand)] == [f"/1/{member}"]


def test_a_name_that_stands_twice_in_a_row_is_one_name() -> None:
    one, two, three = (code("gate", at) for at in (1, 2, 3))
    base = [row(one, link=f"/gates/{one}")]
    assert found(base, [row(two, link=f"/gates/{two}")]) == []
    assert found(base, [row(two, link=f"/gates/{three}")]) == [("value", "/0/link")]


def test_rows_without_such_a_name_are_held_to_every_value() -> None:
    base = [row("fence", id="7f3c1c2e-8a51-4c0b-9d2e-5b7a1f0c3d42", at="2026-02-01T10:00:00Z")]
    cand = [row("fence", id="7f3c1c2e-8a51-4c0b-9d2e-5b7a1f0c3d42", at="2026-02-01T10:00:09Z")]
    assert found(base, cand) == [("value", "/0/at")]


def test_on_shared_data_the_rows_are_the_same() -> None:
    base = [row(code("gate", 1), size=1), row(code("gate", 3), size=2)]
    cand = [row(code("gate", 2), size=2), row(code("gate", 4), size=1)]
    assert departures(base, cand, shared_state=True) != []


def test_a_flat_list_of_a_page() -> None:
    def page(*names: str) -> dict[str, Any]:
        links = "".join(f'<a href="{name}/">{name}</a><br>\n' for name in names)
        body = f"<html><body><h1>All</h1>\n{links}</body></html>".encode()
        return {"body": body, "headers": (("Content-Type", "text/html"),)}

    def beside(*names: str) -> list[tuple[str, str]]:
        ours = page(code("fence", 1), code("gate", 0), code("gate", 3), "hedge")
        both = [transcript(exchange(**one)) for one in (ours, page(*names))]
        return [
            (str(one.kind), one.pointer) for one in judged(*both, shared_state=False).differences
        ]

    assert beside(code("fence", 4), code("gate", 1), code("gate", 2), "hedge") == []
    assert beside(code("fence", 4), code("gate", 1), code("gate", 2), "ledge") != []
    assert beside(code("fence", 4), code("gate", 1), "hedge") != []


def test_what_varies_in_a_row_that_the_test_wrote_varies_in_those_of_earlier_tests() -> None:
    def rows(own: str, other: str, *numbers: int, state: str = "open") -> list[dict[str, Any]]:
        own_row = {"name": own, "took_ms": numbers[0], "state": "open"}
        return [own_row, {"name": other, "took_ms": numbers[1], "state": state}]

    first, later = (f"task{at}x9y8z7" for at in (1, 2))
    ours = transcript(exchange(rows(first, code("gate", 1), 78, 12)), generated=[("task", first)])
    again = transcript(
        exchange([*rows(later, first, 4, 78), *rows(first, code("gate", 1), 78, 12)[1:]]),
        generated=[("task", later)],
    )

    def beside(number: int, state: str = "open") -> list[tuple[str, str]]:
        shown = rows(later, code("gate", 2), 31, number, state=state)
        theirs = transcript(exchange(shown), generated=[("task", later)])
        found = judged(ours, theirs, again=again, shared_state=False)
        return [(str(one.kind), one.pointer) for one in found.differences]

    assert beside(12) == []
    assert beside(99, state="shut") != []


def made_by_the_test(chance: int, *, titles: tuple[str, ...]) -> list[Exchange]:
    """Rows with ids of 64 bits, written by this very test and listed in the order of writing."""
    plant = Plant(chance)
    rows = [{"id": plant.uuid(), "title": title} for title in titles]
    posts = [
        exchange(row, method="POST", sent={"title": row["title"]}, target="/api/todos", status=201)
        for row in rows
    ]
    return [*posts, exchange({"items": rows}, target="/api/todos")]


def test_rows_of_the_very_test_have_an_order_on_data_of_each_sides_own() -> None:
    ours = made_by_the_test(1, titles=("Pack", "Book a room", "Buy a map"))
    theirs = made_by_the_test(2, titles=("Pack", "Book a room", "Buy a map"))
    again = made_by_the_test(3, titles=("Pack", "Book a room", "Buy a map"))

    def asked(answers: list[Exchange]) -> list[tuple[str, str]]:
        one, other = transcript(*ours), transcript(*answers)
        known = judged(one, other, again=transcript(*again), shared_state=False)
        return brief(known.differences)

    assert [] == asked(theirs)
    assert theirs[-1].response is not None
    rows = json.loads(theirs[-1].response.body)["items"]
    wrong = exchange({"items": rows[::-1]}, target="/api/todos")
    assert [("order", "/items")] == asked([*theirs[:-1], wrong])


def grown(*rows: dict[str, Any]) -> Transcript:
    return transcript(exchange({"items": list(rows)}))


def test_seeded_rows_of_a_list_that_grew_keep_their_order_beside_rows_in_one_of_their_own() -> None:
    seeded = [row("alder", at="2024-06-30T20:19:00Z"), row("fence", at="2024-06-30T20:18:00Z")]
    first = grown(row(code("gate", 0), at="2026-03-02T11:00:00Z"), *seeded)
    again = grown(*(row(code("gate", at), at="2026-03-02T11:30:00Z") for at in (1, 2)), *seeded)
    golden = learn(first, again)

    def asked(*rows: dict[str, Any]) -> list[tuple[str, str]]:
        live = row(code("gate", 3), at="2026-03-02T11:58:00Z")
        other = row(code("gate", 4), at="2026-03-02T11:58:30Z")
        found = compare(
            grown(live, *seeded), grown(other, *rows), golden=golden, shared_state=False
        )
        return brief(found.differences)

    assert [] == asked(*seeded)
    assert [("order", "/items")] == asked(*seeded[::-1])


def audit(first: int, *, codes: int) -> list[dict[str, Any]]:
    """Entries that are alike but for their number, their time and the name of a user."""
    return [
        row(code("reader", (at + codes) % 5), id=first - at, at=f"2026-03-01T11:{59 - at}:00Z")
        for at in range(9)
    ]


@pytest.mark.parametrize(
    "fault",
    [
        lambda rows: rows[1:] + rows[:1],
        lambda rows: [rows[3], *rows[1:3], rows[0], *rows[4:]],
        lambda rows: [*rows[:4], rows[7], *rows[5:]],
        lambda rows: rows[::-1],
    ],
    ids=["turned", "exchanged", "one in the place of another", "reversed"],
)
def test_entries_that_are_alike_keep_the_order_of_their_numbers(fault: Any) -> None:
    ours, theirs = audit(40, codes=0), audit(90, codes=2)
    assert [] == found(ours, theirs)
    assert ("order", "") in found(ours, fault(theirs))


def test_few_entries_may_stand_in_the_order_of_their_numbers_by_chance() -> None:
    ours, theirs = audit(40, codes=0)[:4], audit(90, codes=2)[:4]
    assert [] == found(ours, [theirs[1], theirs[0], *theirs[2:]])


def test_an_entry_in_the_place_of_another_has_the_members_of_the_others() -> None:
    rows = [{"id": 3, "name": "a"}, {"id": 2, "name": "b", "note": None}, {"id": 1, "name": "c"}]
    assert is_like_one_of(rows, {"id": 4, "name": "d"})
    assert is_like_one_of(rows, {"id": 4, "name": None, "note": "new"})
    assert not is_like_one_of(rows, {"id": 4, "name name": "d"})
    assert not is_like_one_of(rows, {"id": 4})
    assert not is_like_one_of(rows, {"id": "4", "name": "d"})
    assert is_like_one_of([{"at": "2026-03-01T11:59:00Z"}], {"at": "2026-03-01T11:59:00.25Z"})
    assert not is_like_one_of([{"at": "2026-03-01T11:59:00Z"}], {"at": "2026-13-01T11:59:00Z"})


def _users(*rows: tuple[str, Any]) -> Transcript:
    shown = [
        {"id": n, "name": name, "created_at": "2024-03-01T10:00:00Z", "last_login": login}
        for n, (name, login) in enumerate(rows, start=1)
    ]
    return transcript(exchange({"users": shown}, target="/users"))


def _of_other_runs(theirs: Any) -> tuple[list[tuple[str, str]], list[str]]:
    """What departs, and what is open, where four workers of an earlier run left the rows."""
    names = [new_unique("reader") for _ in range(10)]
    ours = _users(*((name, None) for name in names[:5]))
    cand = _users(*((name, None) for name in names[5:9]), (names[9], theirs))
    golden = learn(ours, ours)
    found = compare(ours, cand, golden=golden, shared_state=False, others_write=True)
    return brief(found.differences), [one.pointer for one in found.account.open]


def test_a_row_of_another_run_may_be_another_one_where_several_wrote() -> None:
    assert _of_other_runs("2024-03-01T10:00:05Z") == ([], ["/users"])


def test_but_one_of_another_shape_is_none_of_them() -> None:
    names = [new_unique("reader") for _ in range(2)]
    ours = _users((names[0], 1), (names[0], 1))
    cand = _users((names[1], 1), (names[1], "soon"))
    golden = learn(ours, ours)
    found = compare(ours, cand, golden=golden, shared_state=False, others_write=True)
    assert [pointer for _, pointer in brief(found.differences)] == ["/users/1/last_login"]


NOON = "2026-03-02T11:59:{}Z"


def of_a_test(at: int, second: str, **more: Any) -> dict[str, Any]:
    return {"name": code("gate", at), "at": NOON.format(second), **more}


@pytest.mark.parametrize(
    "time", ["2026-03-01T11:59:09Z", "2026-03-02T12:59:09Z", "2726-03-02T11:59:09Z"]
)
def test_a_row_of_just_now_was_written_just_now_on_both_sides(time: str) -> None:
    ours = [of_a_test(0, "07"), of_a_test(2, "09"), row("alder")]
    theirs = [of_a_test(1, "12"), of_a_test(3, "14"), row("alder")]
    assert found(ours, theirs) == []
    assert found(ours, [theirs[0], {**theirs[1], "at": time}, theirs[2]]) != []


def test_a_row_has_what_some_rows_have_not_on_both_sides() -> None:
    def listed(*edited: str | None) -> Transcript:
        items = [{"id": n, "name": f"lot-{n}", "edited_at": at} for n, at in enumerate(edited, 1)]
        return transcript(exchange({"items": items}))

    time, later = "2026-03-02T11:59:07Z", "2026-03-02T11:59:09Z"
    golden = learn(listed(None, time, None), listed(None, later, None, None))

    def beside(*edited: str | None) -> list[tuple[str, str]]:
        base = listed(None, time, None)
        return brief(compare(base, listed(*edited), golden=golden).differences)

    assert beside(None, later, None) == []
    assert beside(None, None, None) == [("type", "/items/1/edited_at")]
    assert beside(later, later, None) == [("type", "/items/0/edited_at")]


def test_the_newest_row_of_a_test_is_where_the_baseline_has_it() -> None:
    # The own names are between the others: by the last of all names the row would stand last.
    names = [code("gate", at) for at in range(4)]
    others = [{"id": 14 - at, "name": name, "n": at} for at, name in enumerate(names)]

    def listed(made: str, *, last: bool = False) -> Transcript:
        own = {"id": 15, "name": made, "n": 0}
        items = [*others, own] if last else [own, *others]
        return transcript(exchange({"items": items}), generated=[("gate", made)])

    drawn = iter(lambda: new_unique("gate"), "")
    one, again, other = islice((name for name in drawn if names[0] < name < names[-1]), 3)
    golden = learn(listed(one), listed(again))

    def is_told(cand: Transcript) -> bool:
        said = compare(listed(one), cand, golden=golden, shared_state=False)
        return bool(said.differences or said.account.open)

    assert not is_told(listed(other))
    assert is_told(listed(other, last=True))


def test_an_id_that_was_given_as_a_number_is_none_as_a_text() -> None:
    def asked(given: Any, listed: Any) -> Transcript:
        made = exchange({"id": given, "n": 1}, status=201, method="POST", sent={"n": 1})
        return transcript(made, exchange([{"id": listed, "n": 1}]))

    def beside(listed: Any) -> list[tuple[str, str]]:
        golden = learn(asked(5, 5), asked(6, 6))
        pair = asked(5, 5), asked(75, listed)
        return brief(compare(*pair, golden=golden, shared_state=False).differences)

    assert beside(75) == []
    assert beside("75") == [("type", "/0/id")]
