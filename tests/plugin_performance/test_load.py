"""A load as a test asks for it: locust in its own process, both sides in turns."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

import pytest_cutover.performance

from .conftest import Project

HARNESS = Path(pytest_cutover.performance.__file__).with_name("locust_harness.py")
USER = """
    from locust import FastHttpUser, constant, task

    class Visitor(FastHttpUser):
        wait_time = constant(0.2)

        @task
        def visit(self):
            self.client.get("/thing")
"""
TEST = """
    def test_load(cutover_load):
        cutover_load("locustfile.py", users=10, duration="9s")
"""
LIMITS = """
    [performance]
    budget_s = 60
    [performance.endpoints]
    "GET /thing" = { load_p50_ms = 100, load_p99_ms = 900 }
"""


def test_both_sides_are_loaded_in_turns_and_judged(project: Project) -> None:
    project.configure(LIMITS)
    project.write("locustfile.py", USER)
    project.write("test_load.py", TEST)
    run = project.run("--cutover-target=local")

    assert {"CUT207", "CUT211"} <= run.gates("pass") | run.gates("inconclusive"), run.screen
    whole = run.report["load"][0]
    assert (whole["users"], whole["endpoint"]) == (10, "")
    for side in ("baseline", "candidate"):
        # Ten users who wait 0.2 s ask fifty times a second, in four seconds of turns.
        assert 100 < whole[side]["requests"] < 300
        assert whole[side]["errors"] == 0
    assert {series["side"] for series in run.report["resources"]} == {"baseline", "candidate"}
    assert "pool" in {one["title"] for one in run.report["not_judged"]}


def test_the_projects_hook_tells_of_a_pool_that_passes_its_bound(project: Project) -> None:
    project.configure(LIMITS)
    project.write("locustfile.py", USER)
    project.write("test_load.py", TEST)
    project.write(
        "conftest.py",
        """
        def pytest_cutover_pool(config, target, side):
            return {"connections": 7, "busy": 0, "bound": 5}
        """,
    )
    run = project.run("--cutover-target=local")

    assert run.gates("fail") == {"CUT209"}, run.screen
    assert "7 connections were seen, the bound is 5" in run.gate("CUT209")["message"]


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
    project: Project, locustfile: str, said: str
) -> None:
    project.configure(LIMITS)
    project.write("locustfile.py", locustfile)
    project.write("test_load.py", TEST)
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
    project: Project, locustfile: str, said: str
) -> None:
    project.configure(LIMITS + IMPATIENT)
    project.write("locustfile.py", locustfile)
    project.write("test_load.py", TEST)
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    message = run.gate("CUT207")["message"]
    assert said in message
    assert "`patience` in [performance.load]" in message
    assert message.splitlines()[-1] == "here it hangs"
    assert _processes_in(project.path) == []


def test_one_hanging_process_of_two_is_no_load_of_both(project: Project) -> None:
    """The other one goes on, and half a load would look like a whole one."""
    project.configure(LIMITS + IMPATIENT)
    user = textwrap.dedent(USER).replace(
        'self.client.get("/thing")',
        """if self.environment.runner.worker_index:
            hang()
        self.client.get("/thing")""",
    )
    project.write("locustfile.py", HANG + user)
    project.write("test_load.py", TEST.replace("users=10", "users=10, processes=2"))
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    assert "only 1 of 2 processes of locust" in run.gate("CUT207")["message"]
    assert _processes_in(project.path) == []


def _processes_in(path: Path) -> list[str]:
    """The command lines of what still runs in a folder."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.cwd() == str(path):
                found.append(" ".join(process.cmdline()))
    return found


def test_a_load_that_is_throttled_decides_nothing(project: Project) -> None:
    project.configure(LIMITS, candidate={"GET /thing": {"then": [50, 429]}})
    project.write("locustfile.py", USER)
    project.write("test_load.py", TEST)
    run = project.run("--cutover-target=local")

    assert run.verdict == "INCONCLUSIVE", run.screen
    for code in ("CUT206", "CUT207", "CUT211"):
        assert "answered 429" in run.gate(code)["message"]


def test_a_load_beyond_the_budget_is_not_begun(project: Project) -> None:
    project.configure(LIMITS.replace("budget_s = 60", "budget_s = 5"))
    project.write("locustfile.py", USER)
    project.write("test_load.py", TEST)
    run = project.run("--cutover-target=local")

    assert "are left of the budget of 5 s" in run.gate("CUT207")["message"], run.screen


@pytest.mark.parametrize(
    ("call", "said"),
    [
        ('cutover_load("locustfile.py", users=0)', "Expected 1 or more"),
        ('cutover_load("locustfile.py", duration="2s")', "too short"),
        ('cutover_load("locustfile.py", duration="-1s")', "not a duration"),
        ('cutover_load("nowhere.py")', "is not there"),
        ("cutover_load()", "no locustfile"),
    ],
)
def test_a_load_that_means_nothing_fails_its_test(project: Project, call: str, said: str) -> None:
    project.configure(LIMITS)
    project.write("locustfile.py", USER)
    project.write("test_load.py", f"def test_load(cutover_load):\n    {call}\n")
    run = project.run("--cutover-target=local")

    assert run.status == 1
    assert said in run.screen


def test_without_consent_no_load_is_sent(project: Project) -> None:
    project.write("test_load.py", TEST)
    project.write("locustfile.py", USER)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        project.write(
            "cutover.toml",
            f"""
            [targets.staging]
            require = ["performance"]
            baseline = {{ url = "{url}", ready_timeout_s = 1 }}
            candidate = {{ url = "{url}", ready_timeout_s = 1 }}
            """,
        )
        run = project.run("--cutover-target=staging")

    assert "refused: load on the target 'staging'; nothing was sent" in run.screen


def test_several_processes_hand_in_one_load(project: Project) -> None:
    project.configure(LIMITS)
    project.write("locustfile.py", USER)
    project.write("test_load.py", TEST.replace("users=10", "users=10, processes=2"))
    run = project.run("--cutover-target=local")

    assert run.report["load"][0]["candidate"]["requests"] > 100, run.screen


@pytest.fixture
def master(project: Project) -> Iterator[int]:
    """A locust master with two workers, as on other machines; the port of its web page."""
    project.write("locustfile.py", USER)
    with socket.socket() as one, socket.socket() as two:
        one.bind(("127.0.0.1", 0))
        two.bind(("127.0.0.1", 0))
        web, port = one.getsockname()[1], two.getsockname()[1]
    env = {**os.environ, "CUTOVER_LOCUSTFILE": str(project.path / "locustfile.py")}
    locust = [sys.executable, "-m", "locust", "-f", str(HARNESS), "--loglevel", "WARNING"]
    at_master = ["--master-host=127.0.0.1", f"--master-port={port}"]
    commands = [
        [*locust, "--master", "--web-host=127.0.0.1", f"--web-port={web}",
         "--master-bind-host=127.0.0.1", f"--master-bind-port={port}"],
        [*locust, "--worker", *at_master],
        [*locust, "--worker", *at_master],
    ]  # fmt: skip
    started = [
        subprocess.Popen(command, env=env, cwd=project.path, stdout=subprocess.DEVNULL)
        for command in commands
    ]
    try:
        _wait_for_workers(web, 2)
        yield web
    finally:
        for process in reversed(started):
            process.terminate()
        for process in started:
            process.wait(20)


def _wait_for_workers(web: int, count: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{web}/cutover/rows", timeout=2) as told:
                if f'"workers":{count}' in told.read().decode().replace(" ", ""):
                    return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError("the workers never came")


def test_a_master_elsewhere_loads_with_its_workers(project: Project, master: int) -> None:
    project.configure(f'{LIMITS}    [performance.load]\n    master = "127.0.0.1:{master}"\n')
    project.write("test_load.py", TEST)
    run = project.run("--cutover-target=local")

    assert run.report["load"][0]["candidate"]["requests"] > 100, run.screen


def test_a_master_that_is_not_there_is_inconclusive(project: Project) -> None:
    project.configure(f'{LIMITS}    [performance.load]\n    master = "127.0.0.1:9"\n')
    project.write("locustfile.py", USER)
    project.write("test_load.py", TEST)
    run = project.run("--cutover-target=local")

    assert "no locust master at http://127.0.0.1:9" in run.gate("CUT207")["message"], run.screen
