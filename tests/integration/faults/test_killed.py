"""A run is killed, and nothing of what it launched goes on."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

import pytest

from tests.harness.processes import survivors, until, words_of
from tests.integration.faults.conftest import BadProject
from tests.integration.faults.runs import SENDING, SUITE, launched

_RECORDING = "pytest_cutover.backends.http.recording_transport"
KILLED = {
    "launch": ("pytest_cutover.backends.process.launch:wait_until_ready", 2),
    "test": (f"{_RECORDING}:RecordingTransport.handle_request", 2),
    "writing": ("os:replace", 2),
}


def left_behind(project: BadProject) -> list[Path]:
    """What a killed run could not take with it."""
    others = Path(tempfile.gettempdir()).glob("cutover-*")
    return [*(project.path / ".cutover").glob(".run-*"), *others]


@pytest.mark.parametrize(
    ("moment", "words"),
    [*((moment, ()) for moment in KILLED), ("launch", ("-n2",)), ("test", ("-n2",))],
)
def test_nothing_outlives_a_run_that_is_killed(
    project: BadProject, moment: str, words: tuple[str, ...]
) -> None:
    """No backend, none of their children, and after the next run no folder either."""
    place, call = KILLED[moment]
    launched(project, baseline="--family", candidate="--family")
    project.write("conftest.py", SENDING + f"\n    before({place!r}, 9, call={call})\n")
    project.write("test_it.py", SUITE)
    before = project.write(".cutover/gate.json", '{"of": "the run before"}\n').read_text()
    run = project.begin(*words).finish()
    assert run.status == -signal.SIGKILL
    assert "cutover: GO" not in run.screen
    assert until(lambda: survivors() == []), survivors()
    assert (run.path / ".cutover/gate.json").read_text() == before
    assert left_behind(project) != []
    again = project.begin(*words).finish()
    assert (again.verdict, again.status) == ("GO", 0)
    assert left_behind(project) == []
    assert survivors() == []


LOADING = """
    [performance]
    budget_s = 60
    [performance.load]
    locustfile = "locustfile.py"
    users = 2
    duration = "30s"
    slice = "1s"
    processes = 2
"""
USER = """
    from locust import FastHttpUser, task

    class Reader(FastHttpUser):
        @task
        def read(self):
            self.client.get("/thing")
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_locust_goes_on_loading(project: BadProject, number: signal.Signals) -> None:
    launched(project, tables=LOADING)
    project.write("locustfile.py", USER)
    project.write("test_load.py", "def test_load(cutover_load):\n    cutover_load()\n")
    started = project.begin()

    def loading() -> bool:
        lines = [words_of(one) for one in survivors() if one.pid != started.process.pid]
        return sum("locust" in line and "_supervisor" not in line for line in lines) >= 3

    assert until(lambda: started.process.poll() is not None or loading())
    started.process.send_signal(number)
    run = started.finish()
    assert run.status in (-signal.SIGKILL, 143), run.screen
    assert until(lambda: survivors() == []), survivors()
    assert "cutover: GO" not in run.screen
    assert bool(left_behind(project)) == (number == signal.SIGKILL)
