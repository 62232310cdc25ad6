"""Pending findings are asked one by one, at a real terminal; nothing is written unconfirmed."""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

from pytest_cutover.config.accepted import load_accepted
from pytest_cutover.config.datetimes import utc_today
from tests.unit.cli.at_a_tty import AtATty
from tests.unit.cli.last_run import PATH, STATUS, WEIGHT

KEYS = "[q]uit: "
WRITE = "[u]ndo: "
#: The finding that is asked first, and the other.
FIRST, SECOND = WEIGHT, STATUS


def reviewing(project: Path, *arguments: str, **environ: str) -> AtATty:
    return AtATty(project, "review", "--approver", "Mira", *arguments, **environ)


def accept(tty: AtATty, *, scope: str = "", reason: str = "meant", until: str = "") -> None:
    tty.answer(KEYS, "a")
    tty.answer("scope (", f"{scope}\n")
    tty.answer("reason, why", f"{reason}\n")
    tty.answer("until, a date", f"{until}\n")


# -- what is shown --------------------------------------------------------------------------------


def test_a_finding_is_shown_with_both_sides_where_and_why_it_is_one(project: Path) -> None:
    tty = reviewing(project)

    shown = tty.answer(KEYS, "q")

    for expected in (
        "2 pending findings of the last run (target staging, 2030-01-01T00:01:00Z).",
        " 1 of 2 · 1a2b3c4d ",
        "POST /api/lots   /weight_kg   number → string",
        "    baseline   500.5\n",
        '    candidate  "500.5"\\x1b[31m\n',
        '    -   "weight_kg": 500.5\n    +   "weight_kg": "500.5"\n',
        "    12× in 2 tests:\n      tests/test_lots.py::test_lot\n",
        "One finding, because all 12 occurrences changed the same way: type at\n    /weight_kg,",
    ):
        assert expected in shown
    assert tty.ended() == 0
    assert "2 not looked at\nnothing was written" in tty.seen
    assert "\x1b" not in tty.seen


def test_a_terminal_with_colours_has_the_two_sides_in_two(project: Path) -> None:
    tty = reviewing(project, TERM="xterm", NO_COLOR="")

    shown = tty.answer(KEYS, "q")

    assert "\x1b[31m    baseline   \x1b[0m500.5" in shown
    assert '\x1b[32m    candidate  \x1b[0m"500.5"\\x1b[31m' in shown
    assert tty.ended() == 0


# -- what is written ------------------------------------------------------------------------------


def test_what_was_accepted_is_written_once_confirmed(project: Path) -> None:
    tty = reviewing(project)
    accept(tty, scope="*test_lot 'weight above 10000'", reason="both are meant", until="30")
    tty.answer(KEYS, "s")
    assert not (project / PATH).exists()

    assert "write 1 accepted difference to cutover-accepted.toml?" in tty.answer(WRITE, "y")
    assert tty.ended() == 0

    (entry,) = load_accepted(project / PATH).entries
    assert entry.signature == FIRST.signature
    assert entry.scope == ("*test_lot", "weight above 10000")
    assert (entry.reason, entry.approver) == ("both are meant", "Mira")
    assert entry.expires == utc_today() + timedelta(days=30)
    assert "1 accepted · 1 skipped" in tty.seen
    assert "next: commit cutover-accepted.toml, then run the gate again" in tty.seen


def test_with_enter_alone_it_holds_for_its_tests_and_ninety_days(project: Path) -> None:
    tty = reviewing(project)
    accept(tty)
    tty.answer(KEYS, "q")
    tty.answer(WRITE, "y")
    assert tty.ended() == 0

    (entry,) = load_accepted(project / PATH).entries
    assert entry.scope == ("tests/test_lots.py::test_lot", "tests/test_lots.py::test_full[a]")
    assert entry.expires == utc_today() + timedelta(days=90)


def test_what_stands_in_the_file_is_kept_and_an_expired_entry_renewed(project: Path) -> None:
    before = f"""\
# Read before you add to it.

[[accepted]]  # the first
signature = "{SECOND.signature}"  # as the report says it
expires = 2020-01-01  # too long ago
scope = ["tests/test_lots.py::test_unknown"]
reason = "old"
approver = "Ola"

# The last word.
"""
    (project / PATH).write_text(before, encoding="utf-8")
    tty = reviewing(project, "--expires", "2031-02-03")
    accept(tty, reason="new")
    tty.answer(KEYS, "a")
    tty.answer("scope (", "\n")
    tty.answer("reason, why", "still meant\n")
    tty.answer("until, a date", "\n")
    tty.until("this renews the entry of Ola that expired on 2020-01-01")
    tty.answer(WRITE, "y")
    assert tty.ended() == 0

    after = (project / PATH).read_text(encoding="utf-8")
    renewed = (before.replace("2020-01-01", "2031-02-03").replace("old", "still meant")).replace(
        "Ola", "Mira"
    )
    assert after.startswith(renewed)
    assert [entry.reason for entry in load_accepted(project / PATH).entries] == [
        "still meant",
        "new",
    ]


def test_no_means_no(project: Path) -> None:
    tty = reviewing(project)
    accept(tty)
    tty.answer(KEYS, "q")
    tty.answer(WRITE, "n")

    assert tty.ended() == 0
    assert "nothing was written" in tty.seen
    assert not (project / PATH).exists()


# -- the other keys -------------------------------------------------------------------------------


def test_a_rejected_finding_is_named_at_the_end_with_what_repeats_it(project: Path) -> None:
    tty = reviewing(project)
    tty.answer(KEYS, "s")
    tty.answer(KEYS, "r")

    assert tty.ended() == 0
    assert "1 rejected · 1 skipped\nnothing was written\n" in tty.seen
    assert "to be repaired in the candidate: 99aabbcc  12×  POST /api/lots  status" in tty.seen
    again = '  pytest "tests/test_lots.py::test_unknown[candidate]" --cutover-target=staging\n'
    assert again in tty.seen


def test_undo_takes_back_the_last_decision_before_and_after_the_question(project: Path) -> None:
    tty = reviewing(project)
    tty.answer(KEYS, "u")
    tty.until("nothing to undo")
    accept(tty)
    tty.answer(KEYS, "u")
    tty.until("undone: 1a2b3c4d is no longer accepted")
    tty.until(" 1 of 2 ")
    tty.answer(KEYS, "s")
    accept(tty)
    tty.answer(WRITE, "u")
    tty.until("undone: 99aabbcc is no longer accepted")
    tty.answer(KEYS, "s")

    assert tty.ended() == 0
    assert "2 skipped\nnothing was written" in tty.seen
    assert not (project / PATH).exists()


def test_the_page_opens_at_the_finding(project: Path, tmp_path: Path) -> None:
    (project / ".cutover" / "gate.html").write_text("<!doctype html>")
    browser = tmp_path / "browser"
    browser.write_text(f'#!{sys.executable}\nimport sys\nopen("url", "w").write(sys.argv[1])\n')
    browser.chmod(0o755)
    tty = reviewing(project, BROWSER=f"{browser} %s")
    tty.answer(KEYS, "o")
    tty.until("opened file://")
    tty.answer(KEYS, "q")

    assert tty.ended() == 0
    assert (project / "url").read_text().endswith("/.cutover/gate.html#f-1a2b3c4d")


def test_without_a_page_it_says_so(project: Path) -> None:
    tty = reviewing(project)
    tty.answer(KEYS, "o")
    tty.until("there is no page: .cutover/gate.html was not written by the last run")
    tty.answer(KEYS, "q")
    assert tty.ended() == 0


def test_arrow_keys_and_other_keys_answer_nothing(project: Path) -> None:
    tty = reviewing(project)
    tty.answer(KEYS, "\x1b[A\x1b[Dx7\n ")
    time.sleep(0.3)
    tty.press("s")
    tty.until(" 2 of 2 ")
    tty.answer(KEYS, "q")

    assert tty.ended() == 0
    assert "scope" not in tty.seen


def test_what_was_typed_ahead_confirms_nothing(project: Path) -> None:
    tty = reviewing(project)
    accept(tty)
    tty.answer(KEYS, "qyyyy")
    tty.answer(WRITE, "n")

    assert tty.ended() == 0
    assert not (project / PATH).exists()


# -- answers that do not do -----------------------------------------------------------------------


def test_a_wrong_scope_and_a_wrong_day_are_asked_for_again(project: Path) -> None:
    tty = reviewing(project)
    tty.answer(KEYS, "a")
    tty.answer("scope (", "no::such\n")
    tty.until("matches no test in which this finding was seen")
    tty.answer("scope (", "'unbalanced\n")
    tty.until("No closing quotation")
    tty.answer("scope (", "*\n")
    tty.answer("reason, why", "r\n")
    tty.answer("until, a date", "soon\n")
    tty.until("not a date")
    tty.answer("until, a date", "2001-01-01\n")
    tty.until("this day is over")
    tty.answer("until, a date", "99999999999\n")
    tty.answer("until, a date", "2031-01-01\n")
    tty.answer(KEYS, "q")
    tty.answer(WRITE, "y")
    assert tty.ended() == 0

    assert load_accepted(project / PATH).entries[0].expires == date(2031, 1, 1)


def test_without_a_reason_nothing_is_accepted(project: Path) -> None:
    tty = reviewing(project)
    tty.answer(KEYS, "a")
    tty.answer("scope (", "\n")
    tty.answer("reason, why", "\n")
    tty.until("an accepted difference needs a reason")
    tty.answer(KEYS, "q")

    assert tty.ended() == 0
    assert "2 not looked at" in tty.seen


# -- leaving --------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
@pytest.mark.parametrize("prompt", [KEYS, "scope (", "reason, why", WRITE])
def test_leaving_at_any_question_writes_nothing(project: Path, prompt: str, key: str) -> None:
    tty = reviewing(project)
    if prompt == WRITE:
        accept(tty)
        tty.answer(KEYS, "q")
    elif prompt != KEYS:
        tty.answer(KEYS, "a")
        if prompt == "reason, why":
            tty.answer("scope (", "\n")
    tty.answer(prompt, key)

    assert tty.ended() == 130
    assert "interrupted; nothing was written" in tty.seen
    assert not (project / PATH).exists()


def test_a_terminal_that_goes_away_writes_nothing(project: Path) -> None:
    tty = reviewing(project)
    accept(tty)
    tty.until(KEYS)

    assert tty.hang_up() in (-signal.SIGHUP, 130)
    assert os.listdir(project).count(PATH) == 0


def test_a_mistake_in_the_file_is_told_before_anything_is_asked(project: Path) -> None:
    (project / PATH).write_text("[[accepted]]\nsignature = 1\n", encoding="utf-8")
    tty = reviewing(project)

    assert tty.ended() == 4
    assert KEYS not in tty.seen
    assert "cutover-accepted.toml" in tty.seen


def test_a_target_with_a_file_of_its_own_is_reviewed_into_that(project: Path) -> None:
    (project / "cutover.toml").write_text(
        '[targets.staging]\naccepted = "own.toml"\n'
        'baseline = { url = "http://a.example" }\ncandidate = { url = "http://b.example" }\n'
    )
    tty = reviewing(project)
    accept(tty)
    tty.answer(KEYS, "q")
    tty.answer(WRITE, "y")

    assert tty.ended() == 0
    assert len(load_accepted(project / "own.toml").entries) == 1
    assert not (project / PATH).exists()
