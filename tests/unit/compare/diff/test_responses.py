"""Statuses, headers, cookies, kinds of body and the wire: each departure once, by its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_cutover.compare.diff.profiles import Profiles
from pytest_cutover.compare.diff.responses import BROKEN_OFF
from pytest_cutover.compare.noise.rules import Mode, Rule, Rules
from pytest_cutover.core.exchange import Exchange, Failure, FailureKind, Side, Transcript
from tests.unit.compare.building import JSON_HEADERS, brief, exchange, judged, transcript

COMMON = (
    *JSON_HEADERS,
    ("Content-Length", "13"),
    ("Date", "Mon, 02 Mar 2026 12:00:00 GMT"),
    ("Location", "/api/lots/1"),
    ("WWW-Authenticate", "Bearer"),
    ("Allow", "GET, POST"),
    ("Vary", "Origin, Accept-Encoding"),
    ("Access-Control-Allow-Origin", "*"),
    ("Server", "baseline/1.0"),
    ("Set-Cookie", "sid=abc; Path=/; HttpOnly; Max-Age=3600; SameSite=Lax"),
    ("Set-Cookie", "lang=en"),
)


def beside(one: Exchange, other: Exchange, **settings: object) -> list[tuple[str, str]]:
    return brief(judged(transcript(one), transcript(other), **settings).differences)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("12:00:01", []),
        ("13:00:00", [("header-value", "/headers/date")]),
        ("11:30:01", [("header-value", "/headers/date")]),
        ("11:53:20", []),  # of a cache
    ],
)
@pytest.mark.parametrize("other", [b"{}", b'{"a": 1}'])
def test_a_date_in_another_zone_is_found(
    date: str, expected: list[tuple[str, str]], other: bytes
) -> None:
    def answer(at: str, body: bytes = b"{}") -> Exchange:
        return exchange(body=body, headers=(*JSON_HEADERS, ("Date", f"Mon, 02 Mar 2026 {at} GMT")))

    found = beside(answer("12:00:00"), answer(date, other))
    assert expected == [one for one in found if one[1] != "/a"]


def headers_without(name: str) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in COMMON if pair[0] != name)


@pytest.mark.parametrize(
    "name", [name for name, _ in COMMON if name not in ("Set-Cookie", "Content-Type")]
)
def test_a_lost_header_is_found(name: str) -> None:
    one, other = exchange({}, headers=COMMON), exchange({}, headers=headers_without(name))
    assert [("header-missing", f"/headers/{name.lower()}")] == beside(one, other)
    assert [("header-added", f"/headers/{name.lower()}")] == beside(other, one)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Type", "application/json"),
        ("Location", "/api/lots/2"),
        ("Allow", "GET"),
        ("Vary", "Origin"),
        ("Access-Control-Allow-Origin", "https://plant.example"),
        ("Server", "candidate/1.0"),
        ("Date", "yesterday"),
    ],
)
def test_another_value_of_a_header_is_found(name: str, value: str) -> None:
    other = tuple((key, value if key == name else old) for key, old in COMMON)
    found = beside(exchange({}, headers=COMMON), exchange({}, headers=other))
    assert [("header-value", f"/headers/{name.lower()}")] == found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Vary", "accept-encoding,origin"),
        ("Allow", "POST,GET"),
        ("Date", "Tue, 03 Mar 2026 01:02:03 GMT"),
        ("Content-Length", "14"),
    ],
)
def test_what_http_calls_the_same_is_the_same(name: str, value: str) -> None:
    other = tuple((key.upper(), value if key == name else old) for key, old in COMMON)
    assert [] == beside(exchange({}, headers=COMMON), exchange({}, headers=other))


def test_the_length_of_a_head_response_is_all_it_says_and_is_compared() -> None:
    one = exchange(body=b"", method="HEAD", headers=(("Content-Length", "13"),))
    other = exchange(body=b"", method="HEAD", headers=(("Content-Length", "14"),))
    assert [("header-value", "/headers/content-length")] == beside(one, other)


def test_a_length_that_became_chunks_is_one_difference() -> None:
    one = exchange({}, headers=(*JSON_HEADERS, ("Content-Length", "2")))
    other = exchange({}, headers=(*JSON_HEADERS, ("Transfer-Encoding", "chunked")))
    assert [("header-value", "/headers/content-length")] == beside(one, other)


def test_a_header_that_came_twice_is_not_one_that_came_once() -> None:
    one = exchange({}, headers=(*JSON_HEADERS, ("X-Tag", "a"), ("X-Tag", "b")))
    other = exchange({}, headers=(*JSON_HEADERS, ("X-Tag", "a")))
    turned = exchange({}, headers=(*JSON_HEADERS, ("X-Tag", "b"), ("X-Tag", "a")))
    assert [("header-value", "/headers/x-tag")] == beside(one, other)
    assert [("header-value", "/headers/x-tag")] == beside(one, turned)


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ("sid=abd; Path=/; HttpOnly; Max-Age=3600; SameSite=Lax", ("header-value", "")),
        ("sid=abc; Path=/api; HttpOnly; Max-Age=3600; SameSite=Lax", ("value", "/path")),
        ("sid=abc; Path=/; Max-Age=3600; SameSite=Lax", ("missing", "/httponly")),
        ("sid=abc; Path=/; HttpOnly; SameSite=Lax", ("missing", "/max-age")),
        ("sid=abc; Path=/; HttpOnly; Secure; Max-Age=3600; SameSite=Lax", ("added", "/secure")),
        ("sid=abc; Path=/; HttpOnly; Max-Age=3600; SameSite=None", ("value", "/samesite")),
    ],
)
def test_a_changed_cookie_is_found_at_its_attribute(cookie: str, expected: tuple[str, str]) -> None:
    other = tuple((k, cookie if v.startswith("sid=") else v) for k, v in COMMON)
    found = beside(exchange({}, headers=COMMON), exchange({}, headers=other))
    assert [(expected[0], "/headers/set-cookie/sid" + expected[1])] == found


def test_each_lost_cookie_is_found_by_its_name_even_when_no_other_is_left() -> None:
    one = exchange({}, headers=(*JSON_HEADERS, ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")))
    some = exchange({}, headers=(*JSON_HEADERS, ("Set-Cookie", "a=1")))
    none = exchange({}, headers=JSON_HEADERS)
    assert [("header-missing", "/headers/set-cookie/b")] == beside(one, some)
    assert [("header-missing", "/headers/set-cookie/a")] == beside(some, none)
    assert [("header-added", "/headers/set-cookie/a")] == beside(none, some)


def test_the_order_of_cookies_and_attributes_is_no_difference() -> None:
    one = exchange({}, headers=(("Set-Cookie", "a=1; Path=/; Secure"), ("Set-Cookie", "b=2")))
    other = exchange({}, headers=(("Set-Cookie", "b=2"), ("Set-Cookie", "a=1; secure; path=/")))
    assert [] == beside(one, other)


def test_a_status_says_what_its_body_and_its_own_headers_would_say_again() -> None:
    one = exchange({"a": 1}, status=405, headers=COMMON)
    headers = (("Content-Type", "text/html"), *headers_without("Allow")[2:])
    other = exchange(body=b"<p>", status=404, headers=headers)
    assert [("status", "")] == beside(one, other)


def test_a_status_does_not_hide_the_other_headers() -> None:
    one = exchange({"a": 1}, status=400, headers=COMMON)
    other = exchange({"a": 1}, status=422, headers=headers_without("Access-Control-Allow-Origin"))
    expected = [("status", ""), ("header-missing", "/headers/access-control-allow-origin")]
    assert expected == beside(one, other)


def test_the_change_of_a_status_is_the_pair() -> None:
    found = judged(transcript(exchange(status=400)), transcript(exchange(status=422)))
    assert ["400 → 422"] == [difference.change for difference in found.differences]


@pytest.mark.parametrize(
    ("content_type", "body", "change"),
    [
        ("text/html; charset=utf-8", b"<html></html>", "json → html"),
        ("text/plain", b"oops", "json → text"),
        ("application/json", b"", "json → empty"),
        ("application/octet-stream", b"\0\1", "json → binary"),
    ],
)
def test_another_kind_of_body_is_one_difference(
    content_type: str, body: bytes, change: str
) -> None:
    other = exchange(body=body, headers=(("Content-Type", content_type),))
    found = judged(transcript(exchange({"a": 1})), transcript(other)).differences
    assert [("body-kind", "")] == brief(found)
    assert change == found[0].change


@pytest.mark.parametrize(
    ("body", "expected", "change"),
    [
        (b'{"a": 500.0, "b": [1]}', "/a", "integer → decimal 1"),
        (b'{"a": 5e2, "b": [1]}', "/a", "integer → exponent"),
        (b'{"a": NaN, "b": [1]}', "/a", "integer → NaN"),
        (b'{"a": 500, "a": 500, "b": [1]}', "/a", "sound → duplicate key"),
        (b'{"a": 1, "a": 500, "b": [1]}', "/a", "sound → duplicate key"),
        (b'{"a": 500, "a": 1, "b": [1]}', "/a", "sound → duplicate key"),
        (b'{"a": 500, "b": [1]', "", "sound → JSON cut off"),
        (b'{"a": 500, "b": [1', "", "sound → JSON cut off"),
        (b'{"a": 500, "b": [1]}}', "", "sound → data after the end of the JSON"),
        (b"<p>sorry</p>", "", "sound → not JSON"),
        (b'\xef\xbb\xbf{"a": 500, "b": [1]}', "", "sound → byte order mark"),
        (b'{"a": 500, "b": [1], "\xff": 1}', "", "sound → invalid UTF-8"),
        (b'{"a": 500, "b": [1]}' + b"[" * 100_000, "", "sound → data after the end of the JSON"),
        (b"[" * 100_000 + b"]" * 100_000, "", "sound → nested too deep to compare by field"),
    ],
)
def test_what_a_lenient_parser_would_smooth_over_is_found(
    body: bytes, expected: str, change: str
) -> None:
    one = exchange(body=b'{"a": 500, "b": [1]}')
    found = judged(transcript(one), transcript(exchange(body=body))).differences
    assert [("wire", expected)] == brief(found)
    assert change == found[0].change
    assert [] == beside(exchange(body=body), exchange(body=body))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"decision": "HOLD", "decision": "HOLD"}', ('"HOLD"', '2 times: "HOLD", "HOLD"')),
        (b'{"decision": "FAIL", "decision": "HOLD"}', ('"HOLD"', '2 times: "FAIL", "HOLD"')),
        (b'{"decision": 1.50, "decision": {}}', ('"HOLD"', "2 times: 1.50, {…}")),
    ],
)
def test_a_key_that_stands_twice_is_told_with_what_it_was_given(
    body: bytes, told: tuple[str, str]
) -> None:
    one = exchange(body=b'{"id": "' + b"a" * 300 + b'", "decision": "HOLD"}')
    other = exchange(body=body.replace(b"{", b'{"id": "' + b"b" * 300 + b'", ', 1))
    found = judged(transcript(one), transcript(other)).differences

    assert told == next((a.baseline, a.candidate) for a in found if a.pointer == "/decision")


@pytest.mark.parametrize(
    ("kind", "sound", "broken"),
    [
        ("application/json", b'{"a": 500}', b'{"a": 7'),
        ("application/xml", b"<lot><kg>5</kg></lot>", b"<lot><kg>7</lot>"),
        ("application/yaml", b"kg: 5\nname: a\n", b"kg: 7\nkg: 7\n"),
        ("application/json", b'{"a": 500}', b'{"a": 500, "a": 7}'),
    ],
)
def test_what_one_side_cannot_be_read_as_is_open_beside_the_finding(
    kind: str, sound: bytes, broken: bytes
) -> None:
    headers = (("Content-Type", kind),)
    one, other = exchange(body=sound, headers=headers), exchange(body=broken, headers=headers)
    found = judged(transcript(one), transcript(other))
    assert ["wire"] == [str(one.kind) for one in found.differences]
    assert 1 == len(found.account.open)
    alike = judged(transcript(other), transcript(other))
    assert ((), {}) == (alike.differences, alike.account.open)


def test_a_key_that_comes_twice_with_one_value_leaves_nothing_open() -> None:
    twice = exchange(body=b'{"a": 500, "a": 500}')
    assert {} == judged(transcript(exchange({"a": 500})), transcript(twice)).account.open


def test_a_body_of_another_kind_is_open_and_none_at_all_is_not() -> None:
    page = exchange(body=b"<p>5</p>", headers=(("Content-Type", "text/html"),))
    one = transcript(exchange({"a": 1}))
    assert 1 == len(judged(one, transcript(page)).account.open)
    assert {} == judged(one, transcript(exchange(body=b""))).account.open


def test_an_integer_that_lost_its_last_digits_is_another_value() -> None:
    one = exchange(body=b'{"n": 9007199254740993}')
    other = exchange(body=b'{"n": 9007199254740992}')
    assert [("value", "/n")] == beside(one, other)


def test_lone_surrogates_are_compared_and_shown() -> None:
    one, other = exchange(body=rb'{"n": "\ud800"}'), exchange(body=rb'{"n": "\ud801"}')
    found = judged(transcript(one), transcript(other)).differences
    assert [("value", "/n")] == brief(found)
    assert r'"\ud800"' == found[0].baseline


def test_documents_nested_deeper_than_the_walk_goes_are_still_compared() -> None:
    depth = 900
    one = exchange(body=b"[" * depth + b"1" + b"]" * depth)
    other = exchange(body=b"[" * depth + b"2" + b"]" * depth)
    assert [] == beside(one, one)
    assert 1 == len(beside(one, other))


def failed(kind: FailureKind) -> Exchange:
    return replace(exchange({}), response=None, failure=Failure(kind, "the connection was reset"))


def test_a_candidate_that_does_not_answer_is_found() -> None:
    found = judged(transcript(exchange({})), transcript(failed(FailureKind.RESET))).differences
    assert [("wire", "", "answer → reset")] == [(d.kind, d.pointer, d.change) for d in found]
    cut = replace(exchange({}), failure=Failure(FailureKind.TRUNCATED, "closed in mid-body"))
    found = judged(transcript(exchange({})), transcript(cut)).differences
    assert ["whole → truncated"] == [difference.change for difference in found]


def test_an_answer_that_broke_off_has_status_and_headers_and_leaves_its_body_open() -> None:
    def broken(status: int = 200, name: str = "X-Page") -> Exchange:
        whole = exchange({"a": 1}, status=status, headers=(*JSON_HEADERS, (name, "1")))
        return replace(whole, failure=Failure(FailureKind.TRUNCATED, "closed in mid-body"))

    whole = transcript(replace(broken(), failure=None))
    for other, more in (
        (broken(), []),
        (broken(name="X-Pages"), [("header-added", "/headers/x-pages"),
                                  ("header-missing", "/headers/x-page")]),
        (broken(status=500), [("status", "")]),
    ):  # fmt: skip
        found = judged(whole, transcript(other))
        assert sorted([("wire", ""), *more]) == sorted(brief(found.differences))
        is_another_answer = ("status", "") in more
        assert is_another_answer or [BROKEN_OFF] == [one.reason for one in found.account.open]


def test_a_baseline_that_does_not_answer_concludes_nothing() -> None:
    from pytest_cutover.compare.diff.transcripts import compare
    from pytest_cutover.compare.noise.model import learn

    golden = learn(*[transcript(exchange({}))] * 2)
    found = compare(
        transcript(failed(FailureKind.TIMEOUT)), transcript(exchange({})), golden=golden
    )
    assert () == found.differences
    assert "baseline failed at GET /api/lots" in (found.inconclusive or "")


def test_one_request_more_is_a_length_or_open_where_something_differed_before() -> None:
    one = transcript(exchange({}), exchange({}, target="/b"))
    found = judged(one, transcript(exchange({}), side=Side.CANDIDATE)).differences
    assert [("GET /b", "length", "")] == [(d.endpoint, str(d.kind), d.pointer) for d in found]
    refused = judged(one, transcript(exchange({}, status=500)))
    assert [("status", "")] == brief(refused.differences)
    assert ["GET /b"] == [place.endpoint for place in refused.account.open]
    longer = judged(transcript(exchange({}, status=500)), one).differences
    assert [("status", ""), ("length", "")] == brief(longer)


def test_another_request_where_nothing_differed_before_concludes_nothing() -> None:
    found = judged(transcript(exchange({}, target="/a")), transcript(exchange({}, target="/b")))
    assert () == found.differences
    assert found.requests_differ
    assert "another request" in (found.inconclusive or "")


def test_a_profile_forgives_a_value_and_a_presence_only_where_it_says_so() -> None:
    one = exchange({}, headers=(*JSON_HEADERS, ("X-Powered-By", "Express"), ("ETag", 'W/"a"')))
    other = exchange({}, headers=(*JSON_HEADERS, ("ETag", 'W/"b"')))
    bare = exchange({}, headers=JSON_HEADERS)
    assert [] == beside(one, other, profiles=Profiles.named("express"))
    assert [("header-missing", "/headers/etag")] == beside(
        one, bare, profiles=Profiles.named("express")
    )
    with pytest.raises(KeyError, match="no profile 'expres'"):
        Profiles.named("expres")


def test_rules_constrain_where_they_point() -> None:
    def ruled(rule: Rule, one: str, other: str) -> list[tuple[str, str]]:
        return beside(
            exchange(body=one.encode()), exchange(body=other.encode()), rules=Rules((rule,))
        )

    number = Rule("/n", Mode.SAME_NUMBER)
    assert [] == ruled(number, '{"n": 500}', '{"n": 5e2}')
    assert [("value", "/n")] == ruled(number, '{"n": 500}', '{"n": 501.0}')
    instant = Rule("/t", Mode.SAME_INSTANT)
    assert [] == ruled(
        instant, '{"t": "2026-01-01T00:00:00Z"}', '{"t": "2026-01-01T01:00:00+01:00"}'
    )
    assert 1 == len(
        ruled(instant, '{"t": "2026-01-01T00:00:00Z"}', '{"t": "2026-01-01T00:00:01Z"}')
    )
    near = Rule("/*/n", Mode.TOLERANCE, absolute=0.5)
    assert [] == ruled(near, '[{"n": 1}]', '[{"n": 1.5}]')
    assert [("value", "/0/n")] == ruled(near, '[{"n": 1}]', '[{"n": 1.6}]')
    free = Rule("/t", Mode.VOLATILE)
    assert [] == ruled(free, '{"t": "2026-01-01"}', '{"t": "2026-02-02"}')
    assert [("format", "/t")] == ruled(free, '{"t": "2026-01-01"}', '{"t": "soon"}')
    gone = Rule("/**/debug", Mode.IGNORE, reason="developers only")
    assert [] == ruled(gone, '{"a": {"debug": 1}}', '{"a": {}, "debug": 2}')
    keyed = Rule("", Mode.UNORDERED, key="/id")
    assert [("value", "/0/n")] == ruled(
        keyed, '[{"id": 1, "n": 1}, {"id": 2, "n": 2}]', '[{"id": 2, "n": 9}, {"id": 1, "n": 1}]'
    )
    assert [("length", "")] == ruled(keyed, '[{"id": 1}, {"id": 2}]', '[{"id": 2}]')


@pytest.mark.parametrize("document", [{}, {"id": "6f9619ff-8b86-4d01-b42d-00c04fc964ff"}])
def test_another_version_of_http_is_found(document: object) -> None:
    def spoken(version: str, *headers: tuple[str, str]) -> Exchange:
        one = exchange(document, headers=(*JSON_HEADERS, *headers))
        assert one.response is not None
        return replace(one, response=replace(one.response, http_version=version))

    new, old = spoken("HTTP/1.1"), spoken("HTTP/1.0")
    assert [] == beside(old, old)
    (found,) = judged(transcript(new), transcript(old)).differences
    assert ("wire", "", "HTTP/1.1 → HTTP/1.0") == (found.kind, found.pointer, found.change)
    assert [("wire", "")] == beside(old, new)
    # How 1.0 says what 1.1 says without words is no second finding.
    assert [("wire", "")] == beside(new, spoken("HTTP/1.0", ("Connection", "close")))


def test_a_validator_that_stands_still_beside_a_body_that_varies_is_no_hash_of_it() -> None:
    def page(tag: str, at: str) -> Transcript:
        headers = (*JSON_HEADERS, ("ETag", f'"{tag}"'))
        return transcript(exchange({"at": at, "n": 1}, headers=headers))

    times = [f"2026-03-02T12:00:0{n}.000Z" for n in range(3)]
    one, again = page("abc1", times[0]), page("abc1", times[1])
    assert [] == brief(judged(one, page("abc1", times[2]), again=again).differences)
    wrong = brief(judged(one, page("abc2", times[2]), again=again).differences)
    assert [("header-value", "/headers/etag")] == wrong
    hashed = page("abc9", times[1])  # of its own body, in each round
    assert [] == brief(judged(one, page("abc2", times[2]), again=hashed).differences)


@pytest.mark.parametrize("statuses", [(302, 303), (301, 308), (201, 303)])
def test_where_a_redirect_leads_is_held_between_two_statuses_that_say_it(
    statuses: tuple[int, int],
) -> None:
    def led(status: int, to: str) -> Exchange:
        return exchange(body=b"", status=status, headers=(("Location", to),))

    one = led(statuses[0], "/home")
    assert [("status", "")] == beside(one, led(statuses[1], "/home"))
    found = beside(one, led(statuses[1], "/login"))
    assert [("header-value", "/headers/location"), ("status", "")] == sorted(found)
    assert [("status", "")] == beside(one, exchange(body=b"", status=403, headers=()))


def test_a_time_that_moved_in_a_header_is_no_other_spelling_of_one() -> None:
    def at(when: str) -> Transcript:
        return transcript(exchange({}, headers=(*JSON_HEADERS, ("X-Created-At", when))))

    def change(when: str) -> str:
        return judged(at("2020-01-01T00:00:00.000Z"), at(when)).differences[0].change

    spelled, moved = change("2020-01-01T00:00:00.000000Z"), change("2026-01-01T00:00:00.000000Z")
    assert "timestamp ms Z → timestamp us Z" == spelled
    assert f"{spelled}, another time" == moved
