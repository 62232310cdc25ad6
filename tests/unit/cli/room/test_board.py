"""What the room shows: one page of all phases, true at the moment it was written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pytest_cutover.checklist.catalogue import BUILT_IN
from pytest_cutover.checklist.signoffs import SignOff
from pytest_cutover.cli.room.board import Board, board
from pytest_cutover.cli.room.folders import Left
from pytest_cutover.cli.room.page import clock, render
from pytest_cutover.config.checklist import Phase
from pytest_cutover.report.live import Live, LiveState
from pytest_cutover.report.model import Action, ChecklistItem, GateVerdict, Report, Verdict
from tests.unit.report.reports import GO, NO_GO

NOW = datetime(2030, 11, 24, 10, 0, tzinfo=UTC)


def judged(phase: Phase, hour: int, **changes: object) -> Report:
    report = replace(
        GO,
        phase=str(phase),
        target="production",
        finished=f"2030-11-24T{hour:02}:00:00Z",
        environment={"commit": "88bebe1aaa"},
        checklist=(),
    )
    return replace(report, **changes)  # type: ignore[arg-type]


def watching(updated: datetime = NOW, **changes: object) -> Live:
    live = Live(
        target="production",
        phase="monitoring",
        run_id="1",
        state=LiveState.WATCHING,
        started="2030-11-24T09:50:00Z",
        updated=updated.isoformat().replace("+00:00", "Z"),
        stale_after_s=30.0,
        elapsed_s=600.0,
        window_s=900.0,
        action=Action(command="switch-back", name="roll back"),
        certain=True,
        reasons=("5xx above 1 % for 5 minutes",),
        line="10:00 of 15:00",
    )
    return replace(live, **changes)  # type: ignore[arg-type]


def room(*reports: Report, live: Live | None = None, **more: object) -> Board:
    left = Left(
        {Phase(one.phase): one for one in reports}, {Phase.MONITORING: live} if live else {}
    )
    return board(left, target="production", now=NOW, items=BUILT_IN, **more)  # type: ignore[arg-type]


def phase(shown: Board, wanted: Phase) -> object:
    return next(row for row in shown.phases if row.phase is wanted)


def test_before_anything_was_judged_it_says_where_to_begin() -> None:
    shown = room()

    assert shown.headline == "begin: judge the phase pre-cutover"
    assert shown.command == "pytest --cutover-target=production"


def test_after_a_phase_the_next_one_is_named_with_its_command() -> None:
    shown = room(judged(Phase.PRE_CUTOVER, 8), judged(Phase.VALIDATION, 9))

    assert shown.headline == "next: switch"
    assert shown.command == "pytest --cutover-target=production --cutover-phase=switch"


def test_a_phase_that_failed_is_what_is_next_in_the_words_of_its_phase() -> None:
    failed = replace(
        NO_GO, phase="validation", target="production", finished="2030-11-24T09:30:00Z"
    )

    shown = room(judged(Phase.PRE_CUTOVER, 8), failed)

    assert shown.headline == "NO-GO · do not switch"
    assert "/weight_kg" in shown.sentence


def test_a_watch_that_says_roll_back_is_the_headline_and_urgent() -> None:
    shown = room(judged(Phase.SWITCH, 9), live=watching())

    assert (shown.headline, shown.urgent) == ("roll back now", True)
    assert shown.command == "switch-back"
    assert shown.sentence == "5xx above 1 % for 5 minutes"


def test_a_silent_heartbeat_is_no_news_whatever_it_said_last() -> None:
    shown = room(judged(Phase.SWITCH, 9), live=watching(NOW - timedelta(seconds=95)))

    assert (shown.headline, shown.urgent) == ("no news for 95 s", True)


def test_a_watch_that_can_ask_nothing_never_says_keep() -> None:
    blind = watching(certain=False, action=Action(command="", name="keep monitoring"))

    shown = room(judged(Phase.SWITCH, 9), live=blind)

    assert shown.headline == "go on watching"
    assert shown.urgent


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ({"commit": "fffffff000"}, {}, "another candidate: commit fffffff000, now 88bebe1aaa"),
        (
            {"candidate": "build 7"},
            {"candidate": "build 8"},
            "another candidate: build 7, now build 8",
        ),
    ],
    ids=["commit", "build"],
)
def test_a_phase_of_another_candidate_says_so_and_is_next_again(
    before: dict[str, str], now: dict[str, str], told: str
) -> None:
    known = {"commit": "88bebe1aaa"}
    shown = room(
        judged(Phase.PRE_CUTOVER, 8, environment=known | before),
        judged(Phase.VALIDATION, 9, environment=known | now),
    )

    assert phase(shown, Phase.PRE_CUTOVER).other == told  # type: ignore[attr-defined]
    assert shown.headline == "next: pre-cutover"


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ({"commit": "a", "candidate": "7"}, {"commit": "b", "candidate": "7"}),
        ({"commit": "a", "candidate": "7"}, {"commit": "a"}),
    ],
    ids=["another commit of the suite", "nobody knows which build"],
)
def test_the_same_candidate_is_not_called_another(
    before: dict[str, str], now: dict[str, str]
) -> None:
    shown = room(
        judged(Phase.PRE_CUTOVER, 8, environment=before),
        judged(Phase.VALIDATION, 9, environment=now),
    )

    assert phase(shown, Phase.PRE_CUTOVER).other == ""  # type: ignore[attr-defined]
    assert shown.headline == "next: switch"


def test_an_item_has_its_signer_the_end_of_the_signature_and_the_command_that_renews_it() -> None:
    signed = SignOff(
        item="rollback.team",
        target="production",
        by="Ada",
        at=NOW - timedelta(days=2),
        note="walked through",
        valid_until=NOW - timedelta(hours=1),
    )
    other = replace(signed, target="staging", by="Eve")

    shown = room(sign_offs=(signed, other))

    rows = phase(shown, Phase.PRE_CUTOVER).items  # type: ignore[attr-defined]
    (item,) = [row for row in rows if row.id == "rollback.team"]
    assert (item.state, item.signer) == ("signature expired", "Ada")
    assert item.expires == "2030-11-24 09:00 UTC"
    assert item.command.startswith("pytest-cutover sign-off rollback.team --target=production")


def test_the_way_back_is_always_in_sight_with_its_last_rehearsal() -> None:
    drill = ChecklistItem(
        id="rollback.drill",
        title="rehearsed",
        phase="pre-cutover",
        verdict=GateVerdict.PASS,
        evidence="0 of 812 lost",
    )

    shown = room(judged(Phase.PRE_CUTOVER, 8, checklist=(drill,)), way_back="./back.sh")
    page = render(shown, every_s=5)

    assert "./back.sh" in page
    assert "Rehearsed last: pass, 2030-11-24 08:00 UTC: 0 of 812 lost" in page
    assert "Never rehearsed." in render(room(), every_s=5)


def test_the_page_reloads_itself_and_takes_no_text_for_markup() -> None:
    hostile = judged(Phase.PRE_CUTOVER, 8, verdict=Verdict.NO_GO, environment={"commit": "<b>x"})

    page = render(room(hostile), every_s=7)

    assert '<meta http-equiv="refresh" content="7">' in page
    assert "<b>x" not in page.replace('<b id="clock">', "")


@pytest.mark.parametrize(
    ("ahead", "told"),
    [
        (timedelta(hours=1, minutes=30), "T−01:30:00"),
        (timedelta(0), "T+00:00:00"),
        (timedelta(days=-2, minutes=-10), "T+2 d 00:10:00"),
    ],
)
def test_the_clock_counts_to_the_switch_and_on(ahead: timedelta, told: str) -> None:
    assert clock(NOW + ahead, NOW) == told


def test_without_a_moment_the_confirmed_switch_begins_the_clock() -> None:
    assert room(judged(Phase.SWITCH, 9)).switch_at == datetime(2030, 11, 24, 9, tzinfo=UTC)
    assert room().switch_at is None
