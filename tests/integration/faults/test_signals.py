"""Somebody ends the run: it says so, leaves a whole report that is not GO, and nothing else."""

from __future__ import annotations

import os
import re
import signal
from types import FrameType

import pytest

from pytest_cutover.gate.signals import Signals
from tests.harness.processes import survivors
from tests.harness.run import Run
from tests.integration.faults.conftest import BadProject, holds, whole
from tests.integration.faults.runs import SENDING, SUITE, launched

_RECORDING = "pytest_cutover.backends.http.recording_transport"
# A function of the run, and how often it is called before somebody loses patience.
MOMENTS = {
    "launch": ("pytest_cutover.backends.process.launch:wait_until_ready", 2),
    "test": (f"{_RECORDING}:RecordingTransport.handle_request", 2),
    "comparison": ("pytest_cutover.compare.confirm.rulebook:compare", 2),
    "judging": ("pytest_cutover.gate.plugin:assembled", 1),
    "rendering": ("pytest_cutover.report.renderers.html.page:render", 1),
    "writing": ("os:replace", 2),
    "pytest's own summary": ("_pytest.terminal:TerminalReporter.short_test_summary", 1),
}
STATUS = {signal.SIGINT: 2, signal.SIGTERM: 143}


def told(project: BadProject, place: str, call: int, number: signal.Signals, *words: str) -> Run:
    """A run with the signal before that call of the function."""
    launched(project)
    project.write("conftest.py", SENDING + f"\n    before({place!r}, {int(number)}, call={call})\n")
    project.write("test_it.py", SUITE)
    run = project.begin(*words).finish()
    assert (project.path / "sent").exists(), run.screen
    assert survivors() == []
    return run


def interrupted(run: Run, number: signal.Signals) -> None:
    report = holds(run, "INCONCLUSIVE")
    assert run.status == STATUS[number]
    gate = run.gate("evidence.interrupted")
    assert gate["code"] == "CUT307"
    assert "the run was interrupted" in gate["message"]
    assert ("SIGTERM" in gate["message"]) == (number == signal.SIGTERM)
    assert run.next == "pytest --cutover-target=local"
    assert report["findings"] == []


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        *((moment, signal.SIGINT) for moment in MOMENTS),
        *((moment, signal.SIGTERM) for moment in ("launch", "test", "comparison", "writing")),
    ],
)
def test_before_the_verdict_is_told_there_is_none(
    project: BadProject, moment: str, number: signal.Signals
) -> None:
    project.write(".cutover/gate.json", '{"verdict": "GO"}')
    run = told(project, *MOMENTS[moment], number)
    interrupted(run, number)
    # pytest still says what it saw, where that was not what was interrupted.
    summary = re.search(r"^=+ .* in [\d.]+s.* =+$", run.screen, re.MULTILINE)
    assert (summary is None) == (moment == "pytest's own summary")


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        ("launch", signal.SIGINT),
        ("test", signal.SIGINT),
        ("test", signal.SIGTERM),
        ("writing", signal.SIGTERM),
    ],
)
def test_nor_with_workers(project: BadProject, moment: str, number: signal.Signals) -> None:
    """Launching comes before pytest's session has begun, and gets its word all the same."""
    project.write(".cutover/gate.json", '{"verdict": "GO"}')
    interrupted(told(project, *MOMENTS[moment], number, "-n2"), number)


@pytest.mark.parametrize("number", STATUS)
@pytest.mark.parametrize(
    "place", ["pytest_cutover.gate.screen:show", "pytest_cutover.backends.process.supervised:_end"]
)
def test_from_then_on_the_run_is_over(
    project: BadProject, place: str, number: signal.Signals
) -> None:
    """The screen, the report and the status say one thing, and everything is stopped in peace."""
    run = told(project, place, 1, number)
    assert (run.status, run.verdict) == (0, "GO"), run.screen
    assert "Traceback" not in run.screen
    whole(run.path)
    assert (run.path / ".cutover/logs/local-baseline.log").exists()


HANDLERS = """
    import signal
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        backend.get("/thing")
        print("SIGTERM meets", signal.getsignal(signal.SIGTERM))
"""


def test_the_handler_is_there_for_the_run_and_gone_after_it(project: BadProject) -> None:
    project.impatient()
    project.write("test_it.py", HANDLERS)
    before = signal.getsignal(signal.SIGTERM)
    run = project.go("-s")
    assert run.verdict == "GO"
    assert run.screen.count("SIGTERM meets <function _end_in_order") == 2
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_handler_of_the_project_stays(project: BadProject) -> None:
    def own(_number: int, _frame: FrameType | None) -> None: ...

    project.impatient()
    project.write("test_it.py", HANDLERS)
    before = signal.signal(signal.SIGTERM, own)
    try:
        run = project.go("-s")
        assert signal.getsignal(signal.SIGTERM) is own
    finally:
        signal.signal(signal.SIGTERM, before)
    assert "SIGTERM meets <function test_a_handler" in run.screen


def test_without_a_target_there_is_none(project: BadProject) -> None:
    project.write("test_it.py", "import signal\ndef test(): print(repr(signal.getsignal(15)))\n")
    run = project.run("-s", gate=False)
    assert "SIG_DFL" in run.screen


def test_who_insists_is_heard() -> None:
    """Twice may be CI, which sends one signal after the other; nobody means the third."""
    seen: list[int] = []

    def thrice() -> None:
        with Signals().held() as came:
            for _ in range(3):
                os.kill(os.getpid(), signal.SIGINT)
                seen[:] = came

    with pytest.raises(KeyboardInterrupt):
        thrice()
    assert seen == [signal.SIGINT, signal.SIGINT]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
