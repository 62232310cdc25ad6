"""From a generator's rows to a load, and when the load must end."""

from __future__ import annotations

from typing import Any

from pytest_cutover.core.endpoint import parse
from pytest_cutover.performance.load.generator import LoadPlan
from pytest_cutover.performance.load.load_rows import Gathering
from pytest_cutover.performance.stats.load_run import LoadRun
from pytest_cutover.performance.stats.samples import Side

SIDES = ("baseline", "candidate") * 9


def plan() -> LoadPlan:
    return LoadPlan(
        locustfile="l.py", baseline="http://b", candidate="http://c", users=5, slice_s=1,
        sides=SIDES,
    )  # fmt: skip


def turn(index: int, *, ms: float = 2.0, failed: int = 0, count: int = 30) -> list[list[Any]]:
    side = SIDES[index]
    requests = [
        ["r", index, side, "GET", "/lots/7", index + i / count, ms, 200, int(i < failed)]
        for i in range(count)
    ]
    return [*requests, ["s", index, side, float(index), index + 1.0, 0.1, count, 0]]


def gathered(*turns: list[list[Any]], stops: bool = False) -> Gathering:
    gathering = Gathering(plan(), stops=stops)
    for rows in turns:
        gathering.add(rows)
    return gathering


def test_requests_belong_to_their_endpoint_and_turns_make_pairs() -> None:
    gathering = gathered(*(turn(index) for index in range(18)))
    run = gathering.run(LoadRun(users=5), (parse("GET /lots/{id}"),))
    assert gathering.missing(1) == ""
    assert gathering.missing(2) == "only 1 of 2 processes of locust handed in each slice"
    assert {one.endpoint for one in run.requests} == {"GET /lots/{id}"}
    # The first turn of each side is a warm-up.
    assert (len(run.pairs()), len(run.of(Side.CANDIDATE))) == (8, 240)


def test_turns_of_several_processes_are_one() -> None:
    gathering = gathered(turn(2), turn(2))
    (part,) = gathering.run(LoadRun(users=5), ()).slices
    assert (part.due, part.cpu) == (60, 0.1)


def test_a_load_that_broke_off_is_no_evidence() -> None:
    assert gathered(*(turn(index) for index in range(5))).missing(1) == (
        "locust handed in 5 of 18 slices"
    )


def test_the_load_ends_where_it_hurts_a_baseline_that_others_use() -> None:
    slower = [turn(0), turn(2), turn(4, ms=9), turn(6, ms=9)]
    assert "P50 went from 2.0 ms to 9.0 ms" in gathered(*slower, stops=True).worse
    assert gathered(*slower, stops=False).worse == ""
    assert "10 % of the baseline" in gathered(turn(0, failed=3), stops=True).worse
    assert gathered(turn(1, failed=30), turn(3, ms=90), stops=True).worse == ""
