"""How busy the machine was: from counters that only grow to a sentence and a judgement."""

from __future__ import annotations

import pytest

from pytest_cutover.performance.measure.machine_watch import MachineWatch, machine_sample
from pytest_cutover.performance.stats.machine import MachineRecord, MachineSample


def record(waiting: float, steal: float = 0.0, late_ms: float = 0.1) -> MachineRecord:
    """Ten seconds on two cores."""
    samples = [
        MachineSample(float(at), 100 + waiting * at, 7 + 2 * steal * at, 50 + 2.0 * at)
        for at in range(11)
    ]
    return MachineRecord([samples], [late_ms] * 100)


@pytest.mark.parametrize(
    ("seen", "busy"),
    [
        (record(0.05), False),
        (record(0.6), True),
        (record(0.05, steal=0.2), True),
        (record(0.05, late_ms=4.0), True),
        (MachineRecord(), False),
    ],
)
def test_a_busy_machine_is_known_by_any_of_three_signs(seen: MachineRecord, busy: bool) -> None:
    assert seen.busy is busy


def test_it_is_told_in_one_sentence() -> None:
    assert record(0.6, 0.2, 4.0).sentence() == (
        "processes waited for a core 60 % of the time, another virtual machine had it 20 % of "
        "the time, the client woke up to 4.00 ms late"
    )
    at_s, waiting = record(0.6).waiting_over_time()[-1]
    assert (at_s, round(waiting, 6)) == (10.0, 0.6)


def test_two_stretches_of_watching_are_added_up_and_the_time_between_is_not() -> None:
    both = MachineRecord([*record(0.2).parts, *record(0.6).parts])
    assert both.waiting == pytest.approx(0.4)


def test_where_the_system_tells_nothing_nothing_is_claimed() -> None:
    blind = MachineRecord([[MachineSample(0.0), MachineSample(9.0)]], [0.1] * 5)
    assert (blind.waiting, blind.steal, blind.lateness_ms) == (None, None, None)
    assert blind.sentence() == ""
    assert not blind.busy
    assert blind.waiting_over_time() == ()


def test_a_watch_adds_what_this_machine_tells() -> None:
    seen = MachineRecord()
    watch = MachineWatch(seen)
    watch.look(now=True)
    watch.look(now=True)
    assert len(seen.parts) == 1
    assert len(seen.parts[0]) == 2
    assert len(seen.late_ms) == 1
    first, last = machine_sample(), machine_sample()
    assert last.at_s >= first.at_s
