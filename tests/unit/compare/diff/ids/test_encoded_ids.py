"""A cursor with an id in it is another text on each database, and leads to the same row."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import JSON_HEADERS, brief, exchange, judged, transcript


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def page(first: int, *, last: int = 2, numbers: bool = False) -> dict[str, Any]:
    ids = range(first, first + 3)
    return {
        "edges": [
            {
                "cursor": encoded(f"row:{one}"),
                "node": {"id": one if numbers else encoded(f"Lot:{one}")},
            }
            for one in ids
        ],
        "end": encoded(f"row:{ids[last]}"),
    }


def departures(base: Any, cand: Any, *, shared_state: bool = False) -> list[tuple[str, str]]:
    sides = (transcript(exchange(one)) for one in (base, cand))
    return brief(judged(*sides, shared_state=shared_state).differences)


@pytest.mark.parametrize("numbers", [True, False])
def test_cursors_of_two_databases_lead_to_the_rows_that_stand_for_each_other(numbers: bool) -> None:
    assert [] == departures(page(10, numbers=numbers), page(900, numbers=numbers))
    wrong = page(900, last=0, numbers=numbers)
    assert [("value", "/end")] == departures(page(10, numbers=numbers), wrong)


def test_a_number_that_is_no_id_there_is_a_difference() -> None:
    assert departures({"next": encoded("offset:20")}, {"next": encoded("offset:10")})


def test_on_shared_data_a_cursor_is_one_text() -> None:
    assert departures(page(10), page(900), shared_state=True)


LINK = '</lots?limit=3&cursor={}>; rel="next", </lots?limit=3>; rel="first"'


def listing(ids: list[int], cursor: str, at: str) -> Transcript:
    rows = [{"id": one, "name": f"Lot {n}"} for n, one in enumerate(ids)]
    link = LINK.format(cursor.replace("=", "%3D"))
    if at == "header":
        return transcript(exchange({"items": rows}, headers=[*JSON_HEADERS, ("Link", link)]))
    return transcript(exchange({"items": rows, "next": f"/lots?limit=3&cursor={cursor}"}))


@pytest.mark.parametrize("at", ["header", "body"])
def test_a_link_leads_on_from_the_last_row_of_its_own_page(at: str) -> None:
    def told(cursor: str, *, shared_state: bool = False) -> list[str]:
        base = listing([12, 11, 10], encoded("row:10"), at)
        cand = listing([912, 911, 909], encoded(cursor), at)
        found = judged(base, cand, shared_state=shared_state).differences
        return [pointer for _, pointer in brief(found)]

    assert told("row:909") == []
    where = {"header": "/headers/link/0", "body": "/next"}[at]
    assert told("row:911") == [where]
    assert told("lot:909") == [where]
    assert where in told("row:909", shared_state=True)


def test_a_plain_cursor_in_a_header_leads_on_from_its_own_last_row_too() -> None:
    def told(ours: str, theirs: str) -> list[str]:
        sides = []
        for ids, query in (([12, 11, 10], ours), ([912, 911, 909], theirs)):
            link = f'</lots?size=3&{query}>; rel="next"'
            rows = [{"id": one, "name": f"Lot {n}"} for n, one in enumerate(ids)]
            sides.append(transcript(exchange(rows, headers=[*JSON_HEADERS, ("Link", link)])))
        return [pointer for _, pointer in brief(judged(*sides, shared_state=False).differences)]

    assert told("before=10", "before=909") == []
    assert told("before=10", "before=911") == ["/headers/link"]
    assert told("page=10", "page=909") == ["/headers/link"]


@pytest.mark.parametrize("cursor", ["row:{}", "{}"])
@pytest.mark.parametrize("at", ["header", "body"])
@pytest.mark.parametrize("shared_state", [True, False])
def test_a_link_that_varied_leads_on_from_the_last_row_too(
    at: str, cursor: str, shared_state: bool
) -> None:
    """Cursors of two and of three digits are told apart by their escaped padding alone."""

    def page(ids: list[int], row: int) -> Transcript:
        text = cursor.format(row)
        return listing(ids, encoded(text) if ":" in text else text, at)

    def told(row: int) -> list[str]:
        found = judged(
            page([12, 11, 10], 10),
            page([912, 911, 909], row),
            again=page([22, 21, 20], 20),
            shared_state=shared_state,
        )
        return [pointer for _, pointer in brief(found.differences)]

    assert told(909) == []
    for other in (911, 912, 50):
        assert told(other) == [{"header": "/headers/link/0", "body": "/next"}[at]]


def tree(first: int, *, above: str = "{}/{}/{}") -> list[dict[str, Any]]:
    ids = range(first, first + 3)
    return [{"id": one, "path": above.format(*ids)} for one in ids]


@pytest.mark.parametrize("above", ["{}/{}/{}", "/{}/{}/", "{1},{0}"])
def test_the_path_of_a_row_names_the_rows_above_it_on_each_database(above: str) -> None:
    assert departures(tree(41, above=above), tree(1, above=above)) == []
    assert departures(tree(41, above=above), tree(1, above=above), shared_state=True)


@pytest.mark.parametrize("wrong", ["{1}/{0}/{2}", "{0}/{1}/9", "{}-{}-{}", "{}/{}"])
def test_a_path_through_other_rows_is_a_difference(wrong: str) -> None:
    assert ("value", "/0/path") in departures(tree(41), tree(1, above=wrong))


def test_the_id_of_a_type_in_base64_grows_with_its_number() -> None:
    """A golden of `Lot:8` and `Lot:9` holds `Lot:12` to its type, and not to eight characters."""

    def made(text: str) -> Transcript:
        return transcript(exchange({"id": encoded(text), "n": 1}, method="POST", status=201))

    first, again = made("Lot:8"), made("Lot:9")
    for shared in (True, False):
        later = judged(first, made("Lot:1250"), again=again, shared_state=shared)
        assert brief(later.differences) == []
        wrong = judged(first, made("Row:1250"), again=again, shared_state=shared)
        assert [pointer for _, pointer in brief(wrong.differences)] == ["/id"]


def made(text: str, number: int) -> Transcript:
    row = {"id": encoded(text), "databaseId": number}
    return transcript(exchange({"data": {"order": row}}, method="POST", status=201))


@pytest.mark.parametrize(
    ("text", "number", "told"),
    [
        ("Order:512", 512, []),
        ("Orders:512", 512, ["/data/order/id"]),
        ("Order:513", 512, ["/data/order/id"]),
        ("Order:512", 513, ["/data/order/id"]),
    ],
)
def test_a_global_id_has_the_type_and_the_number_of_its_row(
    text: str, number: int, told: list[str]
) -> None:
    found = judged(made("Order:12", 12), made(text, number), shared_state=False)
    assert [pointer for _, pointer in brief(found.differences)] == told


def test_the_number_of_another_row_in_it_says_nothing_of_this_one() -> None:
    """A key of another table is equal to it by chance."""

    def order(row: int, customer: int) -> Transcript:
        shown = {"id": encoded(f"Order:{row}"), "customerId": customer}
        return transcript(exchange(shown, method="POST", status=201))

    assert brief(judged(order(12, 12), order(512, 3), shared_state=False).differences) == []
