"""A time that has lost its part of a second on one side is told, in whatever body it is."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.noise.rules import NO_RULES, Mode, Rule, Rules
from pytest_cutover.core.exchange import Side, Transcript
from tests.unit.compare.building import JSON_HEADERS, NOON_S, exchange, settled, transcript

Told = Callable[[float], str]


def _iso(at_s: float, step: str) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat(timespec=step).replace("+00:00", "Z")


# How each tells a time, and how it does with less in the same form.
FORMS: dict[str, tuple[Told, Told]] = {
    "iso ms": (
        lambda s: _iso(s, "milliseconds"),
        lambda s: _iso(s, "seconds").replace("Z", ".000Z"),
    ),
    "iso us": (
        lambda s: _iso(s, "microseconds"),
        lambda s: _iso(s, "milliseconds").replace("Z", "000Z"),
    ),
    "epoch s": (lambda s: repr(round(s, 3)), lambda s: f"{int(s)}"),
    "epoch ms": (lambda s: f"{int(s * 1e3)}", lambda s: f"{int(s)}000"),
    "epoch us": (lambda s: f"{int(s * 1e6)}", lambda s: f"{int(s * 1e3)}000"),
}
PAGES = {
    "member": (b'{"id":7,"at":%s}', "application/json"),
    "rows": (b'[{"id":1,"n":"a","at":%s},{"id":2,"n":"b","at":%s}]', "application/json"),
    "first of a list": (b'{"times":[%s,"x"]}', "application/json"),
    "csv": (b"id,name,at\n1,a,%s\n2,b,%s\n", "text/csv"),
    "text": (b"last scan at %s by worker\n", "text/plain"),
    "xml": (b"<scan><at>%s</at></scan>", "application/xml"),
    "header": (b'{"id":7}', "application/json"),
}


def _of(coarse: Side, side: Side, turn: int, turns: int = 99) -> bool:
    return side is coarse and turn <= turns


def _judged(
    form: str,
    page: str,
    is_coarse: Callable[[Side, int], bool],
    rules: Rules = NO_RULES,
    apart_s: float = 1.37,
) -> tuple[Judged, int]:
    """What is said where some rounds of a side tell less, and after how many rounds."""
    drawn, turns = random.Random(5), dict.fromkeys(Side, 0)
    clock_s, (body, media) = NOON_S, PAGES[page]
    fine, coarse = FORMS[form]

    def asked(side: Side) -> Transcript:
        nonlocal clock_s
        clock_s += apart_s * (1 + drawn.random())
        turns[side] += 1
        text = (coarse if is_coarse(side, turns[side]) else fine)(clock_s - 0.0517)
        quoted = text if text[4].isdigit() else f'"{text}"'
        headers = [("Content-Type", media), *([("X-At", text)] if page == "header" else [])]
        told = (quoted if "json" in media else text).encode()
        whole = body % ((told,) * body.count(b"%s"))
        return transcript(exchange(body=whole, headers=headers, at_s=clock_s), side=side)

    state = TestState(None, None)
    found = settled(state, Judge(Rulebook(rules=rules), lambda _: None), asked)
    return found, len(state.rounds)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("apart_s", [1.37, 0.0137])
def test_a_part_of_a_second_that_one_side_never_tells_is_one_difference(
    form: str, page: str, apart_s: float
) -> None:
    for coarse in (
        (Side.CANDIDATE,) if form == "epoch s" else Side
    ):  # a number has another form then
        found, _ = _judged(form, page, partial(_of, coarse), apart_s=apart_s)
        (one,) = found.differences
        assert one.kind == "format"
        assert one.change.count("told to") == 2
        assert not found.unstable


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("apart_s", [1.37, 0.0137])
def test_a_whole_second_by_chance_is_none(form: str, page: str, apart_s: float) -> None:
    for coarse in Side:
        found, rounds = _judged(form, page, partial(_of, coarse, turns=1), apart_s=apart_s)
        assert (found.differences, found.inconclusive, list(found.account.open)) == ((), None, [])
        assert rounds == 4  # it was worth to ask
        found, _ = _judged(form, page, lambda *_: False)
        assert (found.differences, found.inconclusive, list(found.account.open)) == ((), None, [])


def test_a_row_that_was_made_at_a_whole_second_by_chance_stays_in_the_list() -> None:
    """Each side has a database of its own, and adds a row in each round."""
    turn = 0
    rows = {Side.BASELINE: [0.123], Side.CANDIDATE: [0.0]}

    def asked(side: Side) -> Transcript:
        nonlocal turn
        turn += 1
        rows[side].append(round(turn * 1.371, 3))
        told = [
            {"id": n, "at": _iso(NOON_S + at, "milliseconds")} for n, at in enumerate(rows[side])
        ]
        return transcript(exchange({"items": told}, at_s=NOON_S + 1.371 * turn), side=side)

    book = Rulebook(shared_state=False)
    found = settled(TestState(None, None), Judge(book, lambda _: None), asked)
    assert not [one for one in found.differences if "told to" in one.change]


def test_whole_seconds_on_both_sides_are_none() -> None:
    found, rounds = _judged("iso ms", "rows", lambda *_: True)
    assert (found.differences, rounds) == ((), 1)


def test_one_row_of_a_list_is_told_by_its_member() -> None:
    drawn, clock_s = random.Random(3), NOON_S

    def asked(side: Side) -> Transcript:
        nonlocal clock_s
        clock_s += 1.37 + drawn.random()
        rows = [{"id": n, "at": round(clock_s - 0.0517 - 0.1 * n, 3)} for n in (1, 2, 3)]
        if side is Side.CANDIDATE:
            rows[1]["at"] = int(clock_s)
        return transcript(exchange({"jobs": rows}, headers=JSON_HEADERS, at_s=clock_s), side=side)

    found = settled(TestState(None, None), Judge(Rulebook(), lambda _: None), asked)
    assert [(one.pointer, one.change) for one in found.differences] == [
        ("/jobs/0/at", "told to 0.001 s → told to 1 s")
    ]


def test_a_rule_waives_it() -> None:
    rules = Rules((Rule("/at", Mode.VOLATILE),))
    found, _ = _judged("iso ms", "member", lambda side, _: side is Side.CANDIDATE, rules)
    assert found.differences == ()
