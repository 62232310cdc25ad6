"""The contract of a provider: in the same state of the world, each of them says the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.providers.provider import FigureName, P99Reading, Provider
from tests.harness.stub_server import StubServer
from tests.integration.monitoring.worlds import CommandWorld, PrometheusWorld, World, provider

ENDPOINT = "GET /x"


@pytest.fixture(params=["prometheus", "command"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    if request.param == "command":
        yield CommandWorld(tmp_path)
        return
    with StubServer() as server:
        yield PrometheusWorld(server)


@pytest.fixture
def opened(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("METRICS_PASSWORD", "hunter2-hunter2")
    world.says(requests=100, errors=3, p99_ms=80)
    with provider(tmp_path, world.table) as found:
        yield found


def totals(opened: Provider) -> tuple[float, float]:
    processes = opened.traffic(Side.CANDIDATE).processes.values()
    return sum(one.requests for one in processes), sum(one.errors for one in processes)


def test_numbers_are_told(opened: Provider) -> None:
    traffic = opened.traffic(Side.CANDIDATE)

    assert totals(opened) == (100, 3)
    assert traffic.problem == ""
    assert 0 <= traffic.age_s < 10
    assert opened.p99(Side.CANDIDATE, [ENDPOINT]) == {ENDPOINT: P99Reading(80.0)}
    found = opened.check(Side.CANDIDATE, [ENDPOINT])
    assert (list(found.mistakes), list(found.notices)) == ([], [])


def test_no_error_is_zero(world: World, opened: Provider) -> None:
    world.says(requests=100, errors=0, p99_ms=80)

    assert totals(opened) == (100, 0)


def test_no_traffic_is_no_p99_and_no_problem(world: World, opened: Provider) -> None:
    world.says(requests=100, errors=0, p99_ms=None)

    assert opened.p99(Side.CANDIDATE, [ENDPOINT]) == {ENDPOINT: P99Reading()}


def test_old_numbers_say_how_old_they_are(world: World, opened: Provider) -> None:
    world.is_old(99)

    assert opened.traffic(Side.CANDIDATE).age_s == pytest.approx(99, abs=5)


def test_numbers_of_the_future_cannot_tell(world: World, opened: Provider) -> None:
    world.is_old(-99)

    assert "s in the future: two clocks differ" in opened.traffic(Side.CANDIDATE).problem


@pytest.mark.parametrize(
    ("becomes", "said"),
    [
        (lambda world: world.is_empty(), ""),
        (lambda world: world.refuses(), "401 who are you"),
        (lambda world: world.loses_a_part(), ""),
        (lambda world: world.shows_a_page(), "page|no number"),
        (lambda world: world.is_gone(), ""),
    ],
    ids=["empty", "refuses", "part", "page", "gone"],
)
def test_what_cannot_be_told_is_a_problem_and_never_zero(
    world: World, opened: Provider, becomes: Callable[[World], None], said: str
) -> None:
    assert totals(opened) == (100, 3)
    becomes(world)
    traffic = opened.traffic(Side.CANDIDATE)

    assert traffic.processes == {}
    assert traffic.problem
    assert any(word in traffic.problem for word in said.split("|"))
    assert "hunter2" not in traffic.problem


def test_what_hangs_is_left_within_its_time_limit(world: World, opened: Provider) -> None:
    world.hangs()
    started_s = time.monotonic()

    assert opened.traffic(Side.CANDIDATE).problem
    assert time.monotonic() - started_s < 15


@pytest.mark.parametrize(
    "becomes",
    [lambda world: world.is_empty(), lambda world: world.refuses()],
    ids=["empty", "refuses"],
)
def test_what_cannot_be_told_is_said_at_the_start(
    world: World, opened: Provider, becomes: Callable[[World], None]
) -> None:
    becomes(world)
    found = opened.check(Side.CANDIDATE, [ENDPOINT])

    assert list(found.mistakes) == []
    assert len(found.notices) >= 1
    assert "hunter2" not in " ".join(found.notices)


def test_a_count_below_zero_cannot_tell(world: World, opened: Provider) -> None:
    world.says(requests=-100, errors=0, p99_ms=80)

    assert opened.traffic(Side.CANDIDATE).problem


def test_queries_that_ask_for_no_side_cannot_tell_one_from_the_other(tmp_path: Path) -> None:
    with StubServer() as server:
        world = PrometheusWorld(server)
        world.says(requests=100, errors=0, p99_ms=80)
        table = world.table.replace('password = "{env:METRICS_PASSWORD}"', 'password = "x"')
        table += """[checklist.monitoring.queries]
errors = 'sum(http_requests_total{side="baseline",status=~"5.."})'
"""
        with provider(tmp_path, table) as opened:
            assert "asks for no {side}" in opened.traffic(Side.CANDIDATE).problem
            assert any(
                "errors asks for no {side}" in one
                for one in opened.check(Side.CANDIDATE, [ENDPOINT]).notices
            )


def test_a_status_of_5xx_that_errors_leaves_out_is_told_once_it_comes(tmp_path: Path) -> None:
    with StubServer() as server:
        world = PrometheusWorld(server)
        world.says(requests=100, errors=0, p99_ms=80)
        world.small.requests({"status": "501"}, 4)
        table = world.table.replace('password = "{env:METRICS_PASSWORD}"', 'password = "x"')
        table += """[checklist.monitoring.queries]
errors = 'sum(http_requests_total{side="{side}",status="500"})'
"""
        with provider(tmp_path, table) as opened:
            assert opened.traffic(Side.CANDIDATE).doubt == ""  # Of before the watch.
            assert opened.traffic(Side.CANDIDATE).doubt == ""
            world.small.requests({"status": "503"}, 9)
            traffic = opened.traffic(Side.CANDIDATE)
            said = '9 answers had status 501, 503, which status="500" leaves out'
            assert said in traffic.doubt
            assert traffic.problem == ""  # What it counts are errors all the same.


def test_what_a_command_writes_to_standard_error_is_no_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METRICS_PASSWORD", "hunter2-hunter2")
    world = CommandWorld(tmp_path)
    world.says(requests=100, errors=3, p99_ms=80)
    state = tmp_path / "state.sh"
    state.write_text(state.read_text("utf-8") + "echo 0 >&2\n", "utf-8")
    with provider(tmp_path, world.table) as opened:
        assert totals(opened) == (100, 3)


def counter(opened: Provider) -> float | None:
    figure = opened.figure(FigureName.COUNTER)
    assert figure is not None
    return figure.reading.value


def test_a_figure_of_an_item_is_told_and_one_that_nothing_names_is_none(opened: Provider) -> None:
    assert counter(opened) == 100
    assert opened.figure(FigureName.UP) is None
    requests = opened.figure(FigureName.BASELINE_REQUESTS, span_s=3600)
    assert requests is not None
    assert requests.reading.value is not None


@pytest.mark.parametrize(
    "becomes",
    [
        lambda world: world.is_empty(),
        lambda world: world.refuses(),
        lambda world: world.shows_a_page(),
        lambda world: world.is_gone(),
        lambda world: world.hangs(),
    ],
    ids=["empty", "refuses", "page", "gone", "hangs"],
)
def test_a_figure_that_cannot_be_told_is_no_number(
    world: World, opened: Provider, becomes: Callable[[World], None]
) -> None:
    becomes(world)

    assert counter(opened) is None


def test_an_endpoint_that_nobody_counts_is_told_with_those_that_are(tmp_path: Path) -> None:
    with StubServer() as server:
        world = PrometheusWorld(server)
        world.says(requests=100, errors=0, p99_ms=80)
        world.table = world.table.replace('password = "{env:METRICS_PASSWORD}"', 'password = "x"')
        with provider(tmp_path, world.table) as opened:
            (said,) = opened.check(Side.CANDIDATE, [ENDPOINT, "GET /y"]).notices

    assert 'endpoint="GET /y"' in said
    assert "has no series: endpoint is GET /x" in said
