"""Recordings, whole, cut off, large and odd: what is replayed, and what is said."""

from __future__ import annotations

import base64
import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from pytest_cutover.core.exchange import Exchange
from pytest_cutover.replay.importers import har_stream
from pytest_cutover.replay.importers.har import HarImporter, recorded
from pytest_cutover.replay.importers.har_stream import HarError, entries
from pytest_cutover.replay.recording import Recording, recording
from pytest_cutover.replay.substituting import Given, sent_headers, sent_target

LOT = "11111111-2222-4333-8444-555555555555"
TOKEN = "token-of-the-recording-0123456789"


def entry(
    method: str,
    url: str,
    sent: Any = None,
    got: Any = None,
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (),
    mime: str = "application/json",
    **more: Any,
) -> dict[str, Any]:
    asked: dict[str, Any] = {
        "method": method,
        "url": url,
        "headers": [{"name": name, "value": value} for name, value in headers],
    }
    if sent is not None:
        asked["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
    answered = {
        "status": status,
        "headers": [{"name": "content-type", "value": mime}],
        "content": {"mimeType": mime, "text": json.dumps(got)},
    }
    return {"request": asked, "response": answered, **more}


def replayed(listed: list[dict[str, Any]], *origins: str) -> Recording:
    return recording((recorded(one, n) for n, one in enumerate(listed, 1)), origins=origins)


def har(path: Path, *listed: dict[str, Any], **around: Any) -> Path:
    document = {"log": {"version": "1.2", **around, "entries": list(listed), "comment": "end"}}
    path.write_text(json.dumps(document), "utf-8")
    return path


def test_entries_are_found_whatever_stands_around_them(tmp_path: Path) -> None:
    odd = {"entries": ['"entries": [{', {"entries": [1]}]}
    path = har(tmp_path / "a.har", {"n": 1}, {"n": '{"['}, creator=odd, pages=[{"entries": []}])
    assert list(entries(path)) == [{"n": 1}, {"n": '{"['}]


@pytest.mark.parametrize("at", [40, 90, 200, 300])
def test_a_file_that_is_cut_off_says_so(tmp_path: Path, at: int) -> None:
    path = har(tmp_path / "a.har", *({"n": number, "t": "x" * 40} for number in range(20)))
    path.write_bytes(path.read_bytes()[:at])
    with pytest.raises(HarError, match=r"cut off after|not a HAR file"):
        list(entries(path))


def test_another_json_file_is_no_har(tmp_path: Path) -> None:
    path = tmp_path / "a.har"
    path.write_text('{"entries": [{"n": 1}]}')
    with pytest.raises(HarError, match=r"no log\.entries"):
        list(entries(path))


def test_a_large_file_is_read_in_the_memory_of_one_entry(tmp_path: Path) -> None:
    path = tmp_path / "big.har"
    body = base64.b64encode(b"\x00\xff" * 500_000).decode()
    with path.open("w") as file:
        file.write('{"log": {"entries": [')
        for number in range(40):
            file.write(("," if number else "") + json.dumps({"n": number, "text": body}))
        file.write("]}}")
    assert path.stat().st_size > 50_000_000
    tracemalloc.start()
    assert sum(1 for _ in entries(path)) == 40
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12_000_000


def test_a_recording_takes_the_memory_of_its_requests_not_of_its_answers(tmp_path: Path) -> None:
    api = "https://shop.example"
    answer = {"rows": [{"n": number, "text": "x" * 50} for number in range(8_000)]}
    text = json.dumps(entry("GET", f"{api}/report", None, answer))
    last = json.dumps(entry("GET", f"{api}/lots/{LOT}", None, {"id": LOT}))
    first = json.dumps(entry("POST", f"{api}/lots", {"code": "A"}, {"id": LOT}, status=201))
    path = tmp_path / "big.har"
    with path.open("w") as file:
        file.write('{"log": {"entries": [' + first)
        file.writelines("," + text for _ in range(40))
        file.write("," + last + "]}}")
    assert path.stat().st_size > 25_000_000
    observed = 0

    def observe(_exchange: Exchange) -> None:
        nonlocal observed
        observed += 1

    tracemalloc.start()
    found = recording(HarImporter().entries(path), observe=observe)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert observed == len(found.steps) == 42
    assert found.steps[0].gives == {LOT: "/body/id"}
    assert peak < 16_000_000


def chrome(one: dict[str, Any]) -> dict[str, Any]:
    one["_initiator"] = {"type": "script"}
    one["_resourceType"] = "fetch"
    one["request"]["headers"] += [
        {"name": ":authority", "value": "shop.example"},
        {"name": "sec-ch-ua", "value": '"Chromium"'},
    ]
    one["request"]["cookies"] = []
    one["response"]["_transferSize"] = 12
    return one


def firefox(one: dict[str, Any]) -> dict[str, Any]:
    one["pageref"] = "page_1"
    if "postData" in one["request"]:
        one["request"]["postData"]["params"] = []
    one["response"]["content"]["comment"] = ""
    return one


def mitmproxy(one: dict[str, Any]) -> dict[str, Any]:
    content = one["response"]["content"]
    content["text"] = base64.b64encode(content["text"].encode()).decode()
    content["encoding"] = "base64"
    one["serverIPAddress"] = "127.0.0.1"
    one["response"]["bodySize"] = -1
    return one


def playwright(one: dict[str, Any]) -> dict[str, Any]:
    one["_serverPort"] = 443
    one["response"]["content"]["size"] = len(one["response"]["content"]["text"])
    one["request"]["httpVersion"] = "HTTP/2.0"
    return one


@pytest.mark.parametrize("tool", [chrome, firefox, mitmproxy, playwright])
@pytest.mark.parametrize("failed", [0, -1, None])
def test_exports_of_other_tools_are_read(tool: Any, failed: int | None) -> None:
    api = "https://shop.example"
    broken = entry("GET", f"{api}/never")
    broken["response"] = None if failed is None else {"status": failed, "headers": []}
    found = replayed(
        [
            tool(entry("POST", f"{api}/lots", {"code": "A"}, {"id": LOT}, status=201)),
            broken,
            tool(entry("GET", f"{api}/lots/{LOT}", None, {"id": LOT})),
        ]
    )
    assert [step.endpoint for step in found.steps] == ["POST /lots", "GET /lots/{}"]
    assert found.steps[0].gives == {LOT: "/body/id"}
    assert found.left_out == {"without an answer": 1}
    assert [name for name, _ in sent_headers(found.steps[0].request, {})] == []


def test_a_recording_without_the_bodies_of_answers_is_replayed_as_requests() -> None:
    one = entry("GET", "https://shop.example/lots")
    one["response"]["content"] = {"mimeType": "application/json", "size": 12, "_file": "a.json"}
    assert [step.status for step in replayed([one]).steps] == [200]


def test_a_recording_without_answers_is_replayed_whole() -> None:
    listed = [entry("GET", f"https://shop.example/lots/{n}") for n in range(3)]
    for one in listed:
        del one["response"]
    found = replayed(listed)
    assert [step.status for step in found.steps] == [0, 0, 0]
    assert found.left_out == {}


def test_values_given_out_flow_to_later_requests() -> None:
    api = "https://shop.example"
    found = replayed(
        [
            entry("GET", f"{api}/logo.png", mime="image/png"),
            entry("POST", f"{api}/login", {"email": "a@b.example"}, {"token": TOKEN}),
            entry(
                "POST",
                f"{api}/lots",
                {"code": "REC-000001"},
                {"id": LOT, "code": "REC-000001"},
                headers=(("Authorization", f"Bearer {TOKEN}"), (":path", "/lots")),
            ),
            entry("GET", f"{api}/lots/{LOT}?full=1", None, {"id": LOT}),
            entry("GET", "https://tracker.example/collect", None, None, mime="text/plain"),
        ]
    )
    assert [step.endpoint for step in found.steps] == ["POST /login", "POST /lots", "GET /lots/{}"]
    assert [dict(step.gives) for step in found.steps] == [
        {TOKEN: "/body/token"},
        {LOT: "/body/id"},
        {},
    ]
    assert found.left_out == {"static content": 1, "of another origin, https://tracker.example": 1}


def test_credentials_of_the_recording_are_not_sent() -> None:
    step = replayed(
        [
            entry(
                "GET",
                "https://shop.example/me",
                headers=(("authorization", f"Bearer {TOKEN}"), ("cookie", "a=b"), ("x-a", "b")),
            )
        ]
    ).steps[0]
    assert sent_headers(step.request, {}) == [("x-a", "b")]
    assert sent_headers(step.request, {TOKEN: Given(TOKEN)})[0] == (
        "authorization",
        f"Bearer {TOKEN}",
    )


def test_a_number_is_replaced_only_as_a_whole() -> None:
    sent = sent_target("/lots/7/parts/17?id=7", {"7": Given("90")})
    assert sent == "/lots/90/parts/17?id=90"


def test_binary_bodies_are_kept_as_bytes() -> None:
    one = entry("POST", "https://shop.example/upload")
    one["request"]["postData"] = {
        "mimeType": "image/png", "text": base64.b64encode(b"\x89PNG\xff").decode(),
        "encoding": "base64",
    }  # fmt: skip
    assert replayed([one]).steps[0].request.body == b"\x89PNG\xff"


def test_what_is_no_entry_is_named() -> None:
    with pytest.raises(ValueError, match="entry 2 is not a HAR entry: it has no 'request'"):
        replayed([entry("GET", "https://shop.example/a"), {"startedDateTime": "…"}])


@pytest.mark.parametrize("slug", ["q", "qw", "qwert", "17"])
def test_an_id_of_any_length_flows_where_a_path_names_it(slug: str) -> None:
    api = "https://s.example"
    found = replayed(
        [
            entry("POST", f"{api}/links", {"to": "there"}, {"slug": slug, "kind": "short"}),
            entry("GET", f"{api}/links/{slug}", None, {"kind": "short"}),
        ]
    )
    assert [dict(step.gives) for step in found.steps] == [{slug: "/body/slug"}, {}]
    assert found.steps[1].endpoint == "GET /links/{}"
    assert sent_target(f"/links/{slug}?a={slug}b", {slug: Given("new")}) == f"/links/new?a={slug}b"


def test_a_short_word_that_no_path_names_is_no_id() -> None:
    api = "https://s.example"
    found = replayed(
        [
            entry("GET", f"{api}/a", None, {"color": "red"}),
            entry("POST", f"{api}/b", {"color": "red"}, {}),
        ]
    )
    assert dict(found.steps[0].gives) == {}


def page(url: str, origin: str, got: Any = None, **more: Any) -> dict[str, Any]:
    return entry("GET", url, None, got, headers=(("Referer", f"{origin}/cart"),), **more)


def test_the_site_of_the_page_is_the_own_one_and_the_others_are_named() -> None:
    shop, api, tracker = "https://shop.example", "https://api.shop.example", "https://t.example"
    listed = [page(f"{tracker}/v1/{n}", shop, {"ok": True}) for n in range(8)]
    listed += [page(f"{api}/prices/{n}", shop, {"price": 9}) for n in range(2)]
    found = replayed(listed)
    assert [step.endpoint for step in found.steps] == ["GET /prices/{}", "GET /prices/{}"]
    assert found.left_out == {f"of another origin, {tracker}": 8}
    named = replayed(listed, tracker)
    assert len(named.steps) == 8


@pytest.mark.parametrize(
    ("own", "other", "pages"),
    [
        ("https://api.shop.co.uk", "https://in.metrics.co.uk", True),
        ("https://shop.example", "https://t.shop.example", True),
        ("https://api.shop.example", "https://t.example", False),
        ("https://a.shop.vercel.app", "https://t.vercel.app", True),
    ],
)
def test_what_counts_clicks_is_not_the_own_api(own: str, other: str, pages: bool) -> None:
    """It says one thing, often; and the names of a country's registry belong to many."""
    page_of = own.replace("api.", "www.") if pages else ""
    headers = (("Referer", f"{page_of}/cart"),) if pages else ()
    listed = [entry("POST", f"{other}/v1", {"n": n}, {"ok": 1}, headers=headers) for n in range(8)]
    listed += [entry("GET", f"{own}/prices/{n}", None, {"n": n}, headers=headers) for n in (1, 2)]
    found = replayed(listed)
    assert [step.endpoint for step in found.steps] == ["GET /prices/{}", "GET /prices/{}"]
    assert found.left_out == {f"of another origin, {other}": 8}


def test_requests_go_in_the_order_in_which_they_began() -> None:
    """The specification lets a tool write an entry when it has ended."""
    made = entry("POST", "https://shop.example/lots", {}, {"id": LOT}, status=201)
    read = entry("GET", f"https://shop.example/lots/{LOT}", None, {"n": 1})
    made["startedDateTime"], read["startedDateTime"] = (
        f"2026-03-01T09:00:0{second}Z" for second in (0, 1)
    )
    for listed in ([read, made], [made, read]):
        found = replayed(listed)
        assert [step.endpoint for step in found.steps] == ["POST /lots", "GET /lots/{}"]
        assert found.steps[0].gives == {LOT: "/body/id"}


def test_the_origin_of_the_target_is_the_own_one() -> None:
    listed = [page(f"https://big.example/{n}", "https://big.example", {"n": 1}) for n in range(5)]
    listed.append(entry("GET", "http://127.0.0.1:8000/a", None, {"n": 1}))
    assert len(replayed(listed, "http://127.0.0.1:8000").steps) == 1


def test_a_key_in_a_header_or_the_query_stays_at_home() -> None:
    headers = (("x-api-key", "live-1"), ("Ocp-Apim-Subscription-Key", "live-2"), ("x-plant", "A"))
    url = "https://shop.example/me?api_key=live-3&page=2&token=t"
    step = replayed([entry("GET", url, headers=headers)]).steps[0]
    assert sent_headers(step.request, {}) == [("x-plant", "A")]
    assert sent_target(step.request.target, {}) == "/me?page=2"
    assert sent_target(step.request.target, {"t": Given("t")}) == "/me?page=2&token=t"


def test_the_fields_of_an_upload_are_sent_as_the_browser_did() -> None:
    one = entry("POST", "https://shop.example/upload", status=201)
    kind = "multipart/form-data; boundary=xx"
    one["request"]["headers"] = [{"name": "Content-Type", "value": kind}]
    file = {"name": "file", "fileName": "a.txt", "contentType": "text/plain", "value": "abc"}
    one["request"]["postData"] = {"mimeType": kind, "params": [file, {"name": "n", "value": "1"}]}
    body = replayed([one]).steps[0].request.body
    assert body == (
        b'--xx\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nabc\r\n"
        b'--xx\r\nContent-Disposition: form-data; name="n"\r\n\r\n1\r\n--xx--\r\n'
    )


def test_an_entry_that_is_too_large_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(har_stream, "LARGEST_ENTRY_BYTES", 1000)
    path = har(
        tmp_path / "a.har",
        entry("GET", "https://shop.example/a"),
        entry("GET", "https://shop.example/b", None, "x" * 2000),
    )
    found = recording(HarImporter().entries(path))
    assert [step.endpoint for step in found.steps] == ["GET /a"]
    assert sum(found.missed.values()) == 1


def test_cookies_may_stand_in_a_list_alone() -> None:
    one = entry("GET", "https://x.example/a", None, {})
    one["request"]["cookies"] = [{"name": "lang", "value": "de"}, {"name": "sid", "value": "1"}]
    (step,) = replayed([one]).steps
    assert sent_headers(step.request, {}) == [("Cookie", "lang=de")]


@pytest.mark.parametrize(
    ("value", "sent"),
    [("a%40x.example", "mail=a%40x.example"), ("a@x", "mail=a%40x"), ("5 %25", "mail=5+%2525")],
)
def test_fields_of_a_form_may_be_escaped_already(value: str, sent: str) -> None:
    one = entry("POST", "https://x.example/a", None, {})
    params = [{"name": "mail", "value": value}]
    one["request"]["postData"] = {"mimeType": "application/x-www-form-urlencoded", "params": params}
    assert replayed([one]).steps[0].request.body.decode() == sent


def test_json_that_is_said_to_be_a_page_is_replayed() -> None:
    assert len(
        replayed([entry("GET", "https://x.example/a.php", None, {}, mime="text/html")]).steps
    )


def test_a_body_in_a_file_of_its_own_is_read_or_missed(tmp_path: Path) -> None:
    one = entry("POST", "https://x.example/a", None, {})
    one["request"]["postData"] = {"mimeType": "application/json", "_file": "b.json"}
    other = json.loads(json.dumps(one))
    other["request"]["postData"]["_file"] = "../secret.json"
    (tmp_path / "b.json").write_text("{}")
    found = recording(HarImporter().entries(har(tmp_path / "a.har", one, other)))
    assert [step.request.body for step in found.steps] == [b"{}"]
    assert sum(found.missed.values()) == 1


def test_a_default_port_and_capitals_are_of_the_same_origin() -> None:
    listed = [entry("GET", "https://API.x.example:443/a", None, {})]
    listed += [entry("GET", f"https://m.example/{n}", None, {"n": n}) for n in range(3)]
    found = replayed(listed, "https://api.x.example/")
    assert [step.request.path for step in found.steps] == ["/a"]


def test_the_base_path_of_a_target_is_that_of_the_recording_too() -> None:
    listed = [entry("GET", f"https://x.example{at}", None, {}) for at in ("/api/a?b=1", "/login")]
    entries = [recorded(one, n) for n, one in enumerate(listed, 1)]
    found = recording(entries, bases=["/api", "/v2", ""])
    assert [(one.request.target, one.endpoint) for one in found.steps] == [("/a?b=1", "GET /a")]
    assert found.left_out == {"not below the base path of the target, /api": 1}
    beside = recording(entries, bases=["/other"])
    assert len(beside.steps) == 2


def test_what_was_refused_for_want_of_a_login_is_sent_without() -> None:
    token = (("Authorization", f"Bearer {TOKEN}"),)
    listed = [
        entry("GET", "https://x.example/a", None, {}, status=401),
        entry("GET", "https://x.example/a", None, {}, headers=token),
        entry("GET", "https://x.example/b", None, {}, status=403),
        *[entry("GET", "https://x.example/a", None, {}, status=401, headers=token)] * 4,
        entry("GET", "https://x.example/b", None, {}, status=403, headers=token),
    ]
    logins = [step.login for step in replayed(listed).steps]
    assert logins == ["none", "", "none", "bad", "bad", "bad", "none", ""]
