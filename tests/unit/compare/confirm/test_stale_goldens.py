"""A golden was recorded in another process: what is that one's own makes it no stale one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Transcript
from tests.unit.compare.building import JSON_HEADERS, exchange, transcript

ASKED = datetime(2026, 11, 27, 5, 9, 40, tzinfo=UTC)
RECORDED = ASKED - timedelta(days=3, hours=2)
TEXT = (("Content-Type", "text/plain"),)
HTML = (("Content-Type", "text/html"),)


def told(form: str, at: datetime, pid: int, word: str) -> dict[str, Any]:
    """An answer of a process that began half a minute ago."""
    began = at - timedelta(seconds=30)
    short = f"{began:%b} {began.day}, {began.year}, {began:%H:%M}"
    if form == "text":
        return {"body": f"{word}\nstarted: {short}\npid {pid}\n".encode(), "headers": TEXT}
    if form == "sentence":
        said = f"{word} is up since {began:%a, %d %b %Y %H:%M:%S}, pid={pid}"
        return {"body": said.encode(), "headers": TEXT}
    if form == "html":
        page = f"<html><body><h1>{word}</h1><p>Up since {short}</p></body></html>"
        return {"body": page.encode(), "headers": HTML}
    if form == "headers":
        return {"document": {"is": word}, "headers": (*JSON_HEADERS, ("X-Pid", str(pid)))}
    return {"document": {"is": word, "pid": pid, "note": f"up since {began:%Y-%m-%d %H:%M:%S}"}}


def stale(form: str, word: str = "well", ago: timedelta = timedelta(0)) -> tuple[str, ...]:
    """What a run says of a golden that another process was recorded for."""

    def answered(at: datetime, pid: int, said: str) -> Transcript:
        at_s = at.timestamp()
        answer = told(form, at - (ago if at == ASKED else timedelta(0)), pid, said)
        return transcript(exchange(**answer, at_s=at_s), session_started_s=at_s - 5)

    golden = load(dump(learn(answered(RECORDED, 41, "well"), answered(RECORDED, 41, "well"))))
    return Judge(Rulebook(), lambda _: None).stale(golden, answered(ASKED, 1388, word))


FORMS = ["text", "sentence", "html", "headers", "json"]


@pytest.mark.parametrize("form", FORMS)
def test_a_start_and_a_pid_are_the_processs_own(form: str) -> None:
    assert stale(form) == ()


@pytest.mark.parametrize("form", FORMS)
def test_another_word_beside_them_is_stale(form: str) -> None:
    assert len(stale(form, word="ill")) == 1


@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_a_start_before_the_recorded_one_is_stale(form: str) -> None:
    """What was restored from elsewhere is no later process of it."""
    assert len(stale(form, ago=timedelta(days=30))) == 1
