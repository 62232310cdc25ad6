"""A load as a test asks for it: locust in its own process, both sides in turns."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import pytest_cutover.performance.load
from tests.harness.measured import MeasuredProject
from tests.harness.workloads import LOAD_LIMITS, LOAD_TEST, USER

HARNESS = Path(pytest_cutover.performance.load.__file__).with_name("locust_harness.py")


def test_both_sides_are_loaded_in_turns_and_judged(project: MeasuredProject) -> None:
    project.configure(LOAD_LIMITS)
    project.write("locustfile.py", USER)
    project.write("test_load.py", LOAD_TEST)
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


def test_the_projects_hook_tells_of_a_pool_that_passes_its_bound(project: MeasuredProject) -> None:
    project.configure(LOAD_LIMITS)
    project.write("locustfile.py", USER)
    project.write("test_load.py", LOAD_TEST)
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


def test_a_load_beyond_the_budget_is_not_begun(project: MeasuredProject) -> None:
    project.configure(LOAD_LIMITS.replace("budget_s = 60", "budget_s = 5"))
    project.write("locustfile.py", USER)
    project.write("test_load.py", LOAD_TEST)
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
def test_a_load_that_means_nothing_fails_its_test(
    project: MeasuredProject, call: str, said: str
) -> None:
    project.configure(LOAD_LIMITS)
    project.write("locustfile.py", USER)
    project.write("test_load.py", f"def test_load(cutover_load):\n    {call}\n")
    run = project.run("--cutover-target=local")

    assert run.status == 1
    assert said in run.screen


def test_without_consent_no_load_is_sent(project: MeasuredProject) -> None:
    project.write("test_load.py", LOAD_TEST)
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


def test_several_processes_hand_in_one_load(project: MeasuredProject) -> None:
    project.configure(LOAD_LIMITS)
    project.write("locustfile.py", USER)
    project.write("test_load.py", LOAD_TEST.replace("users=10", "users=10, processes=2"))
    run = project.run("--cutover-target=local")

    assert run.report["load"][0]["candidate"]["requests"] > 100, run.screen


@pytest.fixture
def master(project: MeasuredProject) -> Iterator[int]:
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


def test_a_master_elsewhere_loads_with_its_workers(project: MeasuredProject, master: int) -> None:
    project.configure(f'{LOAD_LIMITS}    [performance.load]\n    master = "127.0.0.1:{master}"\n')
    project.write("test_load.py", LOAD_TEST)
    run = project.run("--cutover-target=local")

    assert run.report["load"][0]["candidate"]["requests"] > 100, run.screen


def test_a_master_that_is_not_there_is_inconclusive(project: MeasuredProject) -> None:
    project.configure(f'{LOAD_LIMITS}    [performance.load]\n    master = "127.0.0.1:9"\n')
    project.write("locustfile.py", USER)
    project.write("test_load.py", LOAD_TEST)
    run = project.run("--cutover-target=local")

    assert "no locust master at http://127.0.0.1:9" in run.gate("CUT207")["message"], run.screen
