"""What both recordings had alike by chance: how often a loop asked, and a number of a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import count, cycle
from typing import Any

import pytest

from pytest_cutover.compare.confirm.confirmation import Judged
from pytest_cutover.compare.confirm.rulebook import Rulebook
from pytest_cutover.compare.confirm.test_state import Judge, TestState
from pytest_cutover.compare.golden.text import dump, load
from pytest_cutover.compare.noise.model import learn
from pytest_cutover.core.exchange import Exchange, Side, Transcript
from tests.unit.compare.building import JSON_HEADERS, exchange, settled, transcript

JUDGE = Judge(Rulebook(shared_state=True), lambda _: None)
Fault = Callable[[dict[str, Any]], dict[str, Any]]
FAULTS: dict[str, Fault] = {
    "rows": lambda done: done | {"result": {"rows": 11}},
    "failed": lambda done: done | {"status": "failed"},
    "lost": lambda done: {name: value for name, value in done.items() if name != "result"},
}


def job(turns: int, took_ms: int, side: Side = Side.BASELINE, fault: Fault = dict) -> Transcript:
    """A test that asks until a job is done, and then lists what it made."""
    waiting = [
        exchange({"status": "queued", "progress": 7 * turn}, target="/jobs/1", endpoint="GET /job")
        for turn in range(turns - 1)
    ]
    done = {"status": "done", "duration_ms": took_ms, "result": {"rows": 12}}
    asked: list[Exchange] = [
        exchange({"status": "queued"}, method="POST", target="/jobs", status=202, sent={"n": 1}),
        *waiting,
        exchange(fault(done), target="/jobs/1", endpoint="GET /job"),
        exchange({"jobs": 1}, target="/jobs"),
    ]
    return transcript(*asked, side=side)


def judged(recorded: int, turns: Sequence[tuple[int, int]], fault: Fault = dict) -> Judged:
    """A golden that asked so often both times, and rounds that ask otherwise on each side."""
    golden = load(dump(learn(job(recorded, 17), job(recorded, 231))))
    rounds: Iterator[tuple[int, int]] = iter(turns)
    took_ms, own = count(40, 13), {Side.BASELINE: dict, Side.CANDIDATE: fault}
    at: list[tuple[int, int]] = []

    def asked(side: Side) -> Transcript:
        if side is Side.BASELINE:
            at[:] = [next(rounds)]
        return job(at[0][side is Side.CANDIDATE], next(took_ms), side, own[side])

    return settled(TestState(golden, None), JUDGE, asked)


TURNS = [[(1, 1)] * 12, [(2, 1)] * 12, [(4, 2), (3, 3)] * 6, [(1, 5), (2, 2)] * 6]


@pytest.mark.parametrize("turns", TURNS, ids=str)
@pytest.mark.parametrize("recorded", [1, 2, 3])
def test_a_loop_that_asked_otherwise_when_it_was_recorded_is_equal(
    recorded: int, turns: list[tuple[int, int]]
) -> None:
    found = judged(recorded, turns)
    assert (found.differences, found.inconclusive, found.stale) == ((), None, ())
    assert found.account.open == {}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("turns", TURNS, ids=str)
def test_another_last_answer_of_it_is_a_difference(
    turns: list[tuple[int, int]], fault: str
) -> None:
    assert judged(3, turns, FAULTS[fault]).differences


FORMS: dict[str, Callable[[int, str], dict[str, Any]]] = {
    "json": lambda took, word: {"document": {"is": word, "timing": {"took_ms": took}}},
    "text in json": lambda took, word: {"document": {"is": word, "note": f"took {took} ms"}},
    "html": lambda took, word: {
        "body": f"<html><body><h1>{word}</h1><p>5 found in {took} ms</p></body></html>".encode(),
        "headers": (("Content-Type", "text/html"),),
    },
    "decimal": lambda took, word: {"document": {"is": word, "took_s": took / 10}},
    "plain": lambda took, word: {
        "body": f"{word}\nrendered in {took} ms\n".encode(),
        "headers": (("Content-Type", "text/plain"),),
    },
    "csv": lambda took, word: {
        "body": f"name,ms\n{word},{took}\n".encode(),
        "headers": (("Content-Type", "text/csv"),),
    },
    "ndjson": lambda took, word: {
        "body": f'{{"is":"{word}"}}\n{{"took":{took}}}\n'.encode(),
        "headers": (("Content-Type", "application/x-ndjson"),),
    },
    "header": lambda took, word: {
        "document": {},
        "headers": (*JSON_HEADERS, ("X-Word", word), ("X-Runtime-Ms", f"{took}")),
    },
    "header of several": lambda took, word: {
        "document": {},
        "headers": (*JSON_HEADERS, ("Server-Timing", f'db;dur={took}, cache;desc="{word}"')),
    },
    "cookie": lambda took, word: {
        "document": {},
        "headers": (*JSON_HEADERS, ("Set-Cookie", f"took={took}; Path=/{word}")),
    },
}


def timed(form: str, moments: Sequence[int], *others: int, word: str = "well") -> Judged:
    """A golden in which it took 3 ms both times, and rounds of both sides.

    They take one of `moments` after the other; the candidate of `others`, where there are some, and
    it says `word`.
    """
    at, theirs = cycle(moments), cycle(others)

    def asked(side: Side) -> Transcript:
        is_cand = side is Side.CANDIDATE
        took = next(theirs if is_cand and others else at)
        return transcript(exchange(**FORMS[form](took, word if is_cand else "well")), side=side)

    recorded = transcript(exchange(**FORMS[form](3, "well")))
    return settled(TestState(load(dump(learn(recorded, recorded))), None), JUDGE, asked)


@pytest.mark.parametrize("moments", [[3, 4, 2, 3], [4, 4, 2, 5], [2, 3, 3, 2]], ids=str)
@pytest.mark.parametrize("form", FORMS)
def test_a_number_that_moves_in_the_run_makes_no_golden_stale(
    form: str, moments: list[int]
) -> None:
    found = timed(form, moments)
    assert (found.differences, found.inconclusive, found.stale) == ((), None, ())
    assert found.account.open == {}


@pytest.mark.parametrize("form", FORMS)
def test_another_word_beside_it_is_a_difference(form: str) -> None:
    found = timed(form, [3, 4, 2, 3], word="ill")
    assert len(found.differences) == 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("others", [(3,), (300, 200, 400)], ids=str)
def test_a_number_that_stays_or_is_far_from_what_was_seen_is_not_let_pass(
    form: str, others: tuple[int, ...]
) -> None:
    found = timed(form, [3, 4, 2, 5], *others)
    moved = timed(form, [4, 3], *others)
    assert moved.differences or moved.inconclusive
    if len(others) > 1:
        assert found.differences or found.inconclusive


@pytest.mark.parametrize("form", FORMS)
def test_a_number_that_moved_once_and_stays_is_stale(form: str) -> None:
    found = timed(form, [4])
    assert found.differences == ()
    assert len(found.stale) == 1
