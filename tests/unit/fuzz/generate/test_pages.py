"""Which answer leads to which next page: by a cursor, a link, a header or the last row."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.fuzz.generate.pages import in_link, is_size, next_of, next_page


@pytest.mark.parametrize(
    ("answer", "parameters", "expected"),
    [
        ({"next_cursor": "abc"}, ["cursor"], {"query/cursor": "/next_cursor"}),
        ({"m": {"nextPageToken": "t"}}, ["pageToken"], {"query/pageToken": "/m/nextPageToken"}),
        ({"pageInfo": {"endCursor": "t"}}, ["after"], {"query/after": "/pageInfo/endCursor"}),
        ({"page": 1, "next_page": 2}, ["page"], {"query/page": "/next_page"}),
        ({"cursor": "abc"}, ["cursor"], {"query/cursor": "/cursor"}),
        (
            {"next": "http://a/log?cursor=x&limit=2"},
            ["limit"],
            {"query/cursor": "/next?cursor", "query/limit": "/next?limit"},
        ),
        (
            {"_links": {"next": {"href": "/log?page=2"}}},
            ["page"],
            {"query/page": "/_links/next/href?page"},
        ),
        (
            {"data": [{"id": "a"}, {"id": "b"}], "has_more": True},
            ["starting_after"],
            {"query/starting_after": "/data/1/id"},
        ),
    ],
)  # fmt: skip
def test_the_next_page_is_told_by(
    answer: Any, parameters: list[str], expected: dict[str, str]
) -> None:
    assert dict(next_page(answer, {}, "/log", parameters)) == expected


@pytest.mark.parametrize(
    ("answer", "parameters"),
    [
        ({"next_cursor": None}, ["cursor"]),
        ({"next_cursor": ""}, ["cursor"]),
        ({"page": 1, "rows": []}, ["page"]),
        ({"offset": 0, "limit": 20}, ["offset", "limit"]),
        ({"next": "http://a/elsewhere?cursor=x"}, ["limit"]),
        ({"next": "tomorrow"}, ["q"]),
        ({"data": []}, ["starting_after"]),
    ],
)
def test_there_is_no_next_page(answer: Any, parameters: list[str]) -> None:
    assert next_page(answer, {}, "/log", parameters) == ()


def test_a_link_header_leads_to_the_page_that_is_called_next() -> None:
    link = '<http://a/log?page=1>; rel="prev", <http://a/log?page=3>; rel="next"'
    assert dict(next_page([], {"link": link}, "/log", ["page"])) == {
        "query/page": "/headers/link?page"
    }
    assert in_link(next_of(link) or "", "page") == "3"
    assert next_of('<http://a/log?page=1>; rel="prev"') is None


def test_a_size_is_told_from_a_limit_of_something_else() -> None:
    assert all(is_size(name) for name in ("limit", "page_size", "per_page", "pageSize", "first"))
    assert not any(is_size(name) for name in ("page", "q", "oversize_only"))
