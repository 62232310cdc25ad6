"""Which pages are no answer of an operation."""

from __future__ import annotations

import pytest

from pytest_cutover.core.exchange import Response
from pytest_cutover.fuzz.run.undocumented_pages import is_undocumented_page

FORM = b"<!doctype html><form><input name=p type=password></form>"
SHELL = (
    b'<!DOCTYPE html>\n<html><body><div id="root"></div><script src="/a.js"></script></body></html>'
)
TEXT = b"<html><body><div id=root>42</div></body></html>"
JSON, HTML = ("application/json",), ("text/html",)


@pytest.mark.parametrize(
    ("body", "kind", "documented", "expected"),
    [
        (FORM, "text/html; charset=utf-8", JSON, True),
        (TEXT, "text/html", JSON, True),
        (TEXT, "", JSON, True),
        (FORM, "text/html", (), True),
        (SHELL, "text/html", (), True),  # an application for browsers answers what nobody knows
        (TEXT, "text/html", (), False),
        (FORM, "text/html", HTML, False),
        (FORM, "text/plain", JSON, False),
        (b'{"html": "<html>"}', "text/html", JSON, False),  # old servers name every answer so
    ],
)
def test_a_page_is_no_answer_where_something_else_is_documented(
    body: bytes, kind: str, documented: tuple[str, ...], expected: bool
) -> None:
    headers = (("Content-Type", kind),) if kind else ()
    assert is_undocumented_page(Response(200, headers, body), documented) is expected
