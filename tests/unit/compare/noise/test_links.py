"""Links with something new in them each time: what does not vary is a literal, wherever it is."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

import pytest

from pytest_cutover.compare.diff.transcripts import RoundContext, compare
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise import constraints
from pytest_cutover.compare.noise.links import align, is_link
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import JSON_HEADERS, NOON_S, brief, exchange, transcript

Make = Callable[[random.Random, float], str]


def _random(chance: random.Random, size: int) -> str:
    return base64.b64encode(chance.randbytes(size)).decode()


def s3(chance: random.Random, now_s: float) -> str:
    moment = datetime.fromtimestamp(now_s, UTC)
    return (
        "https://s3.example.com/docs/2026/report.pdf?X-Amz-Credential=AKIA%2F20260302%2Feu-west-1"
        f"&X-Amz-Date={moment:%Y%m%dT%H%M%SZ}&X-Amz-Expires=900"
        f"&X-Amz-Signature={chance.getrandbits(256):064x}"
    )


def sas(chance: random.Random, now_s: float) -> str:
    until = datetime.fromtimestamp(now_s + 3600, UTC)
    signature = quote(_random(chance, 32), safe="")
    return (
        "https://acc.blob.example.net/docs/2026/report.pdf?sv=2022-11-02"
        f"&se={quote(f'{until:%Y-%m-%dT%H:%M:%SZ}', safe='')}&sp=900&sig={signature}"
    )


def cdn(chance: random.Random, now_s: float) -> str:
    signature = _random(chance, 96).replace("+", "-").replace("=", "_").replace("/", "~")
    return (
        f"https://d11.cdn.example.net/docs/2026/report.pdf?Expires={int(now_s) + 900}"
        f"&Signature={signature}&Key-Pair-Id=K2JCJMDE900"
    )


def in_the_path(chance: random.Random, now_s: float) -> str:
    secret = f"{chance.getrandbits(160):040x}"
    return f"https://img.example.com/{secret}/{int(now_s)}/docs/2026/report.pdf?w=900"


def own(chance: random.Random, now_s: float) -> str:
    return f"/docs/2026/report.pdf?exp={int(now_s) + 300}&max=900&sig={_random(chance, 21)}"


SIGNED = (s3, sas, cdn, in_the_path, own)
PLACES: dict[str, Callable[[str], tuple[bytes, tuple[tuple[str, str], ...]]]] = {
    "json": lambda link: (
        f'{{"href": "{link}"}}'.encode(),
        (("Content-Type", "application/json"),),
    ),
    "text": lambda link: (f"Take it:\n{link}, now.".encode(), (("Content-Type", "text/plain"),)),
    "html": lambda link: (
        f"<html><body><a href='{link.replace('&', '&amp;')}'>it</a></body></html>".encode(),
        (("Content-Type", "text/html"),),
    ),
    "csv": lambda link: (f"n,href\n1,{link}\n".encode(), (("Content-Type", "text/csv"),)),
    "header": lambda link: (b"{}", (*JSON_HEADERS, ("Location", link))),
    "rows": lambda link: (
        f'[{{"n": 1, "href": "{link}"}}, {{"n": 2, "at": {len(link)}}}]'.encode(),
        JSON_HEADERS,
    ),
}


def _answer(place: str, link: str, now_s: float, side: Side) -> Transcript:
    body, headers = PLACES[place](link)
    return transcript(exchange(body=body, headers=headers, at_s=now_s), side=side)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("make", SIGNED)
def test_of_a_signed_link_only_what_varied_is_held_to_form(make: Make, place: str) -> None:
    chance = random.Random(place)
    first, again, live = (
        _answer(place, make(chance, NOON_S + n), NOON_S + n, Side.BASELINE) for n in range(3)
    )
    golden = load(dump(learn(first, again)))
    signed = make(chance, NOON_S + 9)

    def departs(link: str) -> bool:
        answer = _answer(place, link, NOON_S + 9, Side.CANDIDATE)
        return bool(compare(live, answer, golden=golden).differences)

    assert not departs(signed)
    changes = (("report", "raport"), ("2026/", "2025/"), ("900", "901"), (".pdf?", ".pdf"))
    assert [] == [old for old, new in changes if not departs(signed.replace(old, new))]
    assert "://" not in signed or departs(signed.replace("https", "http"))


def test_a_steady_text_of_a_row_is_a_literal_though_the_list_grows() -> None:
    def listed(rows: int, now_s: float, side: Side, second: str = "two") -> Transcript:
        at = f"{datetime.fromtimestamp(now_s, UTC):%Y-%m-%dT%H:%M:%SZ}"
        names = ("one", second, "three", "four", "five")
        body = [
            {"id": n, "note": f"{name}, seen {at}", "src": own(random.Random(n * now_s), now_s)}
            for n, name in enumerate(names[:rows])
        ]
        return transcript(exchange(body, at_s=now_s), side=side)

    first, again = listed(3, NOON_S, Side.BASELINE), listed(4, NOON_S + 5, Side.BASELINE)
    golden = learn(first, again)
    live, later = (listed(4, NOON_S + n, Side.BASELINE) for n in (7, 9))
    for known in (golden, load(dump(golden))):
        alike, other = (
            compare(
                live,
                listed(4, NOON_S + 8, Side.CANDIDATE, word),
                RoundContext(later=later),
                golden=known,
            )
            for word in ("two", "zwei")
        )
        assert [] == brief(alike.differences)
        assert [("value", "/1/note")] == brief(other.differences)


def test_of_a_mail_address_that_varies_the_domain_is_a_literal() -> None:
    def mail(name: str, domain: str, side: Side = Side.BASELINE) -> Transcript:
        return transcript(exchange({"mail": f"{name}@{domain}"}), side=side)

    golden = learn(mail("ana.smith", "x.example"), mail("bob", "x.example"))
    live = mail("c_d+3", "x.example")
    alike = compare(live, mail("eve", "x.example", Side.CANDIDATE), golden=golden)
    other = compare(live, mail("eve", "y.example", Side.CANDIDATE), golden=golden)
    assert [] == brief(alike.differences)
    assert [("value", "/mail")] == brief(other.differences)


def test_base64_that_begins_with_a_slash_is_no_link() -> None:
    assert is_link("/api/lots?after=17")
    assert not is_link("/q3Rt0aZ9xK2mP4vL8wT")
    assert align("/q3Rt0aZ9xK2mP4vL8wT", "/9xK2mP4vL8wTq3Rt0aZ", lambda left, _: left) is not None


@pytest.mark.parametrize("encode", [quote_plus, str])
def test_a_signature_in_base64_is_a_token_with_percent_signs_too(
    encode: Callable[[str], str],
) -> None:
    """With two slashes, or with one in front, it is no token by itself: once in forty times."""
    chance = random.Random(5)
    signatures = [base64.b64encode(chance.randbytes(32)).decode() for _ in range(400)]
    odd = [one for one in signatures if "//" in one or one.startswith("/")]
    assert len(odd) > 5
    formats = constraints.formats_for([encode(one) for one in signatures[:2]])
    assert formats == ("token 44",)
    assert all(constraints.conforms(encode(one), formats) for one in signatures)
    assert constraints.formats_for([encode(odd[0]), encode(signatures[0])]) == ("token 44",)
    assert not any(constraints.conforms(encode(one), formats) for one in ("undefined", "a b/c"))
