"""People that the test makes up for each side: their names, in mails and in the order of a list."""

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

Row = dict[str, Any]
FIRST = ("anna", "bob", "cleo", "dan", "eve", "fay", "gus", "hal", "ida", "jo", "kim", "ola")
LAST = ("smith", "jones", "miller", "brown", "garcia", "li", "wu")
SEEDED = ("alice", "mallory", "zoe", "bart9", "hugo_77")


def name(source: random.Random) -> str:
    number = source.choice(["", str(source.randrange(1, 1000))])
    return f"{source.choice(FIRST)}.{source.choice(LAST)}{number}"


def judged(
    seed: int,
    *,
    shared: bool | None,
    kept: Callable[[str], str],
    by: str,
    show: Callable[[list[Row]], list[Row]] = lambda rows: rows,
) -> Judged:
    """A test that makes a user and reads the list; `kept` is how the server spells a name."""
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=shared), lambda _: None)
    source, now_s = random.Random(seed), NOON_S
    first: list[Row] = [
        {"id": at + 1, "username": one, "role": "user"} for at, one in enumerate(SEEDED)
    ]
    sides = {Side.BASELINE: first, Side.CANDIDATE: first if shared else list(first)}

    def asked(side: Side) -> Transcript:
        nonlocal now_s
        now_s += 0.7
        rows, sent = sides[side], {"username": name(source)}
        row = {"id": len(rows) + 1, "username": kept(sent["username"]), "role": "user"}
        rows.append(row)
        made = exchange(row, status=201, method="POST", sent=sent, at_s=now_s)
        listed = sorted(rows, key=lambda one: one[by])
        shown = show(listed) if side is Side.CANDIDATE else listed
        return transcript(made, exchange(shown, at_s=now_s), side=side)

    return settled(state, judge, asked)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("by", ["username", "id"])
@pytest.mark.parametrize("kept", [str, str.title])
@pytest.mark.parametrize("shared", [True, False, None])
def test_a_list_holds_people_who_are_others_on_each_side(
    seed: int, by: str, kept: Callable[[str], str], shared: bool | None
) -> None:
    found = judged(seed, shared=shared, kept=kept, by=by)
    assert found.differences == ()
    assert (found.account.open, found.inconclusive) == ({}, None)


FAULTS: dict[str, Callable[[list[Row]], list[Row]]] = {
    "in reverse": lambda rows: rows[::-1],
    "by id": lambda rows: sorted(rows, key=lambda row: row["id"]),
    "one lost": lambda rows: [row for row in rows if row["username"] != "mallory"],
    "cut": lambda rows: [{**row, "username": row["username"][:-1]} for row in rows],
    "another role": lambda rows: [*rows[:-1], {**rows[-1], "role": "admin"}],
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("shared", [True, False, None])
def test_a_list_of_people_is_held_to_their_order_and_to_what_they_are(
    fault: str, shared: bool | None
) -> None:
    found = judged(1, shared=shared, kept=str, by="username", show=FAULTS[fault])
    assert found.differences or found.account.open or found.inconclusive


@pytest.mark.parametrize(("mail", "found"), [("{}@example.com", False), ("{}@example.org", True)])
@pytest.mark.parametrize(
    "words", [("eve.brown495", "eve.miller929"), ("ann.smith784", "cleo.smith8")]
)
def test_a_mail_is_what_was_sent_in_small_letters_however_long(
    words: tuple[str, str], mail: str, found: bool
) -> None:
    """A few rounds draw names of one length by chance: theirs is no form of all."""
    state, judge = TestState(None, None), Judge(Rulebook(), lambda _: None)

    def asked(side: Side, word: str) -> Transcript:
        sent = {"mail": f"{word.title()}@Example.com"}
        domain = mail if side is Side.CANDIDATE else "{}@example.com"
        return transcript(
            exchange({"mail": domain.format(word)}, status=201, method="POST", sent=sent), side=side
        )

    for ours in ("dan.jones305", words[0], "bob.brown441"):
        state.rounds.append(Round(asked(Side.BASELINE, ours), asked(Side.CANDIDATE, words[1])))
    assert bool(judge.live(state).differences) is found


def on_a_day(fault: Callable[[str], str] | None = None) -> Judged:
    """A list of events as a calendar, which another test made, each on a day that it drew."""
    title = {Side.BASELINE: "Telling", Side.CANDIDATE: "Telling"}
    day = {Side.BASELINE: "2027-05-03", Side.CANDIDATE: "2027-08-21"}
    state, judge = TestState(None, None), Judge(Rulebook(shared_state=False), lambda _: None)

    def asked(side: Side) -> Transcript:
        sent = {"title": title[side], "day": day[side]}
        made = exchange({"ok": True}, status=201, method="POST", sent=sent)
        told = day[side].replace("-", "")
        told = fault(told) if fault and side is Side.CANDIDATE else told
        lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:a-1@example.com",
                 f"DTSTART;VALUE=DATE:{told}", "END:VEVENT", "END:VCALENDAR", "")  # fmt: skip
        listed = exchange(
            body="\r\n".join(lines).encode(), headers=(("Content-Type", "text/calendar"),)
        )
        return transcript(made, listed, side=side)

    return settled(state, judge, asked)


def test_a_day_is_what_was_sent_as_calendars_write_it() -> None:
    found = on_a_day()
    assert (found.differences, found.inconclusive) == ((), None)


@pytest.mark.parametrize("told", ["20270822", "20270820", "20280821"])
def test_another_day_than_was_sent_is_a_difference(told: str) -> None:
    assert on_a_day(lambda _: told).differences
