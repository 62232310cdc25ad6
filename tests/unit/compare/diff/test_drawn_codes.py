"""Codes that each row draws for itself on either side: by chance one has digits alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged, Round
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

LETTERS, DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
# How many characters of which a code has, and of which alone it consists by chance.
CODES = {
    "hex8": (8, DIGITS + "abcdef", (DIGITS, DIGITS + "e", "abcdef")),
    "hex12": (12, DIGITS + "abcdef", (DIGITS, DIGITS + "e", "abcdef")),
    "hex16": (16, DIGITS + "abcdef", (DIGITS, DIGITS + "e")),
    "base32": (10, LETTERS.upper() + "234567", (LETTERS.upper(), "234567")),
    "base36": (8, LETTERS + DIGITS, (LETTERS, DIGITS)),
    "base64": (22, LETTERS + LETTERS.upper() + DIGITS + "-_", (LETTERS, LETTERS.upper() + "-_")),
}
TEXTS = {
    "alone": "{}",
    "behind a word": "v1.{}",
    "in a path": "/dl/{}?n=1",
    "in a link": "https://cdn.example.com/{}/a.png",
    "in a sentence": "Your code is {}, keep it.",
    "in a tag": "<a href='/x/{}'>go</a>",
}
CHANCES = [(name, at) for name, (_, _, alone) in CODES.items() for at in range(len(alone) + 1)]
Row = dict[str, Any]


def judged(code: str, chance: int, text: str, show: Callable[[Row], Row]) -> Judged:
    """A test that makes a row and lists all; one row of each side has a code of `chance`."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=False), lambda _: None)
    sides: dict[Side, list[Row]] = {Side.BASELINE: [], Side.CANDIDATE: []}
    source, now_s = random.Random(f"{code}{chance}{text}"), NOON_S
    size, signs, alone = CODES[code]

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        now_s += 0.7
        rows = sides[side]
        is_odd = chance and len(rows) == (2 if side is Side.BASELINE else 3)
        drawn = ["a", "1"]
        while not is_odd and (set(drawn) <= set(LETTERS + LETTERS.upper()) or drawn == ["a", "1"]):
            drawn = source.choices(signs, k=size)
        if is_odd:
            drawn = source.choices(alone[chance - 1], k=size)
        rows.append(
            {"id": len(rows) + 1, "name": "hello", "key": TEXTS[text].format("".join(drawn))}
        )
        shown = [show(row) if side is Side.CANDIDATE else row for row in rows]
        sent = {"name": "hello"}
        made = exchange(rows[-1], status=201, method="POST", sent=sent, at_s=now_s)
        return transcript(made, exchange(shown, at_s=now_s), side=side)

    while True:
        state.rounds.append(Round(asked(Side.BASELINE), asked(Side.CANDIDATE)))
        found = judge.live(state)
        if len(state.rounds) >= 4 and not judge.wants_round(state, found):
            return found


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize(("code", "chance"), CHANCES)
def test_a_code_is_known_by_where_it_stands_whatever_it_is_made_of(
    code: str, chance: int, text: str
) -> None:
    found = judged(code, chance, text, lambda row: row)
    assert found.differences == ()
    assert (found.account.open, found.inconclusive) == ({}, None)


FAULTS: dict[str, Callable[[Row], Row]] = {
    "cut": lambda row: {**row, "key": row["key"][:-1]},
    "in capitals": lambda row: {**row, "key": row["key"].swapcase()},
    "in front": lambda row: {**row, "key": "x" + row["key"]},
    "empty": lambda row: {**row, "key": ""},
    "null": lambda row: {**row, "key": None},
    "beside it": lambda row: {**row, "name": "hallo"},
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("code", ["hex12", "base64"])
def test_a_code_is_held_to_its_form_and_to_what_stands_around_it(
    code: str, text: str, fault: str
) -> None:
    assert judged(code, 0, text, FAULTS[fault]).differences


@pytest.mark.parametrize("is_turned", [False, True])
def test_a_short_code_that_this_test_was_given_names_its_own_row(is_turned: bool) -> None:
    """Of two rows that are alike but for a number, each number stands with its code."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=False), lambda _: None)
    source = random.Random(7)

    def asked(side: Side) -> Transcript:
        codes = ["".join(source.choices(LETTERS + DIGITS, k=8)) for _ in range(2)]
        rows: list[Row] = [
            {"code": code, "size": size} for code, size in zip(codes, (33, 44), strict=True)
        ]
        made = [
            exchange(row, status=201, method="POST", sent={"size": row["size"]}) for row in rows
        ]
        if is_turned and side is Side.CANDIDATE:
            rows = [{**row, "size": 77 - row["size"]} for row in rows]
        return transcript(*made, exchange(rows), side=side)

    found = settled(state, judge, asked)
    assert bool(found.differences) is is_turned
