"""One row for each fault: what the matrix demands, what was said, when, and what it cost."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.slow.drill import stage
from tests.slow.drill.ledger import damaged, missing, window
from tests.slow.drill.neighbour import flapping_neighbour
from tests.slow.drill.rig import Rig, rig
from tests.slow.drill.stage import SCRAPE_S

# The condition of the matrix in real time; a drill scales it as it scales the phases.
_ERRORS_FOR_S: Final = 300.0
_P99_FOR_S: Final = 600.0
# What `slow` adds to a request: it is counted when it has ended.
_SLOW_S: Final = 0.6
_LOOKS: Final = re.compile(r"^cutover: \d\d:\d\d of ", re.MULTILINE)
_ACTION = re.compile(r"^cutover: \d\d:\d\d of .*? → ([a-z ]+?)(?: \(|$)", re.MULTILINE)
_HEALTHY_LOOKS_S = 4.0
# A phase of half a minute, and a machine that has other work to do.
_DEADLINE_S = 120.0


def _nothing_besides(_made: Rig) -> contextlib.AbstractContextManager[None]:
    return contextlib.nullcontext()


@dataclass(frozen=True, slots=True)
class Fault:
    """What is done, the action that the matrix demands, and how long its condition holds first.

    `holds_s` is real time, `blind_intervals` are scrape intervals, which no scale changes, and
    `shows_s` is how long its first answer takes. `loses` where requests go unanswered by the fault
    itself. `configured` is how a team would have configured it, `prepared` what is there besides;
    `from_the_start` where it is seen before anything is healthy: from the first look, since how
    long a machine with other work takes to start Python says nothing about the watch.
    """

    begin: Callable[[Rig], None]
    end: Callable[[Rig], None]
    action: str
    verdict: str
    holds_s: float = 0.0
    blind_intervals: int = 0
    shows_s: float = 0.0
    loses: bool = False
    configured: Callable[[str], str] = lambda text: text
    prepared: Callable[[Rig], contextlib.AbstractContextManager[None]] = _nothing_besides
    from_the_start: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What came of one fault. `seconds` from the fault to the action, `allowed_s` at most."""

    fault: str
    expected: str
    taken: str
    verdict: str
    seconds: float
    allowed_s: float
    requests: int
    lost: int
    writes: int
    unreadable: int
    damaged: int
    before: str = ""
    why_lost: str = ""
    wrong: str = ""

    @property
    def good(self) -> bool:
        """Whether the action came, in time, and nothing acknowledged is gone."""
        return not self.wrong

    def line(self) -> str:
        """One line of the table."""
        mark = "ok " if self.good else "BAD"
        return (
            f"{mark} {self.fault:<20} expected {self.expected:<16} taken {self.taken:<16} "
            f"{self.seconds:5.1f} s of {self.allowed_s:4.1f}  lost {self.lost:>3} of "
            f"{self.requests:<5} writes {self.writes:<5} unreadable {self.unreadable} "
            f"damaged {self.damaged} {self.before}"
            f"{f'  (lost: {self.why_lost})' if self.lost else ''}{self.wrong}"
        )


def _word(word: str) -> Callable[[Rig], None]:
    return lambda made: made.fault(word)


def _no_fault(made: Rig) -> None:
    made.fault("")


def _revive(made: Rig) -> None:
    made.start_candidate()


FAULTS: Final[dict[str, Fault]] = {
    "none": Fault(_no_fault, _no_fault, "keep monitoring", "GO"),
    "2 % of 5xx": Fault(_word("errors"), _no_fault, "roll back", "NO-GO", holds_s=_ERRORS_FOR_S),
    "P99 at 3 × limit": Fault(
        _word("slow"), _no_fault, "roll back", "NO-GO", holds_s=_P99_FOR_S, shows_s=_SLOW_S
    ),
    "login broken": Fault(_word("login"), _no_fault, "roll back", "NO-GO"),
    "decision stored wrong": Fault(_word("qc"), _no_fault, "roll back", "NO-GO"),
    "candidate killed": Fault(
        lambda made: made.kill("candidate"), _revive, "roll back", "NO-GO", loses=True
    ),
    "Prometheus killed": Fault(
        lambda made: made.kill("prometheus"),
        lambda made: made.start_prometheus(),
        "investigate",
        "INCONCLUSIVE",
        blind_intervals=3,
    ),
    "metrics missing": Fault(
        _word("metrics"),
        _no_fault,
        "investigate",
        "INCONCLUSIVE",
        blind_intervals=3,
    ),
    "wrong label": Fault(
        _word("errors"),
        _no_fault,
        "investigate",
        "INCONCLUSIVE",
        blind_intervals=3,
        configured=stage.errors_under_another_label,
        from_the_start=True,
    ),
    "flapping instance": Fault(
        _word("errors"),
        _no_fault,
        "roll back",
        "NO-GO",
        holds_s=_ERRORS_FOR_S,
        prepared=flapping_neighbour,
    ),
    "bucket too low": Fault(
        _word("slow"),
        _no_fault,
        "investigate",
        "INCONCLUSIVE",
        blind_intervals=3,
        shows_s=_SLOW_S,
        configured=stage.buckets_that_end_too_low,
    ),
    "provider by command": Fault(
        _word("errors"),
        _no_fault,
        "roll back",
        "NO-GO",
        holds_s=_ERRORS_FOR_S,
        shows_s=2.0 * stage.COMMANDS_S,
        configured=stage.numbers_by_command,
    ),
}


def drill(names: Sequence[str]) -> Iterator[Row]:
    """Each fault on its own, on one stage, from a switch to a rollback."""
    with rig() as made:
        for name in names:
            yield one(made, name)


def one(made: Rig, name: str) -> Row:
    """Switch, break, wait for the action, roll back, count.

    On a brisk stage the healthy state is looked at for a moment only, and the rollback phase is
    left out.
    """
    fault = FAULTS[name]
    started_s, start = time.time(), ""
    made.switch("candidate")
    with made.configured(fault.configured), fault.prepared(made):
        if fault.from_the_start:
            fault.begin(made)
            asked_s = time.time()
            process = made.phase("monitoring")
            wait_for(made, lambda: _LOOKS.search(made.screen("monitoring")) is not None)
            fault_s = time.time()
            start = f" (first look after {fault_s - asked_s:.1f} s)"
        else:
            process = made.phase("monitoring")
            wait_for(made, lambda: "keep monitoring" in _actions(made))
            time.sleep(2 * SCRAPE_S if made.brisk else _HEALTHY_LOOKS_S)
            fault_s = time.time()
            fault.begin(made)
        if name == "none":
            made.finish(process, _DEADLINE_S)
        else:
            wait_for(made, lambda: _last(made) == fault.action or process.poll() is not None)
        taken_s = time.time()
        interval_s = made.scrape_interval_s()
        made.finish(process, _DEADLINE_S)
    report: Any = made.report("monitoring")
    made.switch("baseline")
    if not made.brisk:
        _rollback_phase(made)
    wait_for(made, lambda: made.who_answers() == "baseline")
    ended_s = time.time()
    fault.end(made)
    time.sleep(6.0 * SCRAPE_S)  # An answer given before the rollback is still on its way.
    hurt = damaged(made)
    seen = window(made, started_s, ended_s)
    gone = missing(made, seen)
    row = Row(
        fault=name,
        expected=fault.action,
        taken=report["action"]["name"],
        verdict=report["verdict"],
        seconds=0.0 if name == "none" else taken_s - fault_s,
        allowed_s=fault.holds_s * made.scale
        + fault.shows_s
        + (fault.blind_intervals + 2) * interval_s,
        requests=seen.requests,
        lost=seen.lost,
        why_lost=seen.why_lost,
        writes=len(seen.lots) + len(seen.decisions),
        unreadable=len(gone),
        damaged=hurt,
        before=" → ".join(_actions(made)) + start,
    )
    return _judged(row, fault)


def _judged(row: Row, fault: Fault) -> Row:
    wrong = []
    if row.taken != row.expected:
        wrong.append("another action")
    if row.verdict != fault.verdict:
        wrong.append(f"verdict {row.verdict}")
    if row.seconds > row.allowed_s:
        wrong.append("too late")
    if row.unreadable:
        wrong.append("writes are gone")
    if row.lost and not fault.loses:
        wrong.append("requests are lost")
    fields = {name: getattr(row, name) for name in Row.__dataclass_fields__}
    return Row(**{**fields, "wrong": f"  ← {', '.join(wrong)}" if wrong else ""})


def _actions(made: Rig) -> list[str]:
    """The actions on the screen of the monitoring phase, each change once."""
    found: list[str] = []
    for action in _ACTION.findall(made.screen("monitoring")):
        if not found or found[-1] != action:
            found.append(action)
    return found


def _last(made: Rig) -> str:
    return next(iter(_actions(made)[-1:]), "")


def wait_for(made: Rig, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _DEADLINE_S
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing came of it:\n{made.screen('monitoring')[-3000:]}")
        time.sleep(0.02)


def _rollback_phase(made: Rig) -> None:
    """The phase that verifies a rollback; raises where it says that the traffic is not back."""
    process = made.phase("rollback")
    made.finish(process, _DEADLINE_S)
    report: Any = made.report("rollback")
    rows = {row["id"]: row["verdict"] for row in report["checklist"] if row["required"]}
    if rows.get("rolled-back.traffic") != "pass":
        raise RuntimeError(f"the rollback did not arrive:\n{made.screen('rollback')[-3000:]}")
