"""What stands still and is each side's own, and what beside it is a difference."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

import pytest

from pytest_cutover.compare.diff.own_values import hashes_alike
from tests.unit.compare.building import (
    JSON_HEADERS,
    NOON_S,
    brief,
    departures,
    exchange,
    judged,
    transcript,
)


def header(name: str, ours: str, theirs: str, **settings: Any) -> list[tuple[str, str]]:
    both = [
        transcript(exchange({"a": 1}, headers=(*JSON_HEADERS, (name, value))))
        for value in (ours, theirs)
    ]
    return brief(judged(*both, **settings).differences)


AHEAD = int(NOON_S) + 900


@pytest.mark.parametrize("name", ["X-RateLimit-Reset", "RateLimit-Reset", "X-Rate-Limit-Reset"])
def test_windows_of_a_rate_limit_end_each_at_its_own_time(name: str) -> None:
    assert header(name, str(AHEAD), str(AHEAD - 13)) == []


@pytest.mark.parametrize(
    "theirs", [str(AHEAD * 1000), str(int(NOON_S) - 60), str(AHEAD + 3 * 86_400), "900", "soon"]
)
def test_a_window_of_another_unit_or_of_another_day_is_a_difference(theirs: str) -> None:
    assert header("X-RateLimit-Reset", str(AHEAD), theirs) != []


def test_an_epoch_elsewhere_is_one() -> None:
    assert header("X-Expires", str(AHEAD + 7), str(AHEAD - 113)) != []


STORED = '"2728156-1795665355-27"'


@pytest.mark.parametrize("theirs", ['"2728161-1795665355-27"', '"2728161-1795665358-27"'])
def test_files_of_two_stores_have_numbers_of_their_own(theirs: str) -> None:
    assert header("ETag", STORED, theirs, shared_state=False) == []
    assert header("ETag", STORED, theirs, shared_state=True) != []


@pytest.mark.parametrize(
    "theirs",
    [
        '"2728161-1795665358-28"',  # nothing of it is the same: another size too
        '"2728161-27"',
        'W/"2728161-1795665355-27"',
        "2728161-1795665355-27",
        '"2728161.1795665355.27"',
    ],
)
def test_a_validator_of_another_form_is_a_difference(theirs: str) -> None:
    assert header("ETag", STORED, theirs, shared_state=False) != []


CHANGED = '"1795747437638-text/html"'


def test_each_store_has_its_own_time_of_the_last_change() -> None:
    theirs = '"1795747459297-text/html"'
    assert header("ETag", CHANGED, theirs, shared_state=False) == []
    assert header("ETag", CHANGED, theirs, shared_state=True) != []


@pytest.mark.parametrize(
    "theirs",
    [
        '"1795747459297-text/turtle"',
        '"1795747459-text/html"',
        "1795747459297-text/html",
        'W/"1795747459297-text/html"',
        '"1795747459297"',
    ],
)
def test_but_none_of_another_form(theirs: str) -> None:
    assert header("ETag", CHANGED, theirs, shared_state=False) != []


def test_a_hash_of_equal_bodies_is_no_number_of_a_store() -> None:
    hashes = '"5d41402abc4b2a76b9719d911017c592"', '"7d793037a0760186574b0282f2f435e7"'
    assert header("ETag", *hashes, shared_state=False) != []


def test_a_validator_told_in_a_body() -> None:
    ours, theirs = ({"D:getetag": f"{n}-1795665355-27", "size": 27} for n in (2728156, 2728161))
    assert departures(ours, theirs, shared_state=False) == []
    assert departures(ours, theirs | {"size": 28}, shared_state=False) == [("value", "/size")]
    assert departures({"serial": "28-17-4"}, {"serial": "29-17-4"}, shared_state=False) != []


def test_a_set_that_a_body_tells_has_no_order() -> None:
    def told(fields: str) -> dict[str, Any]:
        return {"status": 200, "headers": {"Access-Control-Expose-Headers": fields}}

    assert departures(told("Backoff, Alert, ETag"), told("ETag, Alert, Backoff")) == []
    assert departures(told("Backoff, Alert, ETag"), told("ETag, Backoff")) != []
    assert departures({"fields": "a, b"}, {"fields": "b, a"}) == [("value", "/fields")]


UUID7, UUID3 = "5067c843-1add-76de-98d8-51ec9feb6153", "52af654e-742f-3a59-8cf6-fde51516fc76"
UUID4 = UUID3.replace("-3a59", "-4a59")
NONE = "52af654e-742f-3a59-4cf6-fde51516fc76"  # no UUID has such a variant


def test_a_hash_written_as_a_uuid_has_a_version_by_chance() -> None:
    assert hashes_alike(UUID7, NONE)
    assert hashes_alike(NONE, UUID7)
    assert hashes_alike(UUID7, UUID3)
    assert not hashes_alike(UUID7, UUID4)
    assert not hashes_alike(UUID7, "00000000-0000-0000-0000-000000000000")
    assert not hashes_alike(UUID7, NONE.upper())
    assert not hashes_alike(UUID7, NONE.replace("-", ""))


def test_it_is_one_only_where_it_is_always_the_same() -> None:
    def ids(*values: str) -> list[Any]:
        return [transcript(exchange({"bucket": value})) for value in values]

    base, again, cand = ids(UUID7, UUID7, NONE)
    assert brief(judged(base, cand, again=again).differences) != [("format", "/bucket")]
    base, again, cand = ids(UUID7, "6067c843-1add-76de-98d8-51ec9feb6153", NONE)
    assert brief(judged(base, cand, again=again).differences) == [("format", "/bucket")]


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("Content-Type", "text/html; charset=utf-8", "text/html;charset=UTF-8"),
        ("Content-Type", "text/html; charset=utf-8", 'Text/HTML; Charset="utf-8"'),
        ("Content-Disposition", 'attachment; filename="a-1.csv"', "attachment;filename=a-1.csv"),
        (
            "Strict-Transport-Security",
            "max-age=9; includeSubDomains",
            "max-age=9;includesubdomains",
        ),
    ],
)
def test_a_value_and_its_parameters_are_spelled_in_more_than_one_way(
    name: str, ours: str, theirs: str
) -> None:
    assert header(name, ours, theirs) == []


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("Content-Type", "text/html; charset=utf-8", "text/html"),
        ("Content-Type", "text/html; charset=utf-8", "text/html; charset=latin1"),
        ("Content-Disposition", 'attachment; filename="a.csv"', 'attachment; filename="A.csv"'),
        ("Content-Disposition", 'attachment; filename="a b.csv"', "attachment; filename=a b.csv"),
        ("Content-Disposition", 'attachment; filename="a.csv"', 'inline; filename="a.csv"'),
        ("Strict-Transport-Security", "max-age=9; includeSubDomains", "max-age=9"),
        ("X-Note", "a; b=c", "a;b=c"),
    ],
)
def test_another_value_or_parameter_is_a_difference(name: str, ours: str, theirs: str) -> None:
    assert header(name, ours, theirs) != []


@pytest.mark.parametrize(
    ("ours", "theirs", "is_one"),
    [
        ("2 seconds ago", "1 second ago", True),
        ("\n  58 seconds ago ", "\n  1 minute ago ", True),
        ("2 minutes ago", "3 minutes ago", True),
        ("a minute ago", "75 seconds ago", True),
        ("2\u00a0minutes ago", "3\u00a0minutes ago", True),
        ("Just now", "1\u00a0minute ago", True),
        ("\n  Just now ", "\n  40 seconds ago ", True),
        ("Just now", "3\u00a0minutes ago", False),
        ("Just now", "Just then", False),
        ("2 seconds ago", "2 minutes ago", False),
        ("2 seconds ago", "2 hours ago", False),
        ("5 minutes ago", "9 minutes ago", False),
        ("2 seconds ago", "in 2 seconds", False),
        ("2 seconds ago", "2 secs ago", False),
        ("3 years ago", "2 years ago", False),
    ],
)
@pytest.mark.parametrize("again", [True, False])
def test_an_age_follows_the_clock(ours: str, theirs: str, is_one: bool, again: bool) -> None:
    seen = [transcript(exchange({"when": text})) for text in (ours, theirs)]
    later = transcript(exchange({"when": ours.replace("2", "4")})) if again else None
    assert (brief(judged(*seen, again=later).differences) == []) is is_one


def _token(key: str, *, alg: str = "RS256", **claims: Any) -> str:
    parts = (
        {"alg": alg, "kid": key},
        {"iss": f"http://localhost:{key}", "iat": int(NOON_S), **claims},
    )
    said = [
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts
    ]
    mark = hashlib.sha256(f"{key}{said}".encode()).digest()
    return ".".join([*said, base64.urlsafe_b64encode(mark).decode().rstrip("=")])


@pytest.mark.parametrize("shared", [True, False])
def test_a_token_of_one_second_is_signed_by_each_side(shared: bool) -> None:
    def told(theirs: str) -> list[tuple[str, str]]:
        ours = _token("5001", scope="gates:read", exp=int(NOON_S) + 3600)
        return departures({"access_token": ours}, {"access_token": theirs}, shared_state=False)

    assert told(_token("5002", scope="gates:read", exp=int(NOON_S) + 3600)) == []
    for other in (
        _token("5002", scope="gates:write", exp=int(NOON_S) + 3600),
        _token("5002", scope="gates:read", exp=int(NOON_S) + 60),
        _token("5002", scope="gates:read"),
        _token("5002", alg="HS256", scope="gates:read", exp=int(NOON_S) + 3600),
        "none",
    ):
        assert told(other) != []


def put_back(ours: str, theirs: str, *, is_made_up: bool) -> list[tuple[str, str]]:
    """A test that reads a ware and sends its colour back; `is_made_up`: the other way round."""
    sides = []
    for colour in (ours, theirs):
        asked = exchange({"id": 1, "colour": colour}, target="/wares/1")
        sent = exchange({"ok": True}, method="PUT", target="/wares/1", sent={"colour": colour})
        sides.append(transcript(*((sent, asked) if is_made_up else (asked, sent))))
    return brief(judged(*sides).differences)


@pytest.mark.parametrize(("ours", "theirs"), [("blue", "green"), ("12.5", "12.50")])
def test_what_a_test_reads_and_sends_back_it_did_not_make_up(ours: str, theirs: str) -> None:
    assert ["/colour"] == [place for _, place in put_back(ours, theirs, is_made_up=False)]
    assert [] == put_back(ours, theirs, is_made_up=True)


@pytest.mark.parametrize(
    ("ours", "theirs", "is_one"),
    [
        (1795918601.684539, 1795918601.9361005, True),
        ("2026-11-21T09:00:01.684539Z", "2026-11-21T09:00:03.120771Z", True),
        (1795918601684, 1795918602936, True),
        (1795918601.684539, 1795918601.68, False),  # rounded
        ("2026-11-21T09:00:01.684Z", "2026-11-21T09:00:01.000Z", False),  # cut
        ("2026-11-21T09:00:01.684Z", "2026-11-21T09:00:01Z", False),
        ("2026-11-21T09:00:01.684Z", "2026-11-21T09:00:03.684Z", False),  # shifted
        ("2026-11-21T09:00:01.684Z", "2026-11-21T09:02:03.120Z", False),  # of no one write
        ("2026-11-21T09:00:01Z", "2026-11-21T09:00:02Z", False),  # older than a suite is long
        (1795918601.684539, 1795918601936.1005, False),
    ],
)
def test_two_databases_were_written_a_moment_apart(ours: Any, theirs: Any, is_one: bool) -> None:
    shown = {"status": "up", "changed": ours}, {"status": "up", "changed": theirs}
    assert (departures(*shown, shared_state=False) == []) is is_one
    assert departures(*shown, shared_state=True) != []
