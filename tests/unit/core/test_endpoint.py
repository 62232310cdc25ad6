"""Endpoints are read, and found for a request, by one function everywhere."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_cutover.core.endpoint import METHODS, Endpoint, EndpointIndex, match, normalise, parse
from pytest_cutover.core.errors import InvalidValueError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,6}", fullmatch=True)


@st.composite
def templates(draw: st.DrawFn) -> str:
    literals = TEXTS.map(lambda text: quote(text, safe=""))
    names = draw(st.lists(NAMES, unique=True, max_size=3))
    segments = draw(st.lists(literals, max_size=3)) + [f"{{{name}}}" for name in names]
    return "/" + "/".join(draw(st.permutations(segments)))


def test_method_and_path_are_told_apart() -> None:
    assert parse("GET /api/lots/{lot_code}") == Endpoint("GET", "/api/lots/{lot_code}")


def test_placeholders_are_named_in_order() -> None:
    assert parse("GET /a/{x}/b/{y}.json").placeholders == ("x", "y")


def test_two_endpoints_that_differ_in_names_only_have_one_shape() -> None:
    assert parse("GET /lots/{id}").shape == parse("GET /lots/{lot_code}").shape


def test_one_spelling_is_kept() -> None:
    assert normalise("  get   /caf%c3%a9/%7e ") == "GET /caf%C3%A9/~"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("/api/lots", "an endpoint has a method and a path; valid: METHOD /path/{template}"),
        ("/api/lots", "did you mean `GET /api/lots`?"),
        ("PSOT /api/lots", "not an HTTP method; valid: GET, HEAD, POST"),
        ("PSOT /api/lots", "did you mean `POST /api/lots`?"),
        ("GET api/lots", "starts with a slash"),
        ("GET http://h:1/api?x", "has a path, not a URL"),
        ("GET http://h:1/api?x", "did you mean `GET /api`?"),
        ("GET /api?x=1", "no query and no fragment"),
        ("GET /a b", "a path has no spaces"),
        ("GET /a/{b", "braces of the path are not balanced"),
        ("GET /a/{}", "`{}` is not the name of a placeholder"),
        ("GET /a/{x}/{x}", "a placeholder stands twice"),
        ("GET /a/{x}{y}", "two placeholders stand side by side"),
        ("", "an endpoint has a method and a path"),
    ],
)
def test_a_text_that_is_no_endpoint_says_what_was_meant(text: str, message: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        parse(text)

    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/lots/export", "GET /lots/export"),
        ("/lots/A-1", "GET /lots/{code}"),
        ("/lots/A-1?full=1", "GET /lots/{code}"),
        ("/lots/report.json", "GET /lots/{name}.json"),
        ("/lots/%65xport", "GET /lots/export"),
        ("/lots/a%2Fb", "GET /lots/{code}"),
        ("/lots/%FF", "GET /lots/{code}"),
        ("/lots/", None),
        ("/lots", None),
        ("/lots/a/b", None),
        ("/LOTS/export", None),
    ],
)
def test_the_more_literal_endpoint_wins(path: str, expected: str | None) -> None:
    endpoints = [
        parse(text) for text in ("GET /lots/{code}", "GET /lots/{name}.json", "GET /lots/export")
    ]

    found = match("GET", path, endpoints)

    assert (str(found) if found else None) == expected


def test_another_method_is_another_endpoint() -> None:
    assert match("POST", "/lots", [parse("GET /lots")]) is None


def test_an_earlier_literal_segment_beats_a_later_one() -> None:
    endpoints = [parse("GET /{a}/x"), parse("GET /y/{b}")]

    assert match("GET", "/y/x", endpoints) == parse("GET /y/{b}")


@given(st.sampled_from(METHODS), templates())
def test_normalising_twice_changes_nothing(method: str, template: str) -> None:
    once = normalise(f"{method} {template}")

    assert normalise(once) == once


@given(templates(), st.lists(TEXTS, min_size=3, max_size=3))
def test_a_template_filled_with_any_encoded_text_is_matched_by_itself(
    template: str, values: list[str]
) -> None:
    endpoint = parse(f"GET {template}")
    path = endpoint.template
    for name, value in zip(endpoint.placeholders, values, strict=False):
        path = path.replace(f"{{{name}}}", quote(value, safe=""))

    assert match("GET", path, [endpoint]) == endpoint


@pytest.mark.parametrize(
    "method",
    ["PROPFIND", "MKCOL", "REPORT", "VERSION-CONTROL", "M-SEARCH", "MKCALENDAR", "BREW", "X!y~1"],
)
def test_a_method_is_any_token(method: str) -> None:
    endpoint = parse(f"{method} /files/{{name}}")

    assert endpoint.matches(method, "/files/a.txt")
    assert str(endpoint) == f"{method.upper()} /files/{{name}}"


@pytest.mark.parametrize("method", ["PSOT", "GTE", "DELTE", "PATHC", "POSTS", "G(T", "GET:"])
def test_a_slip_of_a_common_method_or_no_token_is_a_mistake(method: str) -> None:
    with pytest.raises(InvalidValueError, match="not an HTTP method"):
        parse(f"{method} /files")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/files/a", "GET /files/{path*}"),
        ("/files/a/b/c.txt", "GET /files/{path*}"),
        ("/files/a/b/", "GET /files/{path*}"),
        ("/files/a%2Fb", "GET /files/{path*}"),
        ("/files/a/meta", "GET /files/{name}/meta"),
        ("/files/a/b/meta", "GET /files/{path*}/meta"),
        ("/files/", None),
        ("/files", None),
    ],
)
def test_a_starred_placeholder_spans_segments_and_comes_last(
    path: str, expected: str | None
) -> None:
    endpoints = [
        parse(f"GET {text}")
        for text in ("/files/{path*}", "/files/{name}/meta", "/files/{path*}/meta")
    ]

    found = match("GET", path, endpoints)

    assert (str(found) if found else None) == expected


def test_a_starred_placeholder_is_a_segment_of_its_own_and_has_one_name() -> None:
    assert parse("GET /files/{path*}").placeholders == ("path",)
    with pytest.raises(InvalidValueError, match="a segment of its own"):
        parse("GET /files/v{path*}")
    with pytest.raises(InvalidValueError, match="stands twice"):
        parse("GET /files/{path}/{path*}")


def test_an_index_finds_what_any_marker_names() -> None:
    index = EndpointIndex()
    assert index.find("GET", "/lots/1") is None

    index.add([parse("GET /lots/{code}"), parse("PUT /lots/{code}")])

    assert index.find("get", "/lots/1") == parse("GET /lots/{code}")
    assert index.find("DELETE", "/lots/1") is None
