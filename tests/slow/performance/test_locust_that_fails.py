"""A locust that dies, hangs or is throttled: no data, no verdict, and no process left."""

from __future__ import annotations

import contextlib
import os
import textwrap
from pathlib import Path

import psutil
import pytest

from tests.harness.measured import MeasuredProject
from tests.harness.workloads import LOAD_LIMITS, LOAD_TEST, USER


@pytest.mark.parametrize(
    ("locustfile", "said"),
    [
        ("class Visitor(:\n", "SyntaxError"),
        ("import locust\n", "no User class found"),
        ("raise SystemExit(3)\n", "status 3"),
        (USER.replace('self.client.get("/thing")', "pass"), "sent no request"),
        (USER.replace('self.client.get("/thing")', "__import__('os')._exit(9)"), "status 9"),
        (
            USER.replace('self.client.get("/thing")', "self.environment.runner.quit()"),
            "handed in 0 of 18 slices",
        ),
    ],
)
def test_a_locust_that_gives_no_data_is_inconclusive_and_shows_its_log(
    project: MeasuredProject, locustfile: str, said: str
) -> None:
    project.configure(LOAD_LIMITS)
    project.write("locustfile.py", locustfile)
    project.write("test_load.py", LOAD_TEST)
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    gate = run.gate("CUT207")
    assert said in gate["message"]
    assert gate["verdict"] == "inconclusive"


# Blocks the whole process, gevent's loop included, and wants to hear of no SIGTERM.
HANG = """
import ctypes, signal

def hang():
    print("here it hangs", flush=True)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        ctypes.CDLL(None).sleep(600)
"""
IMPATIENT = """
    [performance.load]
    patience = "10s"
"""


@pytest.mark.parametrize(
    ("locustfile", "said"),
    [
        (f"{HANG}\nhang()\n", "since it was started"),
        (HANG + textwrap.dedent(USER).replace('self.client.get("/thing")', "hang()"), "silent"),
    ],
    ids=["at start-up", "after its users came"],
)
def test_a_locust_that_hangs_is_ended_and_leaves_nothing(
    project: MeasuredProject, locustfile: str, said: str
) -> None:
    project.configure(LOAD_LIMITS + IMPATIENT)
    project.write("locustfile.py", locustfile)
    project.write("test_load.py", LOAD_TEST)
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    message = run.gate("CUT207")["message"]
    assert said in message
    assert "`patience` in [performance.load]" in message
    assert message.splitlines()[-1] == "here it hangs"
    assert _processes_in(project.path) == []


def test_one_hanging_process_of_two_is_no_load_of_both(project: MeasuredProject) -> None:
    """The other one goes on, and half a load would look like a whole one."""
    project.configure(LOAD_LIMITS + IMPATIENT)
    user = textwrap.dedent(USER).replace(
        'self.client.get("/thing")',
        """if self.environment.runner.worker_index:
            hang()
        self.client.get("/thing")""",
    )
    project.write("locustfile.py", HANG + user)
    project.write("test_load.py", LOAD_TEST.replace("users=10", "users=10, processes=2"))
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    assert "only 1 of 2 processes of locust" in run.gate("CUT207")["message"]
    assert _processes_in(project.path) == []


def _processes_in(path: Path) -> list[str]:
    """The command lines of what still runs in a folder; this process works there too."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.cwd() == str(path) and process.pid != os.getpid():
                found.append(" ".join(process.cmdline()))
    return found


def test_a_load_that_is_throttled_decides_nothing(project: MeasuredProject) -> None:
    project.configure(LOAD_LIMITS, candidate={"GET /thing": {"then": [50, 429]}})
    project.write("locustfile.py", USER)
    project.write("test_load.py", LOAD_TEST)
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    for code in ("CUT206", "CUT207", "CUT211"):
        assert "answered 429" in run.gate(code)["message"]
