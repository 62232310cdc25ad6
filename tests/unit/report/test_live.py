"""live.json: written whole, read back, and known to be silent when its writer is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pytest_cutover.report.live import (
    Live,
    LivePoint,
    LiveProbe,
    LiveSide,
    LiveState,
    LiveTrigger,
    live_path,
    read_live,
    write_live,
)
from pytest_cutover.report.model import Action

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)


def live(state: LiveState = LiveState.WATCHING) -> Live:
    return Live(
        target="production",
        phase="monitoring",
        run_id="r1",
        state=state,
        started=NOW.isoformat(),
        updated=NOW.isoformat(),
        stale_after_s=45,
        elapsed_s=30,
        window_s=900,
        action=Action(command="", name="investigate", sentence="Find out why."),
        certain=False,
        blind_s=20,
        reasons=("no data for 20 s",),
        candidate=LiveSide(requests=100, errors=2, p99_ms={"GET /x": 80.0}),
        triggers=(LiveTrigger(condition="c", action="roll back", held_s=1, needed_s=300),),
        probes=(LiveProbe(name="log in", ok=None, message="refused"),),
        points=(LivePoint(at_s=1, error_rate=0.02),),
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = live_path(tmp_path, "production", "monitoring")
    write_live(path, live())

    assert path == tmp_path / "runs" / "production" / "monitoring" / "live.json"
    assert read_live(path) == live()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', "\xff"])
def test_what_is_no_live_file_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "live.json"
    path.write_text(text, "latin-1")

    assert read_live(path) is None
    assert read_live(tmp_path / "none") is None


def test_a_heartbeat_that_is_late_is_silence_and_an_ended_run_is_none() -> None:
    assert live().silent_s(NOW + timedelta(seconds=44)) == 0
    assert live().silent_s(NOW + timedelta(seconds=46)) == 46
    assert live(LiveState.ENDED).silent_s(NOW + timedelta(days=1)) == 0


def test_a_heartbeat_from_the_future_is_no_news_either() -> None:
    assert live().silent_s(NOW - timedelta(hours=1)) == -3600


@pytest.mark.parametrize("target", ["../eu/west", ".."])
def test_a_target_of_any_name_stays_in_its_folder(tmp_path: Path, target: str) -> None:
    path = live_path(tmp_path, target, "monitoring").resolve()

    assert path.parent.parent.parent == tmp_path / "runs"
