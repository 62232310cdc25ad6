"""What a write of one side alone leaves in what both answer, and what is a fault of its own."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Round
from pytest_cutover.core.exchange import Exchange, Request, Response, Side, Transcript
from pytest_cutover.fuzz.run.one_sided import OneSided, written

PAIRS = {"b3": ("c3",), "b4": ("c4",)}
SEEDS = [{"id": f"seed-{n}", "name": f"Seed {n}"} for n in range(5)]


def _partners(key: str, _kinds: Sequence[str]) -> Collection[str]:
    return PAIRS.get(key, ())


def _exchange(
    endpoint: str, target: str, status: int, body: Any, *, sent: Any = None, **headers: str
) -> Exchange:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = Request(endpoint.partition(" ")[0], target, (), json.dumps(sent).encode())
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Exchange(request, Response(status, named, data), endpoint)


def _round(ours: Exchange, theirs: Exchange) -> Round:
    return Round(
        Transcript("fuzz", Side.BASELINE, (ours,)), Transcript("fuzz", Side.CANDIDATE, (theirs,))
    )


def _made_by_the_candidate(key: str = "cccc-1", path: str = "/items") -> OneSided:
    """What is known once the candidate alone took a new item."""
    refused = _exchange(f"POST {path}", path, 422, {"error": "no"}, sent={"name": "New"})
    taken = _exchange(f"POST {path}", path, 201, {"id": key, "name": "New"}, sent={"name": "New"})
    known = OneSided()
    for write in written(_round(refused, taken)):
        known.learn(write)
    return known


def _read(rows: Any, theirs: Any, path: str = "/items", **headers: str) -> Round:
    endpoint = f"GET {path}"
    return _round(
        _exchange(endpoint, path, 200, rows, **headers),
        _exchange(endpoint, path, 200, theirs, **headers),
    )


def _asks(known: OneSided, exchange: Exchange) -> bool:
    return known.asks_for(exchange, exchange)


def _bodies(one: Round) -> list[Any]:
    responses = [side.exchanges[0].response for side in (one.baseline, one.candidate)]
    return [json.loads(response.body) for response in responses if response is not None]


def test_a_row_that_one_side_alone_made_is_taken_out_with_what_counts_it() -> None:
    known = _made_by_the_candidate()
    more = {"items": [*SEEDS, {"id": "cccc-1"}], "total": 6, "next": None}
    ours, theirs = _bodies(
        known.without(_read({"items": SEEDS, "total": 5, "next": None}, more), _partners)
    )
    assert ours == theirs == {"items": SEEDS, "total": 5, "next": None}


def test_nothing_is_taken_out_where_both_took_every_write() -> None:
    known = OneSided()
    one = _exchange("POST /items", "/items", 201, {"id": "cccc-1"})
    assert [*written(_round(one, one))] == []
    read = _read(SEEDS, SEEDS[1:])
    assert known.without(read, _partners) is read


@pytest.mark.parametrize(
    "theirs",
    [
        [*SEEDS[:2], *SEEDS[3:], {"id": "cccc-1"}],  # one in the middle is lost
        [*SEEDS, SEEDS[1], {"id": "cccc-1"}],  # one stands there twice
        [{"id": "cccc-1"}, *SEEDS[::-1]],  # they are turned
    ],
)
def test_what_a_list_does_to_other_rows_stays(theirs: list[Any]) -> None:
    known = _made_by_the_candidate()
    one, other = _bodies(known.without(_read(SEEDS, theirs), _partners))
    assert one == SEEDS
    assert other == [row for row in theirs if row["id"] != "cccc-1"]


def test_a_count_that_is_further_off_than_what_one_side_has_alone_stays() -> None:
    known = _made_by_the_candidate()
    short = {"items": [*SEEDS, {"id": "cccc-1"}], "total": 9}
    one, other = _bodies(known.without(_read({"items": SEEDS, "total": 5}, short), _partners))
    assert (one["total"], other["total"]) == (5, 9)
    fewer = {"items": SEEDS, "total": 4}
    one, other = _bodies(known.without(_read({"items": SEEDS, "total": 5}, fewer), _partners))
    assert (one["total"], other["total"]) == (5, 4)


def test_a_page_ends_with_other_rows_where_one_side_has_more_before_them() -> None:
    known = _made_by_the_candidate()
    ours = [{"id": "b3"}, {"id": "b4"}, *SEEDS[:3]]
    theirs = [{"id": "cccc-1"}, {"id": "c3"}, {"id": "c4"}, *SEEDS[:2]]
    one, other = _bodies(
        known.without(_read({"items": ours, "total": 9}, {"items": theirs, "total": 10}), _partners)
    )
    assert [row["id"] for row in one["items"]] == ["b3", "b4", "seed-0", "seed-1"]
    assert [row["id"] for row in other["items"]] == ["c3", "c4", "seed-0", "seed-1"]
    assert one["total"] == other["total"]


def test_more_rows_are_missing_at_an_end_than_one_side_has_alone() -> None:
    known = _made_by_the_candidate()
    one, other = _bodies(known.without(_read(SEEDS, SEEDS[:2]), _partners))
    assert (one, other) == (SEEDS, SEEDS[:2])


def test_rows_of_something_else_and_numbers_of_another_table_stay() -> None:
    known = _made_by_the_candidate("17")
    others = [{"id": 17, "name": "an order"}, {"id": 18, "name": "another"}]
    read = _read(others, others[1:], "/orders")
    assert known.without(read, _partners) is read
    items = _bodies(known.without(_read([{"id": 16}], [{"id": 16}, {"id": 17}]), _partners))
    assert items == [[{"id": 16}], [{"id": 16}]]


def test_a_line_of_a_table_that_names_it_is_taken_out() -> None:
    known = _made_by_the_candidate()
    head, row, new = b"sku,count\n", b"seed-1,4\n", b"cccc-1,9\n"
    read = _read(head + row, head + row + new, "/report.csv", content_type="text/csv")
    reduced = known.without(read, _partners)
    (one,), (other,) = reduced.baseline.exchanges, reduced.candidate.exchanges
    assert one.response
    assert other.response
    assert one.response.body == other.response.body == head + row
    lost = _read(head + row, head + new, "/report.csv", content_type="text/csv")
    (other,) = known.without(lost, _partners).candidate.exchanges
    assert other.response
    assert other.response.body == head


def test_a_record_of_several_lines_is_one_row_of_a_table() -> None:
    known = _made_by_the_candidate()
    head, new = b"sku,name\nseed-1,a\x0bb\n", b'cccc-1,"two\nlines"\n'
    read = _read(head, head + new, "/report.csv", content_type="text/csv")
    (other,) = known.without(read, _partners).candidate.exchanges
    assert other.response
    assert other.response.body == head


def test_a_table_without_keys_has_as_many_other_lines_as_one_side_alone_wrote() -> None:
    known = _made_by_the_candidate()
    rows = [f"seed,{n}\n".encode() for n in range(9)]

    def cut(theirs: list[bytes]) -> list[bytes]:
        read = _read(b"".join(rows), b"".join(theirs), "/report.csv", content_type="text/csv")
        reduced = known.without(read, _partners)
        exchanges = reduced.baseline.exchanges[0], reduced.candidate.exchanges[0]
        return [one.response.body for one in exchanges if one.response]

    assert len({*cut([*rows[:3], b"seed,70\n", *rows[4:]])}) == 1
    lost = cut(rows[:5])  # more than one write comes to
    assert lost == [b"".join(rows), b"".join(rows[:5])]
    other = [row.replace(b",", b";") for row in rows]
    assert cut(other) == [b"".join(rows), b"".join(other)]


def test_a_filter_finds_what_one_side_alone_changed() -> None:
    refused = _exchange("PUT /items/{id}", "/items/seed-1", 422, {})
    taken = _exchange("PUT /items/{id}", "/items/seed-1", 200, {"id": "seed-1", "kind": "tool"})
    known = OneSided()
    for write in written(_round(taken, refused)):
        known.learn(write)

    def totals(target: str, theirs: int) -> list[int]:
        ours = _exchange("GET /items", target, 200, {"items": SEEDS[2:], "total": 5})
        other = _exchange("GET /items", target, 200, {"items": SEEDS[2:], "total": theirs})
        return [one["total"] for one in _bodies(known.without(_round(ours, other), _partners))]

    assert totals("/items?kind=part", 6) == [5, 5]
    assert totals("/items?kind=part", 7) == [5, 7]
    assert totals("/items", 6) == [5, 6]


def test_headers_that_count_are_alike_and_others_stay() -> None:
    known = _made_by_the_candidate()
    ours = _exchange("GET /items", "/items", 200, SEEDS, x_total="5", etag="a", link="x")
    theirs = _exchange(
        "GET /items", "/items", 200, [*SEEDS, {"id": "cccc-1"}], x_total="6", etag="b", link="y"
    )
    reduced = known.without(_round(ours, theirs), _partners)
    (one,), (other,) = reduced.baseline.exchanges, reduced.candidate.exchanges
    assert one.response
    assert other.response
    assert (one.response.headers, other.response.headers) == ((("link", "x"),), (("link", "y"),))


def test_who_asks_for_what_one_side_alone_has_is_known() -> None:
    known = _made_by_the_candidate("a-00")
    assert _asks(known, _exchange("GET /items/{id}", "/items/a-00", 200, {}))
    assert _asks(known, _exchange("GET /items/{id}/stock", "/items/a-00/stock", 200, {}))
    assert _asks(known, _exchange("GET /moves", "/moves?item_id=a-00", 200, {}))
    assert not _asks(known, _exchange("GET /items/{id}", "/items/A-00", 200, {}))
    assert not _asks(known, _exchange("GET /items", "/items?q=a-00", 200, {}))


def test_what_such_a_write_refers_to_is_asked_for_below_it_alone() -> None:
    known = OneSided()
    sent = {"item_id": "item-7", "quantity": 2}
    refused = _exchange("POST /moves", "/moves", 409, {}, sent=sent)
    taken = _exchange("POST /moves", "/moves", 201, {"id": 4, **sent}, sent=sent)
    for write in written(_round(refused, taken)):
        known.learn(write)
    assert _asks(known, _exchange("GET /items/{id}/stock", "/items/item-7/stock", 200, {}))
    assert not _asks(known, _exchange("GET /items/{id}", "/items/item-7", 200, {}))


def test_what_one_side_alone_removed_the_other_one_has_more_of() -> None:
    known = OneSided()
    gone = _exchange("DELETE /items/{id}", "/items/seed-4", 204, b"")
    kept = _exchange("DELETE /items/{id}", "/items/seed-4", 409, {})
    for write in written(_round(kept, gone)):
        known.learn(write)
    read = _read({"items": SEEDS, "total": 5}, {"items": SEEDS[:4], "total": 4})
    one, other = _bodies(known.without(read, _partners))
    assert one == other == {"items": SEEDS[:4], "total": 5}
    lost = _read({"items": SEEDS, "total": 5}, {"items": SEEDS[1:4], "total": 3})
    one, other = _bodies(known.without(lost, _partners))
    assert (one["total"], other["total"]) == (5, 3)


@pytest.mark.parametrize(
    ("ours", "theirs", "torn"),
    [
        (SEEDS, SEEDS[:1] + SEEDS[2:], True),
        (SEEDS, [*SEEDS, SEEDS[0]], True),
        (SEEDS, SEEDS[:-1], False),
        (SEEDS[1:], SEEDS, False),
        (SEEDS, SEEDS[::-1], False),
        (SEEDS, [], False),
    ],
)
def test_a_list_is_torn_where_a_row_between_others_is_missing_or_doubled(
    ours: list[Any], theirs: list[Any], torn: bool
) -> None:
    one = _read({"items": ours}, {"items": theirs})
    (left,), (right,) = one.baseline.exchanges, one.candidate.exchanges
    assert OneSided().tears(left, right, "/items", _partners) is torn


def _stored(ours: Any, theirs: Any) -> OneSided:
    """What is known once both sides took the same new item, and stored it like this."""
    known = OneSided()
    one, other = (_exchange("POST /items", "/items", 201, row) for row in (ours, theirs))
    for write in written(_round(one, other)):
        known.learn(write)
    return known


def test_a_filter_finds_what_was_stored_otherwise_on_one_side_alone() -> None:
    known = _stored({"id": "b3", "active": True}, {"id": "c3", "active": False})
    page = {"items": [SEEDS[0], {"id": "b3"}, SEEDS[1]], "total": 3}
    less = {"items": SEEDS[:2], "total": 2}
    read = _round(
        _exchange("GET /items", "/items?active=t", 200, page),
        _exchange("GET /items", "/items?active=t", 200, less),
    )
    one, other = _bodies(known.without(read, _partners))
    assert one == other == {"items": SEEDS[:2], "total": 3}
    # Nobody asked for what it was stored with.
    one, other = _bodies(known.without(_read(page, less), _partners))
    assert (one["items"], one["total"], other["total"]) == (SEEDS[:2], 3, 2)


def test_what_both_have_is_compared_however_it_was_stored() -> None:
    known = _stored({"id": "b3", "active": True}, {"id": "c3", "active": False})
    read = _read([{"id": "b3", "active": True}], [{"id": "c3", "active": False}])
    assert known.without(read, _partners) is read


def test_ids_and_times_are_each_sides_own_and_stored_alike() -> None:
    ours = {"id": "b3", "at": "2026-11-26T13:32:43.206Z", "token": "a" * 40}
    theirs = {"id": "c3", "at": "2026-11-26T13:32:44.206Z", "token": "b" * 40}
    known = _stored(ours, theirs)
    read = _read([SEEDS[0], {"id": "b3"}, SEEDS[1]], SEEDS[:2])
    assert known.without(read, _partners) is read


def test_numbers_of_two_databases_are_paired_by_what_both_made() -> None:
    """The candidate has one order more: its number 8 is the baseline's 7."""
    known = _made_by_the_candidate("7", "/orders")

    def partners(key: str, kinds: Sequence[str]) -> Collection[str]:
        return {"7": ("8",), "8": ("9",)}.get(key, ()) if "order" in kinds else ()

    ours = [{"id": number} for number in (8, 7, 6, 5)]
    theirs = [{"id": number} for number in (9, 8, 7, 6)]
    one, other = _bodies(known.without(_read(ours, theirs, "/orders"), partners))
    assert one == [{"id": 8}, {"id": 7}, {"id": 6}]
    assert other == [{"id": 9}, {"id": 8}, {"id": 6}]


def test_what_one_thing_says_of_itself_is_compared_whole() -> None:
    known = _made_by_the_candidate("7", "/orders")
    ours = {"id": 5, "lines": [{"item_id": "a", "count": 1}], "note": "x", "pieces": 3}
    theirs = {"id": 5, "lines": [{"item_id": "b", "count": 1}], "note": None, "pieces": 4}
    read = _round(
        _exchange("GET /orders/{id}", "/orders/5", 200, ours),
        _exchange("GET /orders/{id}", "/orders/5", 200, theirs),
    )
    assert known.without(read, _partners) is read


def test_rows_without_a_key_stay() -> None:
    known = _made_by_the_candidate()
    read = _read([{"day": 1}, {"day": 2}], [{"day": 1}])
    assert known.without(read, _partners) is read


def test_rows_that_stand_twice_on_both_sides_are_no_tear() -> None:
    known, twice = OneSided(), [*SEEDS, SEEDS[0]]
    for theirs, torn in ((twice, False), (twice[::-1], False), (SEEDS, True)):
        one = _read(twice, theirs)
        (left,), (right,) = one.baseline.exchanges, one.candidate.exchanges
        assert known.tears(left, right, "", _partners) is torn
