"""An accepted header that only the candidate has holds for what it said, where that is steady."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_cutover.compare.diff.difference import Difference
from tests.unit.compare.accepting import accepted, left
from tests.unit.compare.building import JSON_HEADERS, exchange, judged, transcript

UUIDS = "6f0c3c8e-3a3b-4c39-9a54-1d2f1f3a5b7c", "c7b6862a-1bad-4d95-90c6-4ea03ea2731b"
NEXT = '</a>; rel="next"'
COOKIE = "theme=light; Path=/"


def added(name: str, *values: str, base: str | None = None) -> tuple[Difference, ...]:
    """What differs, with the values of all rounds."""
    has = JSON_HEADERS if base is None else (*JSON_HEADERS, (name, base))
    one = transcript(exchange({}, headers=has))
    rounds = [
        judged(one, transcript(exchange({}, headers=(*JSON_HEADERS, (name, value))))).differences
        for value in values
    ]
    pairs = [
        tuple(one for found in same for one in found.values) for same in zip(*rounds, strict=True)
    ]
    return tuple(
        replace(found, values=tuple(dict.fromkeys(seen)))
        for found, seen in zip(rounds[0], pairs, strict=True)
    )


@pytest.mark.parametrize(
    ("name", "agreed", "later", "base"),
    [
        ("Access-Control-Allow-Origin", "https://app.example.com", "*", None),
        ("Strict-Transport-Security", "max-age=31536000", "max-age=0", None),
        ("Cache-Control", "no-cache", "public, max-age=60", None),
        ("Set-Cookie", COOKIE, "theme=dark; Path=/", None),
        ("Link", f'{NEXT}, </help>; rel="help"', '</b>; rel="next", </help>; rel="help"', NEXT),
        ("Set-Cookie", COOKIE + "; Domain=a.example", COOKIE + "; Domain=b.example", COOKIE),
        ("Set-Cookie", COOKIE + "; SameSite=Lax", COOKIE + "; SameSite=None", COOKIE),
    ],
)
def test_another_value_of_a_new_header_is_found(
    name: str, agreed: str, later: str, base: str | None
) -> None:
    known = accepted(added(name, agreed, base=base))

    assert left(known, added(name, later, base=base))
    assert not left(known, added(name, agreed, base=base))


NONCE = "script-src 'nonce-{}'; object-src '{}'"


def test_what_stays_beside_a_nonce_or_an_id_is_held() -> None:
    rounds = [NONCE.format(one, "none") for one in ("Zx81kQ2p9Lm3", "b7Qw4T1c8Yd0")]
    known = accepted(added("Content-Security-Policy", *rounds))

    third = "p0Rk5V2n7Hs6"
    assert left(known, added("Content-Security-Policy", NONCE.format(third, "self")))
    assert not left(known, added("Content-Security-Policy", NONCE.format(third, "none")))


@pytest.mark.parametrize(
    ("name", "rounds", "later"),
    [
        ("X-Total-Count", ["5"], "6"),
        ("X-Runtime", ["0.012"], "0.5"),
        ("X-Took", ["2ms"], "17ms"),
        ("Server-Timing", ["db;dur=1"], "db;dur=2.5"),
        ("X-Node", ["alpha", "beta"], "gamma"),
        ("X-Request-Id", [UUIDS[0]], UUIDS[1]),
        ("ETag", ['W/"a8f3c1b2"'], 'W/"0b1c2d3e"'),
        ("Last-Modified", ["Fri, 27 Nov 2026 05:03:16 GMT"], "Tue, 01 Dec 2026 10:00:00 GMT"),
        ("X-Day", ["2026-11-27"], "2026-12-01"),
    ],
)
def test_what_the_next_run_says_otherwise_is_no_alarm(
    name: str, rounds: list[str], later: str
) -> None:
    assert not left(accepted(added(name, *rounds)), added(name, later))
