"""A value that was given out goes where its thing is meant, and nothing else is touched."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.core.exchange import Request
from pytest_cutover.replay.substituting import (
    Given,
    could_be_looser,
    sent_body,
    sent_headers,
    sent_target,
    words_of,
)

NUT = {"7": Given("91", words_of("/body/id", "/api/v1/products/"))}
UUID = "11111111-2222-4333-8444-555555555555"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
PART = 'multipart/form-data; boundary="b"'


def body(text: str, kind: str = JSON, live: dict[str, Given] = NUT, *, loose: bool = False) -> str:
    request = Request("POST", "/orders", (("Content-Type", kind),), text.encode())
    return sent_body(request, live, loose=loose).decode()


@pytest.mark.parametrize(
    ("recorded", "sent", "kind"),
    [
        ('{"product_id": 7, "qty": 7}', '{"product_id": 91, "qty": 7}', JSON),
        ('{"productId":7,"sort":7}', '{"productId":91,"sort":7}', JSON),
        ('{"product": 7, "quantity": 7}', '{"product": 91, "quantity": 7}', JSON),
        ('{"product": {"id": 7}, "bid": 7}', '{"product": {"id": 91}, "bid": 7}', JSON),
        ('{"ids": [7, 17, 7.0]}', '{"ids": [91, 17, 7.0]}', JSON),
        ('{"a": "7 of 7", "ref": "7"}', '{"a": "7 of 7", "ref": "91"}', JSON),
        ('{"product": "/products/7"}', '{"product": "/products/91"}', JSON),
        (
            '{"query": "mutation { add(productId: 7, qty: 7) }"}',
            '{"query": "mutation { add(productId: 91, qty: 7) }"}',
            JSON,
        ),
        ("product_id=7&qty=7&note=7+7", "product_id=91&qty=7&note=7+7", FORM),
        ("ids=7,7&page=7", "ids=91,91&page=7", FORM),
        ("<productId>7</productId><qty>7</qty>", "<productId>91</productId><qty>7</qty>", "a/xml"),
        (
            '--b\r\nContent-Disposition: form-data; name="product"\r\n\r\n7\r\n'
            '--b\r\nContent-Disposition: form-data; name="qty"\r\n\r\n7\r\n--b--',
            '--b\r\nContent-Disposition: form-data; name="product"\r\n\r\n91\r\n'
            '--b\r\nContent-Disposition: form-data; name="qty"\r\n\r\n7\r\n--b--',
            PART,
        ),
    ],
)
def test_a_number_is_replaced_beside_a_name_of_its_thing(
    recorded: str, sent: str, kind: str
) -> None:
    assert body(recorded, kind) == sent


def test_a_name_that_says_nothing_is_tried_where_the_request_is_refused() -> None:
    text = '{"owner": 7, "seats": 7}'
    assert body(text) == text
    assert could_be_looser(Request("POST", "/", (), text.encode()), NUT)
    assert body(text, loose=True) == '{"owner": 91, "seats": 7}'


def test_all_values_are_put_in_at_once() -> None:
    live = {"7": Given("8"), "8": Given("9")}
    assert sent_target("/rows/7/to/8?id=7&page=7", live) == "/rows/8/to/9?id=8&page=7"
    assert body('{"from_id": 7, "to_id": 8}', live=live) == '{"from_id": 8, "to_id": 9}'


def test_an_id_of_another_type_leaves_the_body_whole() -> None:
    sent = body('{"id": 7, "n": 1}', live={"7": Given('it-"7')})
    assert json.loads(sent) == {"id": 'it-"7', "n": 1}


def test_a_long_value_stands_for_itself_wherever_it_is() -> None:
    live = {UUID: Given("new-one")}
    assert body(f'{{"note": "see {UUID}!"}}', live=live) == '{"note": "see new-one!"}'
    assert sent_target(f"/a/{UUID}.pdf?q=x{UUID}", live) == "/a/new-one.pdf?q=xnew-one"
    request = Request("GET", "/", (("X-Of", f"a {UUID}"), ("X-Page", "7")), b"")
    assert sent_headers(request, live | NUT) == [("X-Of", "a new-one"), ("X-Page", "7")]


def test_of_cookies_those_are_sent_that_say_what_was_chosen() -> None:
    cookies = "sid=abc; NEXT_LOCALE=de-DE; currency=GBP; tenant_token=x; _ga=GA1.2.3"
    request = Request("GET", "/", (("Cookie", cookies),))
    assert sent_headers(request, {}) == [("Cookie", "NEXT_LOCALE=de-DE; currency=GBP")]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
        ),
        max_leaves=12,
    ).filter(lambda tree: isinstance(tree, dict | list))
)
def test_a_body_that_holds_none_of_the_values_is_sent_as_it_was(tree: object) -> None:
    for text in (json.dumps(tree, ensure_ascii=False), json.dumps(tree, indent=1)):
        assert body(text, live={"no such value": Given("x")}, loose=True) == text
