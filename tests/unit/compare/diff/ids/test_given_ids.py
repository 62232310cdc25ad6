"""What a write gave out is shown by later answers with the id that each side gave it."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.compare.noise.rules import NO_RULES, Mode, Rule, Rules
from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import brief, exchange, judged, transcript

IDENTITY = [("identity", "/data/0/id")]


def order(number: int, code: str = "annabc7x", **more: Any) -> dict[str, Any]:
    return {"id": number, "customer": code, "status": "placed", **more}


def told(
    given: int, shown: Any, *, code: str = "annabc7x", target: str = "/orders", made: Any = None
) -> Transcript:
    """A test that makes an order and asks for something."""
    answered = order(given, code) if made is None else made
    post = exchange(answered, status=201, method="POST", target="/orders", sent={"customer": code})
    generated = [("ann", code)] if code.startswith("ann") else []
    return transcript(post, exchange(shown, target=target), generated=generated)


def rows(*them: dict[str, Any]) -> dict[str, Any]:
    return {"data": list(them), "total": len(them)}


def found(base: Transcript, cand: Transcript, **settings: Any) -> list[tuple[str, str]]:
    return brief(judged(base, cand, shared_state=False, **settings).differences)


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize(("given", "other"), [(12, 12), (12, 17), (12, 11)])
def test_a_list_shows_the_id_that_the_write_answered(given: int, other: int, noisy: bool) -> None:
    old = [order(4, "museum"), order(3, "museum")]
    base = told(given, rows(order(given), *old))
    settings: dict[str, Any] = {}
    if noisy:
        settings["again"] = told(given + 1, rows(order(given + 1), *old))

    def beside(shown: int) -> list[tuple[str, str]]:
        return found(base, told(other, rows(order(shown), *old)), **settings)

    assert beside(other) == []
    places = beside(other + 6)
    assert [place for _, place in places] == ["/data/0/id"]
    assert {kind for kind, _ in places} <= {"identity", "value"}


@pytest.mark.parametrize("shown", ["XB06950493764345", "XB09950493764345"])
def test_a_long_code_that_varies_is_held_whatever_it_is_called(shown: str) -> None:
    def account(iban: str) -> dict[str, Any]:
        return {"iban": iban, "holder": "annabc7x", "opened": "today"}

    def told_of(given: str, listed: str) -> Transcript:
        old = {"iban": "XB29520828308139", "holder": "museum", "opened": "then"}
        return told(0, rows(account(listed), old), made=account(given))

    base, again = (told_of(one, one) for one in ("XB04230084437538", "XB27231326820447"))
    departs = found(base, told_of("XB06950493764345", shown), again=again)
    assert departs == ([] if shown == "XB06950493764345" else [("identity", "/data/0/iban")])


def test_an_id_that_varies_in_the_baseline_is_held_too() -> None:
    base, again = (told(n, rows(order(n), order(4, "museum"))) for n in (12, 13))
    wrong = told(17, rows(order(18), order(4, "museum")))
    assert found(base, wrong, again=again) == IDENTITY


def test_what_the_baseline_has_for_its_id_is_not_the_candidates() -> None:
    base, cand = told(12, rows(order(12))), told(11, rows(order(12)))
    assert found(base, cand) == IDENTITY


def test_one_thing_by_itself_has_the_id_that_it_was_given() -> None:
    base = told(12, order(12), target="/orders/12")
    assert found(base, told(12, order(13), target="/orders/12")) == [("identity", "/id")]
    assert found(base, told(12, order(12), target="/orders/12")) == []


def test_a_write_that_answers_its_id_alone_says_whose_it_is_by_its_address() -> None:
    base = told(12, rows(order(12)), made={"id": 12})
    assert found(base, told(12, rows(order(13)), made={"id": 12})) == IDENTITY
    elsewhere = [told(12, rows(order(n)), made={"id": 12}, target="/invoices") for n in (12, 13)]
    assert found(*elsewhere) == []


def test_without_a_code_of_the_test_the_content_says_which_thing_it_is() -> None:
    base = told(12, rows(order(12, "Ann")), code="Ann")
    assert found(base, told(12, rows(order(13, "Ann")), code="Ann")) == IDENTITY


def test_another_thing_may_have_the_same_number() -> None:
    """A tag and a category look alike, and one of each has the number 12 on the baseline."""
    made = {"id": 12, "name": "annabc7x"}
    base = told(12, rows({"id": 12, "name": "red"}), made=made, target="/tags")
    for shown in (12, 5):
        cand = rows({"id": shown, "name": "red"})
        assert found(base, told(17, cand, made=made | {"id": 17}, target="/tags")) in (
            [],
            [("value", "/data/0/id")],  # 12 is known to be 17
        )
    equal = told(12, rows({"id": 5, "name": "red"}), made=made, target="/tags")
    assert found(base, equal) == []


def test_where_the_right_id_is_shown_too_it_may_be_another_row() -> None:
    def both(one: int, other: int, first: int, second: int) -> Transcript:
        posts = [exchange(order(n), status=201, method="POST", target="/orders", sent={"n": n > 0})
                 for n in (one, other)]  # fmt: skip
        shown = exchange(rows(order(first), order(second)), target="/orders")
        return transcript(*posts, shown, generated=[("ann", "annabc7x")])

    base, again = both(12, 13, 13, 12), both(14, 15, 15, 14)
    assert found(base, both(17, 18, 17, 18), again=again) == []
    assert found(base, both(17, 18, 18, 17), again=again) == []
    assert found(base, both(17, 18, 20, 21), again=again) != []


def test_a_number_that_was_free_again_is_given_to_another_thing() -> None:
    def twice(first: int, second: int) -> Transcript:
        gone = exchange(status=204, body=b"", method="DELETE", target="/orders")
        posts = [exchange(order(n), status=201, method="POST", target="/orders", sent={})
                 for n in (first, second)]  # fmt: skip
        shown = exchange(rows(order(second)), target="/orders")
        return transcript(posts[0], gone, posts[1], shown, generated=[("ann", "annabc7x")])

    assert found(twice(12, 12), twice(17, 18), again=twice(13, 13)) == []


@pytest.mark.parametrize(
    "rule",
    [
        Rule("/data/*/id", Mode.VOLATILE),
        Rule("/data", Mode.IGNORE, reason="another counter"),
    ],
)
def test_a_rule_may_say_that_it_need_not_be_the_same(rule: Rule) -> None:
    base, cand = told(12, rows(order(12))), told(12, rows(order(13)))
    assert found(base, cand, rules=Rules((rule,))) == []
    assert found(base, cand, rules=NO_RULES) == IDENTITY


def shared(base: Transcript, cand: Transcript, again: Transcript) -> list[tuple[str, str]]:
    return brief(judged(base, cand, again=again, shared_state=True).differences)


def test_on_shared_data_other_rows_stand_at_the_same_place() -> None:
    base, cand = told(12, rows(order(12))), told(13, rows(order(13), order(12, "museum")))
    again = told(14, rows(order(14), order(13), order(12)))
    assert "/data/0/id" not in {place for _, place in shared(base, cand, again)}


def test_on_shared_data_too_a_code_of_the_test_names_its_own_thing() -> None:
    base, again = (told(n, order(n), target="/orders/latest") for n in (12, 14))
    assert shared(base, told(13, order(13), target="/orders/latest"), again) == []
    wrong = told(13, order(14), target="/orders/latest")
    assert shared(base, wrong, again) == [("identity", "/id")]
    plain, other = (told(n, order(n, "Ann"), code="Ann") for n in (12, 14))
    assert shared(plain, told(13, order(15, "Ann"), code="Ann"), other) == []


def test_an_id_that_another_thing_has_now_is_shown_all_the_same() -> None:
    """Every row of a page has the number of the next; the test made the first two of them."""

    def both(first: int, off: int = 0) -> Transcript:
        codes = {first: "annabc7x", first + 1: "bobdef8y"}
        posts = [
            exchange(order(n, code), status=201, method="POST", target="/orders", sent=[code])
            for n, code in codes.items()
        ]
        page = [order(n + off, code) for n, code in codes.items()]
        shown = exchange(rows(*reversed(page)), target="/orders")
        return transcript(*posts, shown, generated=[("ann", "annabc7x"), ("bob", "bobdef8y")])

    base, again = both(12), both(16)
    assert shared(base, both(14), again) == []
    assert shared(base, both(14, off=1), again) != []
    versions = [rows(order(n), order(n - 1)) for n in (12, 14, 16)]
    one, other, third = (told(n, page) for n, page in zip((12, 14, 16), versions, strict=True))
    assert shared(one, other, third) == []


def test_one_reference_of_a_seeded_row_is_one_thing_in_every_row() -> None:
    def people(first: int, last: int, *, author: int = 0) -> Transcript:
        them = [("ann", None), ("bob", 1), ("cy", last)]
        rows = [
            {"id": first + n, "name": name, "manager_id": boss and first + boss}
            for n, (name, boss) in enumerate(them, 1)
        ]
        return transcript(exchange(rows + [{"author_id": author}] * 2))

    assert found(people(0, 1, author=1), people(500, 1, author=907)) == []
    assert found(people(0, 1), people(500, 2)) == [("value", "/2/manager_id")]


def test_seeded_rows_may_be_told_by_their_addresses() -> None:
    def rows(first: int, owner: int, *, page: int = 2) -> Transcript:
        items = [
            {"url": f"/items/{first + n}/", "name": name, "owner": f"/users/{owner}"}
            for n, name in enumerate(("chair", "table", "lamp"))
        ]
        return transcript(exchange({"rows": items, "next": f"/items?page={page}"}))

    assert found(rows(1, 9), rows(701, 709)) == []
    assert found(rows(1, 9), rows(701, 709, page=3)) == [("value", "/next")]
    one, other = rows(1, 9), rows(701, 709)
    body = other.exchanges[0].response.body.replace(b"/users/709", b"/users/708", 1)  # type: ignore[union-attr]
    wrong = transcript(exchange(body=body))
    assert found(one, wrong) == [("value", "/rows/1/owner"), ("value", "/rows/2/owner")]
    assert judged(one, other, shared_state=True).differences


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("/archive/2025", "/archive/2026"),
        ("/v1/items", "/v2/items"),
        ("/items?page=1", "/items?page=2"),
        ("/items/1", "/wares/1"),
    ],
)
def test_another_year_version_or_question_is_no_id(ours: str, theirs: str) -> None:
    pair = (transcript(exchange({"href": link})) for link in (ours, theirs))
    assert found(*pair) == [("value", "/href")]


def test_a_link_leads_to_what_the_test_made() -> None:
    def lots(given: int, owner: int) -> Transcript:
        user = exchange({"id": given}, status=201, method="POST", target="/users", sent={"n": 1})
        shown = exchange([{"code": "annabc7x", "owner": f"/users/{owner}"}], target="/lots")
        return transcript(user, shown, generated=[("ann", "annabc7x")])

    def beside(owner: int) -> list[tuple[str, str]]:
        return found(lots(5, 5), lots(75, owner), again=lots(6, 6))

    assert beside(75) == []
    assert [place for _, place in beside(71)] == ["/0/owner"]


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("text/csv", "id,name,stock\n{0},chair,{1}\n"),
        ("application/xml", '<items><item id="{0}"><name>chair</name><n>{1}</n></item></items>'),
    ],
)
def test_ids_of_seeded_rows_are_known_in_tables_and_attributes(kind: str, page: str) -> None:
    def shown(number: int, stock: int) -> Transcript:
        body = page.format(number, stock).encode()
        return transcript(exchange(body=body, headers=(("Content-Type", kind),)))

    assert found(shown(1, 7), shown(701, 7)) == []
    assert len(found(shown(1, 7), shown(701, 0))) == 1
    assert judged(shown(1, 7), shown(701, 7), shared_state=True).differences


def test_a_word_is_no_id_of_a_database() -> None:
    pair = (transcript(exchange([{"id": word, "rate": 1}])) for word in ("EUR", "USD"))
    assert found(*pair) == [("value", "/0/id")]


def test_a_code_that_a_write_gave_out_is_shown_again_whatever_it_is_called() -> None:
    def orders(given: str, listed: str, name: str) -> Transcript:
        made = {"number": given, "customer": name, "state": "new"}
        post = exchange(made, status=201, method="POST", target="/orders", sent={"customer": name})
        rows = [{"number": listed, "customer": name, "state": "new"}]
        return transcript(post, exchange(rows, target="/orders"), generated=[("ann", name)])

    def beside(listed: str) -> list[tuple[str, str]]:
        again = orders("SO-000012", "SO-000012", "annqbcz7")
        pair = orders("SO-000010", "SO-000010", "annabc7x"), orders("SO-000011", listed, "annxyz7x")
        return brief(judged(*pair, again=again, shared_state=True).differences)

    assert beside("SO-000011") == []
    assert beside("SO-000511") == [("identity", "/0/number")]
