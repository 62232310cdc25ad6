"""What is drawn anew in each round is spelled by one rule on both sides, or that is told."""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable

import pytest

from pytest_cutover.compare.confirm import drawn_forms
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.diff.difference import Difference
from pytest_cutover.compare.diff.numbers import Numbers
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import NOON_S, exchange, settled, transcript

Draw = Callable[[random.Random], str]


def _code(drawn: random.Random, length: int = 6) -> str:
    return "".join(drawn.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(length))


def _cents(drawn: random.Random) -> str:
    return f"{drawn.randint(100, 99_999) / 100:.2f}"


def _number(drawn: random.Random) -> int:
    return drawn.randint(10_000_000, 99_999_999)


_NAMES = ("Ada", "Ben", "Cleo", "Dora", "Emil", "Finn", "Gina", "Hugo")

CODE: Draw = lambda drawn: f'"{_code(drawn)}"'  # noqa: E731
TOOK: Draw = lambda drawn: f'"{drawn.randint(101, 989)}ms"'  # noqa: E731


def _differences(ours: Draw, theirs: Draw, *, recorded: bool, seed: int) -> list[Difference]:
    drawn, clock_s = random.Random(seed), NOON_S

    def asked(side: Side) -> Transcript:
        nonlocal clock_s
        clock_s += 1.3
        value = (ours if side is Side.BASELINE else theirs)(drawn)
        body = f'{{"id":7,"value":{value}}}'.encode()
        return transcript(exchange(body=body, at_s=clock_s), side=side)

    golden = learn(asked(Side.BASELINE), asked(Side.BASELINE)) if recorded else None
    found = settled(TestState(golden, None), Judge(Rulebook(), lambda _: None), asked)
    assert found.inconclusive is None
    return list(found.differences)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(
    ("ours", "theirs", "change"),
    [
        (TOOK, lambda d: f'"{d.randint(101, 989) / 1000:.3f}s"',
         "a duration in ms → a duration in s"),
        (CODE, lambda d: f'"{_code(d).lower()}"', "capitals → small letters"),
        (CODE, lambda d: f'"{_code(d, 5)}"', "6 signs → 5 signs"),
        (_cents, lambda d: f"{_cents(d)}{d.randint(10_001, 99_999)}",
         "a number to 2 places → a number to 7 places"),
        (lambda d: f'"INV{_number(d)}"', lambda d: f'"REC{_number(d)}"',
         "begins with INV → begins with REC"),
        (lambda d: f'"INV{_number(d)}"', lambda d: f'"INX{_number(d)}"',
         "begins with INV → begins with INX"),
        (lambda d: f'"ch{d.getrandbits(64):016x}"', lambda d: f'"cu{d.getrandbits(64):016x}"',
         "begins with ch → begins with cu"),
        (lambda d: f'"{_number(d)}DE"', lambda d: f'"{_number(d)}EN"',
         "ends in DE → ends in EN"),
        (lambda d: f'"https://cdn.test/{d.getrandbits(64):016x}.png"',
         lambda d: f'"https://cdn.test/{d.getrandbits(64):016x}.jpg"',
         "ends in .png → ends in .jpg"),
        (lambda d: f'"{d.randint(1000, 9999):08}"', lambda d: f'"{d.randint(1000, 9999)}"',
         "filled up with zeros → not filled up"),
        (lambda d: f'"{d.choice(_NAMES)}"', lambda d: f'"{d.choice(_NAMES)} "',
         "no blank at its ends → a blank at an end"),
        (lambda d: str(d.randint(1000, 9999)), lambda d: str(-d.randint(1000, 9999)),
         "above 0 → below 0"),
        (lambda d: f'"{base64.b64encode(d.randbytes(42)).decode()}"',
         lambda d: f'"{base64.urlsafe_b64encode(d.randbytes(42)).decode()}"',
         "base64 → base64 of URLs"),
        (lambda d: f'"PT{d.randint(2, 50)}S"', lambda d: f'"{d.randint(2, 50)} s"',
         "a duration as ISO 8601 → a duration in units"),
    ],
)  # fmt: skip
def test_another_rule_of_spelling_is_one_difference(
    ours: Draw, theirs: Draw, change: str, recorded: bool
) -> None:
    (one,) = _differences(ours, theirs, recorded=recorded, seed=3)
    assert (one.kind, one.pointer, one.change) == ("format", "/value", change)


@pytest.mark.parametrize("recorded", [False, True])
@pytest.mark.parametrize(
    "drawn",
    [
        CODE,
        TOOK,
        _cents,
        lambda d: f'"{d.randint(0, 999_999):06}"',
        lambda d: f'"{d.getrandbits(24):06x}"',
        lambda d: f'"INV{_number(d)}"',
        lambda d: f'"{d.randint(0, 99_999_999):08}"',
        lambda d: f'"https://cdn.test/{d.getrandbits(64):016x}.{d.choice(["png", "jpg"])}"',
        lambda d: f'"{base64.b64encode(d.randbytes(24)).decode()}"',
        lambda d: str(d.choice([-1, 1]) * d.randint(1000, 9999)),
        lambda d: f'"{d.choice("ABCDEF")}{d.randint(1000, 9999)}"',
        lambda d: f'"{d.randint(1, 999)}{d.choice(["kB", "MB"])}"',
        lambda d: f'"{d.choice(["ada", "ben", "cleo", "dora"])}{d.randint(100, 999)}"',
        lambda d: f'"{d.randint(11, 999)}ms"' if d.random() < 0.5 else f'"{d.random() * 3:.3f}s"',
        lambda d: f"{d.random() * 20:.1f}".removesuffix(".0"),
        lambda d: f'"{_code(d)} \\ud83d"',  # cut in the middle of an emoji
    ],
)
def test_one_rule_on_both_sides_is_none(drawn: Draw, recorded: bool) -> None:
    for seed in range(20):
        assert _differences(drawn, drawn, recorded=recorded, seed=seed) == []


def test_what_takes_longer_is_told_in_greater_units_by_itself() -> None:
    longer: Draw = lambda d: f'"{d.randint(11, 59) / 10:.1f}s"'  # noqa: E731
    assert _differences(TOOK, longer, recorded=False, seed=1) == []


@pytest.mark.parametrize("seed", range(4))
def test_the_first_letters_of_a_session_that_stays_are_no_reason_to_ask_again(seed: int) -> None:
    drawn, asked = random.Random(seed), list[Side]()
    tokens = {one: "".join(drawn.choices(string.ascii_letters, k=30)) + "7" for one in Side}

    def answer(side: Side) -> Transcript:
        asked.append(side)
        body = f'{{"token":"{tokens[side]}"}}'.encode()
        cookie = [("Set-Cookie", f"sid={tokens[side]}; HttpOnly")]
        return transcript(exchange(body=body, headers=cookie), side=side)

    settled(TestState(None, None), Judge(Rulebook(), lambda _: None), answer)
    assert len(asked) <= 8


@pytest.mark.parametrize("recorded", [False, True])
def test_what_a_process_draws_for_all_of_its_codes_is_no_rule_of_a_side(recorded: bool) -> None:
    ours, theirs = (lambda d: f'"Xk3abDE{_number(d)}"', lambda d: f'"qZ7hhPw{_number(d)}"')
    assert _differences(ours, theirs, recorded=recorded, seed=3) == []


@pytest.mark.parametrize("part", [0, 1])
def test_a_part_of_a_text_may_be_filled_up_with_blanks_and_a_whole_one_not(part: int) -> None:
    """As numbers in the columns of a table are: one side's may have a digit less."""
    rounds = [
        Numbers(spelled={(0, "/value", part): [(f"{800 + turn} ", f"{1800 + turn}")]})
        for turn in range(8)
    ]
    found, _ = drawn_forms.judged(transcript(exchange()), rounds)
    assert [one.change for one in found] == (
        [] if part else ["a blank at an end → no blank at its ends"]
    )
