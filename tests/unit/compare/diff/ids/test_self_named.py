"""The answer to a write calls what it made by the id that it gives out on each side."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import JSON_HEADERS, brief, exchange, judged, transcript


def made(body: Any, location: str = "", status: int = 201) -> Transcript:
    headers = [*JSON_HEADERS, *([("Location", location)] if location else [])]
    return transcript(exchange(body, status=status, method="POST", headers=headers, sent={}))


def found(one: Transcript, again: Transcript, cand: Transcript) -> list[tuple[str, str]]:
    sides = {brief_of(one, again, cand, shared) for shared in (True, False)}
    assert len(sides) == 1
    return list(sides.pop())


def brief_of(
    one: Transcript, again: Transcript, cand: Transcript, shared: bool
) -> tuple[tuple[str, str], ...]:
    return tuple(brief(judged(one, cand, again=again, shared_state=shared).differences))


@pytest.mark.parametrize("status", [201, 202])
def test_the_location_ends_in_the_id_of_the_body(status: int) -> None:
    def answer(number: int, at: int) -> Transcript:
        return made({"id": number, "owner": {"id": 3}}, f"/things/{at}", status)

    assert found(answer(4, 4), answer(5, 5), answer(9, 9)) == []
    wrong = found(answer(4, 4), answer(5, 5), answer(9, 0))
    assert wrong == [("identity", "/headers/location")]


def test_a_cookie_is_named_by_the_id_of_the_body() -> None:
    def answer(number: int, named: int) -> Transcript:
        cookie = ("Set-Cookie", f"{named}=v1.{number * 7919:040x}; Path=/; SameSite=Lax")
        headers = [*JSON_HEADERS, cookie]
        return transcript(exchange({"id": number}, status=201, method="POST", headers=headers))

    assert found(answer(4, 4), answer(5, 5), answer(9, 9)) == []
    wrong = found(answer(4, 4), answer(5, 5), answer(9, 7))
    assert wrong == [("identity", "/headers/set-cookie/[id]/id")]


def test_a_location_that_is_of_something_else_is_held_to_its_form() -> None:
    def answer(number: int, at: int) -> Transcript:
        return made({"id": number}, f"/carts/{at}")

    assert found(answer(4, 12), answer(5, 13), answer(9, 2)) == []


@pytest.mark.parametrize(
    "build",
    [
        lambda n, at: {"id": n, "href": f"/things/{at}"},
        lambda n, at: {"id": n, "_links": {"self": {"href": f"/things/{at}?v=1"}}},
        lambda n, at: {"data": {"id": str(n), "links": {"self": f"https://x.example/t/{at}"}}},
        lambda n, at: {"thing": {"thing_id": f"T-{n}", "url": f"/things/T-{at}"}},
    ],
)
def test_a_thing_links_to_itself(build: Any) -> None:
    one, again, cand = (made(build(n, n)) for n in (4, 5, 9))
    assert found(one, again, cand) == []
    assert [kind for kind, _ in found(one, again, made(build(9, 8)))] == ["identity"]


def test_a_link_to_the_author_may_have_the_number_of_the_post_by_chance() -> None:
    def answer(post: int, author: int) -> Transcript:
        links = {"self": {"href": f"/posts/{post}"}, "author": {"href": f"/users/{author}"}}
        return made({"id": post, "author_link": f"/users/{author}", "_links": links})

    assert found(answer(4, 4), answer(5, 5), answer(12, 9)) == []


def test_a_sentence_names_the_code_that_was_given_out() -> None:
    def answer(number: str, said: str, pieces: int = 3) -> Transcript:
        message = f"Order {said} was received with {pieces} pieces"
        return made({"number": number, "id": pieces, "message": message})

    one, again = answer("ORD-2026-000101", "ORD-2026-000101"), answer("ORD-2026-2", "ORD-2026-2")
    assert found(one, again, answer("ORD-2026-002001", "ORD-2026-002001")) == []
    wrong = found(one, again, answer("ORD-2026-002001", "ORD-2026-000000"))
    assert wrong == [("identity", "/message")]


def test_times_and_numbers_in_a_sentence_name_nothing() -> None:
    def answer(at: str, said: str, number: int, total: int) -> Transcript:
        return made({"at": at, "id": number, "message": f"at {said}: number {total}"})

    one = answer("2026-03-02T12:00:00Z", "2026-03-02T12:00:00Z", 4, 4)
    again = answer("2026-03-02T12:00:03Z", "2026-03-02T12:00:03Z", 5, 5)
    assert found(one, again, answer("2026-03-02T12:00:07Z", "2026-03-02T12:00:08Z", 9, 6)) == []
