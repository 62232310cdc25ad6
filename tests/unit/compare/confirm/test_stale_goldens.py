"""A golden was recorded in another process: what is that one's own makes it no stale one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Side, Transcript
from pytest_cutover.normalize.normalized import Golden
from tests.unit.compare.building import JSON_HEADERS, exchange, settled, transcript

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


GROWN: dict[str, Callable[[int], dict[str, Any]]] = {
    "json": lambda n: {"document": {"role": "admin", "sessions": n, "quota": 5}},
    "rows": lambda n: {"document": [{"sku": "A-1", "stock": 5}, {"sku": "B-2", "stock": n}]},
    "decimal": lambda n: {"document": {"balance": n + 0.25}},
    "text in json": lambda n: {"document": {"note": f"{n} of 50 places taken"}},
    "html": lambda n: {
        "body": f"<html><body><p>You have {n} sessions</p></body></html>".encode(),
        "headers": HTML,
    },
    "header": lambda n: {
        "document": {},
        "headers": (*JSON_HEADERS, ("X-Quota", f"used={n}; of=50")),
    },
    "csv": lambda n: {
        "body": f"sku,stock\nA-1,5\nB-2,{n}\n".encode(),
        "headers": (("Content-Type", "text/csv"),),
    },
    "plain": lambda n: {"body": f"requests_total {n}\nup 1\n".encode(), "headers": TEXT},
}


def of_a_day(form: str, number: int, side: Side = Side.BASELINE) -> Transcript:
    """A number that stands still for a run, and has grown by the next."""
    return transcript(exchange(**GROWN[form](number)), side=side)


def recorded_on(form: str, *days: int) -> Golden:
    """A golden that was recorded once more on each of some days."""
    golden = None
    for number in days:
        one = of_a_day(form, number)
        golden = load(dump(learn(one, one, earlier=golden)))
    assert golden is not None
    return golden


@pytest.mark.parametrize("form", GROWN)
def test_a_number_that_grows_from_day_to_day_is_stale_until_it_was_recorded_twice(
    form: str,
) -> None:
    judge = Judge(Rulebook(), lambda _: None)
    assert judge.stale(recorded_on(form, 3), of_a_day(form, 7)) != ()
    assert judge.stale(recorded_on(form, 3, 4), of_a_day(form, 7)) == ()
    assert judge.stale(recorded_on(form, 3, 4, 4, 9), of_a_day(form, 17)) == ()


@pytest.mark.parametrize("shared", [True, False, None])
@pytest.mark.parametrize("form", GROWN)
def test_and_the_candidate_is_held_to_what_the_baseline_says_that_day(
    form: str, shared: bool | None
) -> None:
    def judged(ours: int, theirs: int) -> Judged:
        state = TestState(recorded_on(form, 3, 4), None)
        judge = Judge(Rulebook(shared_state=shared), lambda _: None)
        asked = {
            side: of_a_day(form, n, side) for side, n in zip(Side, (ours, theirs), strict=True)
        }
        return settled(state, judge, asked.__getitem__)

    equal = judged(7, 7)
    assert (equal.differences, equal.inconclusive, equal.stale) == ((), None, ())
    assert equal.account.open == {}
    assert judged(7, 8).differences


def test_a_reader_of_the_golden_sees_which_number_that_is() -> None:
    assert '"sessions": "<integer steady>"' in dump(recorded_on("json", 3, 4))
    assert "You have <digits steady> sessions" in dump(recorded_on("html", 3, 4))
