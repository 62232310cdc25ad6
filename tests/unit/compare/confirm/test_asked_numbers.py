"""What an answer calls the thing that it was asked for, and how long it says to HEAD that it is."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import exchange, settled, transcript

APART, ALIKE = {Side.BASELINE: 4, Side.CANDIDATE: 34}, dict.fromkeys(Side, 4)
FORMS: dict[str, tuple[str, Callable[[int], str]]] = {
    "text": ("text/plain", lambda n: f"Book {n}\nnew\n"),
    "sentence": ("application/json", lambda n: json.dumps({"text": f"Book {n} is new"})),
    "script": ("text/html", lambda n: f"<p>new</p><script>var bookId = {n};</script>"),
    "card": ("text/vcard", lambda n: f"BEGIN:VCARD\r\nUID:urn:book:{n}\r\nEND:VCARD\r\n"),
    "text of JSON": ("application/json", lambda n: json.dumps({"of": json.dumps({"n": n})})),
}


def heard(
    form: str, shown: Callable[[int], int], first: dict[Side, int], *, recorded: bool = False
) -> Judged:
    """Make a book and ask for it, on two databases; the candidate's answer names `shown` of it.

    `first`: where each database counts from.
    """
    kind, write = FORMS[form]

    def suite() -> Callable[[Side], Transcript]:
        given = dict(first)

        def asked(side: Side) -> Transcript:
            given[side] += 1
            number = given[side]
            made = exchange({"ok": True}, status=201, method="POST", target="/books", sent={"a": 1})
            body = write(number if side is Side.BASELINE else shown(number)).encode()
            headers = [("Content-Type", kind)]
            read = exchange(
                body=body, headers=headers, target=f"/books/{number}", endpoint="GET /books/{id}"
            )
            return transcript(made, read, side=side)

        return asked

    golden = None
    if recorded:
        asked = suite()
        golden = load(dump(learn(asked(Side.BASELINE), asked(Side.BASELINE))))
    return judged_by(suite(), golden=golden)


def judged_by(asked: Callable[[Side], Transcript], golden: object = None) -> Judged:
    state = TestState(golden, None)  # type: ignore[arg-type]
    return settled(state, Judge(Rulebook(shared_state=False), lambda _: None), asked)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("first", [APART, ALIKE], ids=["apart", "alike"])
def test_an_answer_names_what_it_was_asked_for(
    form: str, first: dict[Side, int], recorded: bool
) -> None:
    found = heard(form, lambda number: number, first, recorded=recorded)
    assert (found.differences, found.account.open, found.inconclusive) == ((), {}, None)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("first", [APART, ALIKE], ids=["apart", "alike"])
def test_and_one_that_names_the_thing_before_is_no_equal_one(
    form: str, first: dict[Side, int], recorded: bool
) -> None:
    found = heard(form, lambda number: number - 1, first, recorded=recorded)
    assert found.differences or found.account.open


def lengths_of(*them: int) -> Iterator[int]:
    return cycle(them)


def told(ours: Iterator[int], theirs: Iterator[int]) -> Judged:
    def asked(side: Side) -> Transcript:
        length = next(ours if side is Side.BASELINE else theirs)
        headers = [("Content-Type", "text/html"), ("Content-Length", str(length))]
        return transcript(exchange(body=b"", headers=headers, method="HEAD"), side=side)

    return judged_by(asked)


def test_a_length_that_varies_by_chance_may_be_any_like_it() -> None:
    found = told(lengths_of(118, 120), lengths_of(119, 121, 118))
    assert (found.differences, found.account.open, found.inconclusive) == ((), {}, None)


@pytest.mark.parametrize("length", [0, 12, 300])
def test_and_no_other(length: int) -> None:
    found = told(lengths_of(118, 120), lengths_of(length, length + (length > 0)))
    assert found.differences or found.account.open


def test_a_steady_length_is_held() -> None:
    assert told(lengths_of(118), lengths_of(119)).differences


SENT: dict[str, Callable[[int], dict[str, Any]]] = {
    "json": lambda n: {"sent": {"pieces": n, "of": "gates"}},
    "query": lambda n: {"target": f"/orders?pieces={n}&of=gates"},
}


@pytest.mark.parametrize("form", SENT)
def test_a_total_is_so_many_times_what_the_test_drew_and_sent(form: str) -> None:
    def verdict(times: int, *, drawn: Callable[[int], int] = lambda at: 211 * at + at**3) -> str:
        counted = {Side.BASELINE: 1, Side.CANDIDATE: 40}

        def asked(side: Side) -> Transcript:
            counted[side] += 1
            pieces = drawn(counted[side])
            total = pieces * (3 if side is Side.BASELINE else times)
            settings = {"method": "POST", "target": "/orders", **SENT[form](pieces)}
            return transcript(exchange({"total": total}, **settings), side=side)

        found = judged_by(asked)
        assert () == found.differences
        return "open" if found.account.open or found.inconclusive else "go"

    assert verdict(3) == "go"
    assert verdict(2) == "open"
    assert verdict(2, drawn=lambda at: 3 + at * at % 7) == "go", "it may count anything"


FILE = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n%s\r\n--x--\r\n'


@pytest.mark.parametrize("form", [b"%s", FILE], ids=["raw", "file of a form"])
def test_a_size_is_that_of_what_each_side_was_sent(form: bytes) -> None:
    def verdict(times: int) -> str:
        counted = {Side.BASELINE: 1, Side.CANDIDATE: 40}

        def asked(side: Side) -> Transcript:
            counted[side] += 1
            size = 97 * counted[side]
            shown = size * (times if side is Side.CANDIDATE else 1)
            one = exchange({"size": shown}, method="PUT", target="/files/a")
            request = replace(one.request, body=form % (b"x" * size))
            return transcript(replace(one, request=request), side=side)

        found = judged_by(asked)
        return "open" if found.differences or found.account.open or found.inconclusive else "go"

    assert verdict(1) == "go"
    assert verdict(2) == "open"


@pytest.mark.parametrize("shared_state", [True, False, None])
@pytest.mark.parametrize("sign", [1, -1])
def test_what_is_left_moves_by_what_the_test_drew_and_sent_before(
    sign: int, shared_state: bool | None
) -> None:
    def verdict(times: int) -> str:
        chance = random.Random(sign)

        def asked(side: Side) -> Transcript:
            amount = chance.randrange(10, 400)
            left = 1_000 + sign * amount * (times if side is Side.CANDIDATE else 1)
            sent = {"from": str(uuid.UUID(int=chance.getrandbits(128))), "amount": amount}
            moved = exchange({}, status=201, method="POST", target="/transfers", sent=sent)
            return transcript(moved, exchange({"balance": left}, target="/mine"), side=side)

        judge = Judge(Rulebook(shared_state=shared_state), lambda _: None)
        found = settled(TestState(None, None), judge, asked)
        return "open" if found.differences or found.account.open or found.inconclusive else "go"

    assert verdict(1) == "go"
    assert verdict(2) == "open"


@pytest.mark.parametrize("seed", range(20))
def test_a_number_of_its_own_is_held_to_nothing_that_was_sent(seed: int) -> None:
    chance = random.Random(seed)

    def asked(side: Side) -> Transcript:
        sent = {"amounts": [chance.randrange(10, 400) for _ in range(20)]}
        moved = exchange({}, status=201, method="POST", target="/transfers", sent=sent)
        score = exchange({"score": chance.randrange(1000)}, target="/mine")
        return transcript(moved, score, side=side)

    found = judged_by(asked)
    assert (found.differences, found.account.open, found.inconclusive) == ((), {}, None)
