"""A watch by clocks of the test's own: jumps, sleeps, and what it leaves for others to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pytest_cutover.core.exchange import Side
from pytest_cutover.monitoring.decision import TriggerState
from pytest_cutover.monitoring.watch import Clocks, Watch, limits_of
from pytest_cutover.report.live import LiveState, live_path, read_live
from tests.harness.stub_server import StubServer
from tests.integration.monitoring.worlds import PrometheusWorld, context

MORE = 'window = "20s"\nblind = "6s"\nmin_requests = 10\n'


@dataclass
class Time:
    """Sleeping moves it. `jumps` are when the clock was set, or the machine slept, and how far."""

    world: PrometheusWorld
    jumps: dict[float, float] = field(default_factory=dict)
    at_s: float = 0.0
    apart_s: float = 1.8e9
    stops_s: float = float("inf")

    def sleep(self, seconds: float) -> None:
        self.at_s += seconds
        for when in [one for one in self.jumps if one <= self.at_s]:
            self.apart_s += self.jumps.pop(when)
        if self.at_s >= self.stops_s:
            raise KeyboardInterrupt
        self.world.says(requests=100 + 50 * self.at_s, errors=0, p99_ms=None)

    def clocks(self) -> Clocks:
        return Clocks(lambda: self.at_s, lambda: self.at_s + self.apart_s, self.sleep)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[PrometheusWorld]:
    monkeypatch.setenv("METRICS_PASSWORD", "hunter2-hunter2")
    with StubServer() as server:
        yield PrometheusWorld(server)


def watched(folder: Path, world: PrometheusWorld, time: Time) -> TriggerState:
    world.says(requests=100, errors=0, p99_ms=None)
    made = context(folder, world.table + MORE)
    table = made.table.monitoring
    assert table is not None
    return Watch(made, table, Side.CANDIDATE, limits_of(made, table), time.clocks()).run()


def test_clocks_that_agree_say_nothing(tmp_path: Path, world: PrometheusWorld) -> None:
    found = watched(tmp_path, world, Time(world))

    assert (found.error_rate.verdict, found.action) == ("pass", "keep monitoring")


@pytest.mark.parametrize("jump_s", [3.0, -3.0, -3600.0])
def test_a_clock_that_is_set_cannot_tell(
    tmp_path: Path, world: PrometheusWorld, jump_s: float
) -> None:
    found = watched(tmp_path, world, Time(world, {5.0: jump_s}))

    assert (found.error_rate.verdict, found.action) == ("inconclusive", "investigate")
    assert f"the clock of this machine jumped by {jump_s:+.0f} s" in found.error_rate.message


def test_a_machine_that_slept_for_long_has_not_watched(
    tmp_path: Path, world: PrometheusWorld
) -> None:
    time = Time(world, {5.0: 2400.0})
    found = watched(tmp_path, world, time)

    assert (found.blind, found.action) == (True, "investigate")
    assert time.at_s < 7


def test_who_interrupts_it_leaves_word(tmp_path: Path, world: PrometheusWorld) -> None:
    with pytest.raises(KeyboardInterrupt):
        watched(tmp_path, world, Time(world, stops_s=4.0))
    live = read_live(live_path(tmp_path / ".cutover", "t", "pre-cutover"))

    assert live is not None
    assert (live.state, live.certain) == (LiveState.INTERRUPTED, True)
    assert live.candidate.requests_per_s == pytest.approx(50)
    assert len(live.points) == 16
    assert live.line.startswith("cutover: 00:03 of 00:20  candidate 50.0/s, 5xx 0.00 %")


def test_a_folder_that_cannot_be_written_stops_no_watch(
    tmp_path: Path, world: PrometheusWorld
) -> None:
    (tmp_path / ".cutover").write_text("a file")

    assert watched(tmp_path, world, Time(world)).action == "keep monitoring"
