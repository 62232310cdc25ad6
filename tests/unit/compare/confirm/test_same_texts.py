"""A short text that is made anew and stands at two places of an answer is one thing."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round, judge
from pytest_cutover.compare.confirm.rulebook import Rulebook
from tests.unit.compare.building import JSON_HEADERS, exchange, transcript


def found(candidate_refers: bool) -> list[tuple[str, str, str]]:
    chance = random.Random(7)

    def said(refers: bool) -> Any:
        offer, person, tag = (f"{chance.randrange(2**28, 2**32):07x}a1" for _ in range(3))
        graph = [{"@id": offer, "seller": person if refers else offer}, {"@id": person}]
        document = {"graph": graph, "etag": tag if refers else offer[::-1]}
        return transcript(exchange(document, headers=(*JSON_HEADERS, ("ETag", f'"{tag}"'))))

    rounds = [Round(said(True), said(candidate_refers)) for _ in range(3)]
    judged = judge(rounds, Rulebook().beside((rounds[0].baseline, rounds[1].baseline)))
    return [(str(one.kind), one.pointer, one.change) for one in judged.differences]


def test_a_reference_that_names_another_is_found() -> None:
    told = [
        ("identity", "/headers/etag", "the same → another"),
        ("identity", "/graph/1/@id", "the same → another"),
    ]
    assert sorted(found(False)) == sorted(told)


def test_references_that_name_the_same_are_equal() -> None:
    assert found(True) == []


def drawn(token: Callable[[random.Random], str], rounds: int = 3) -> Judged:
    chance = random.Random(11)

    def said(make: Callable[[random.Random], str]) -> Any:
        return transcript(exchange({"token": make(chance), "n": 1}))

    heard = [Round(said(_token), said(token)) for _ in range(rounds)]
    return judge(heard, Rulebook().beside((heard[0].baseline, heard[1].baseline)))


def _token(chance: random.Random) -> str:
    return "".join(chance.choice("abcdefghijkmnpqrstuvwxyzABCDEFGH23456789") for _ in range(32))


def _always(text: str, _chance: random.Random) -> str:
    return text


def test_a_token_that_is_always_the_same_is_drawn_no_more() -> None:
    for constant in ("A" * 32, "q3Rt0aZ1" * 4):
        told = [(one.pointer, one.change) for one in drawn(partial(_always, constant)).differences]
        assert told == [("/token", "drawn anew → always the same")]
    assert drawn(_token).differences == ()


def test_two_rounds_ask_for_one_more() -> None:
    judged = drawn(lambda _: "A" * 32, rounds=2)
    assert judged.differences == ()
    assert judged.moving == {("GET /api/lots", "/token")}


def test_bytes_that_are_always_the_same_are_drawn_no_more() -> None:
    chance = random.Random(5)
    kind = (("Content-Type", "application/octet-stream"),)

    def said(body: bytes) -> Any:
        return transcript(exchange(body=body, headers=kind))

    def told(make: Callable[[], bytes]) -> list[str]:
        rounds = [Round(said(chance.randbytes(64)), said(make())) for _ in range(3)]
        book = Rulebook().beside((rounds[0].baseline, rounds[1].baseline))
        return [one.change for one in judge(rounds, book).differences]

    assert told(lambda: bytes(64)) == ["drawn anew → always the same"]
    assert told(lambda: chance.randbytes(64)) == []


def test_the_nonce_of_a_policy_is_that_of_the_page() -> None:
    chance = random.Random(3)

    def said(*, same: bool) -> Any:
        one, other = _token(chance), _token(chance)
        policy = ("Content-Security-Policy", f"script-src 'nonce-{one}'")
        page = f"<html><body><script nonce={one if same else other}>1</script></body></html>"
        headers = (("Content-Type", "text/html"), policy)
        return transcript(exchange(body=page.encode(), headers=headers))

    def told(*, same: bool) -> list[str]:
        rounds = [Round(said(same=True), said(same=same)) for _ in range(2)]
        book = Rulebook().beside((rounds[0].baseline, rounds[1].baseline))
        return [str(one.kind) for one in judge(rounds, book).differences]

    assert told(same=True) == []
    assert set(told(same=False)) == {"identity"}


Place = Callable[[int], Any]
AN_ID: dict[str, tuple[Place, str]] = {
    "member": (lambda n: exchange({"id": n, "n": 1}), "/id"),
    "link": (lambda n: exchange({"next": f"/lots?after={n}&size=5"}), "/next"),
    "path": (
        lambda n: exchange({}, headers=(*JSON_HEADERS, ("Location", f"/lots/{n}/bids"))),
        "/headers/location",
    ),
    "header of links": (
        lambda n: exchange({}, headers=(*JSON_HEADERS, ("Link", f'</lots?after={n}>; rel="next"'))),
        "/headers/link",
    ),
}


@pytest.mark.parametrize(("where", "none"), [*((one, 0) for one in AN_ID), ("member", -1)])
def test_an_id_that_is_never_one_is_told_after_three_rounds(where: str, none: int) -> None:
    said, pointer = AN_ID[where]

    def asked(ids: Callable[[int], int], rounds: int) -> Judged:
        heard = [
            Round(transcript(said(102 + 2 * n)), transcript(said(ids(n)))) for n in range(rounds)
        ]
        return judge(heard, Rulebook().beside((heard[0].baseline, heard[-1].baseline)))

    (found,) = asked(lambda _: none, 3).differences
    assert (found.kind, found.pointer) == ("value", pointer)
    assert found.change == "another in each round → none in any"
    few = asked(lambda _: none, 2)
    assert few.differences == ()
    assert few.moving == {(found.endpoint, pointer)}
    assert asked(lambda n: 408 + 2 * n, 3).differences == ()
    assert asked(lambda n: none if n else 408, 3).differences == ()


A_TEXT: dict[str, tuple[Place, str]] = {
    "sentence": (lambda n: exchange({"told": f"Lot {n} is yours."}), "/told"),
    "page": (
        lambda n: exchange(
            body=f"<html><body><p>Lot {n} is yours.</p></body></html>".encode(),
            headers=(("Content-Type", "text/html"),),
        ),
        "/0/html/0/body/0/p",
    ),
}


def _beside(where: str, base: list[int], cand: list[int]) -> Judged:
    said, _ = (AN_ID | A_TEXT)[where]
    heard = [
        Round(transcript(said(ours)), transcript(said(theirs)))
        for ours, theirs in zip(base, cand, strict=True)
    ]
    return judge(heard, Rulebook().beside((heard[0].baseline, heard[-1].baseline)))


@pytest.mark.parametrize("where", [*AN_ID, *A_TEXT])
def test_a_number_that_stands_still_beside_one_that_rises_is_told_after_five_rounds(
    where: str,
) -> None:
    (found,) = _beside(where, [102, 104, 106, 108, 110], [707] * 5).differences
    assert (found.kind, found.pointer) == ("value", (AN_ID | A_TEXT)[where][1])
    assert found.change == "rises in each round → always the same"
    few = _beside(where, [102, 104, 106, 108], [707] * 4)
    assert few.differences == ()
    assert (found.endpoint, found.pointer) in few.drawn
    for base, cand in (
        ([102, 104, 106, 108, 110], [707, 709, 711, 713, 715]),
        ([102, 104, 106, 108, 110], [707, 707, 707, 707, 709]),
        ([102, 104, 106, 108, 107], [707] * 5),
        ([102] * 5, [707] * 5),
    ):
        changes = [one.change for one in _beside(where, base, cand).differences]
        assert "rises in each round → always the same" not in changes


def test_how_long_it_took_may_rise_by_chance() -> None:
    assert _beside("sentence", [3, 4, 6, 7, 11], [2] * 5).differences == ()
    (found,) = _beside("link", [103, 104, 106, 107, 111], [102] * 5).differences
    assert found.change == "rises in each round → always the same"
