"""The room as one self-contained page that reloads itself; what is not ours is escaped."""

from __future__ import annotations

from datetime import UTC, datetime

from pytest_cutover.cli.room.board import Board
from pytest_cutover.report.renderers.html.standalone import standalone


def render(board: Board, *, every_s: int) -> str:
    """Return the whole page, which asks for itself again every `every_s` seconds."""
    switch_at = _iso(board.switch_at) if board.switch_at else ""
    return standalone(
        "room.html",
        style="room.css",
        script="room.js",
        board=board,
        every=every_s,
        now=_iso(board.now),
        switch_at=switch_at,
        clock=clock(board.switch_at, board.now),
    )


def clock(switch_at: datetime | None, now: datetime) -> str:
    """Return how far it is to the switch, or how long it is ago: "T−01:30:00", "T+2 d 00:10:00"."""
    if switch_at is None:
        return "no moment is set"
    seconds = (now - switch_at).total_seconds()
    days, rest = divmod(int(abs(seconds)), 86_400)
    sign = "−" if seconds < 0 else "+"
    before = f"{days} d " if days else ""
    return f"T{sign}{before}{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
