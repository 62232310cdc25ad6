"""Backends that a run launches: found ready or told why not, and never left behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pytest_cutover.backends.process.launch import free_port
from tests.harness import stub_server
from tests.harness.project import ONE_TEST, WITHOUT, Project
from tests.harness.run import Run

TWO_MORE = (
    ONE_TEST
    + "\n    @pytest.mark.negative('GET /a')\n    def test_a(backend):\n        backend.get('/a')\n"
)


def launched(
    project: Project, *, baseline: str = "", candidate: str = "", arguments: str = ""
) -> None:
    answers = project.write("answers.json", json.dumps({"GET /thing": {"body": {"size": 3}}}))
    stub = stub_server.__file__
    command = f'["{{python}}", "{stub}", "--port", "{{port}}", "--answers", "{answers}"{{more}}]'
    project.write(
        "cutover.toml",
        "[targets.local.baseline]\n"
        f"command = {command.replace('{more}', arguments)}\n{baseline}\n"
        "[targets.local.candidate]\n"
        f"command = {command.replace('{more}', arguments)}\n{candidate}\n",
    )


def go(project: Project, *more: str, apart: bool = False) -> Run:
    return project.run("--cutover-target=local", *more, gate=False, apart=apart)


def processes(marker: str) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if marker in " ".join(process.info["cmdline"] or []) and process.pid != os.getpid()
    ]


def test_both_are_launched_asked_and_stopped(project: Project) -> None:
    launched(project)
    project.write("test_it.py", ONE_TEST)
    run = go(project)
    assert run.verdict == "GO"
    assert run.report["baseline"]["url"].startswith("http://127.0.0.1:")
    assert run.report["baseline"]["url"] != run.report["candidate"]["url"]
    assert processes(str(project.path)) == []


def test_each_launched_side_has_a_base_path_of_its_own(project: Project) -> None:
    launched(project, candidate='base_path = "/v2/"\nready = "/thing"')
    table = {"GET /thing": {"body": {"size": 3}}, "GET /v2/thing": {"body": {"size": 3}}}
    project.write("answers.json", json.dumps(table))
    project.write("test_it.py", ONE_TEST)
    run = go(project)
    assert run.verdict == "GO"
    assert run.report["candidate"]["url"].endswith("/v2")


def test_a_program_that_ends_shows_the_last_lines_of_its_log(project: Project) -> None:
    launched(project)
    text = (project.path / "cutover.toml").read_text()
    broken = (
        '["{python}", "-c", "print(\'cannot find the database\'); raise SystemExit(3) # {port}"]'
    )
    head, middle, tail = text.partition("[targets.local.candidate]")
    lines = tail.splitlines()
    lines[1] = f"command = {broken}"
    (project.path / "cutover.toml").write_text(head + middle + "\n".join(lines))
    project.write("test_it.py", TWO_MORE)
    project.write("test_unit.py", "def test_unit(): pass\n")
    run = go(project)
    run.outcomes(passed=1)
    assert run.status == 1
    assert run.verdict == "INCONCLUSIVE"
    assert "CUT302" in run.codes
    gate = run.gate("evidence.candidate-unreachable")
    assert "4 marked tests were not run" in gate["message"]
    assert len(gate["nodeids"]) == 4
    assert "cannot find the database" in run.screen
    assert "the process ending with status 3" in run.screen
    assert "Traceback" not in run.screen
    assert (
        "cannot find the database"
        in (project.path / ".cutover/logs/local-candidate.log").read_text()
    )


def test_a_program_that_does_not_exist(project: Project) -> None:
    project.write(
        "cutover.toml",
        """
        [targets.local.baseline]
        command = ["no-such-program-anywhere", "{port}"]
        [targets.local.candidate]
        command = ["no-such-program-anywhere", "{port}"]
        """,
    )
    project.write("test_it.py", ONE_TEST)
    run = go(project)
    assert run.status == 1
    assert run.verdict == "INCONCLUSIVE"
    assert "could not be launched" in run.screen
    assert "no-such-program-anywhere" in run.screen


def test_the_deadline_of_readiness(project: Project) -> None:
    launched(project, baseline="ready_timeout_s = 0.3", arguments=', "--delay", "30"')
    project.write("test_it.py", ONE_TEST)
    text = (project.path / "cutover.toml").read_text()
    (project.path / "cutover.toml").write_text(text + "ready_timeout_s = 0.3\n")
    run = go(project)
    assert run.status == 1
    assert "within 0.3 s" in run.screen
    assert processes(str(project.path)) == []


def test_an_answer_that_does_not_count_as_ready(project: Project) -> None:
    launched(project, candidate='ready = "/health"\nready_status = [200]\nready_timeout_s = 2')
    project.write("test_it.py", ONE_TEST)
    run = go(project)
    assert run.verdict == "INCONCLUSIVE"
    assert "it answers 404" in run.screen


def test_a_port_that_was_taken_is_tried_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pytest_cutover.backends.process import launch

    taken = socket.socket()
    taken.bind(("127.0.0.1", 0))
    free, first = launch.free_port, iter([taken.getsockname()[1]])
    monkeypatch.setattr(launch, "free_port", lambda: next(first, None) or free())
    launched(project)
    project.write("test_it.py", ONE_TEST)
    assert go(project).verdict == "GO"
    taken.close()


def test_the_environment_of_the_file_and_of_the_hook(project: Project) -> None:
    project.write(
        "show.py",
        """
        import json, os, sys
        from http.server import BaseHTTPRequestHandler, HTTPServer

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                names = ("FROM_FILE", "FROM_HOOK", "BOTH", "WHERE")
                seen = {name: os.environ.get(name) for name in names} | {"cwd": os.getcwd()}
                seen["WHERE"] = seen["WHERE"].isdigit()
                body = json.dumps(seen).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        HTTPServer(("127.0.0.1", int(os.environ["WHERE"])), Handler).serve_forever()
        """,
    )
    side = """
        command = ["{python}", "../show.py"]
        cwd = "inner"
        env = { WHERE = "{port}", FROM_FILE = "file", BOTH = "file" }
    """
    (project.path / "inner").mkdir()
    project.write(
        "cutover.toml",
        f"        [targets.local.baseline]{side}\n        [targets.local.candidate]{side}",
    )
    project.write(
        "conftest.py",
        """
        from pathlib import Path

        def note(line):
            with Path("order.txt").open("a") as file:
                file.write(line + "\\n")

        def pytest_cutover_environment(config, target, side, cleanup):
            note(f"{target} {side}")
            cleanup.callback(note, f"cleanup {side}")
            return {"FROM_HOOK": "hook", "BOTH": "hook"}
        """,
    )
    project.write(
        "test_it.py",
        f"""
        import pytest

        @pytest.mark.characterization("GET /thing")
        def test_it(backend):
            assert backend.get("/thing").json() == {{
                "FROM_FILE": "file", "FROM_HOOK": "hook", "BOTH": "hook",
                "WHERE": True, "cwd": {str(project.path / "inner")!r},
            }}
        """,
    )
    run = go(project)
    run.outcomes(passed=2)
    assert (project.path / "order.txt").read_text().splitlines() == [
        "local baseline",
        "local candidate",
        "cleanup candidate",
        "cleanup baseline",
    ]


def test_a_hook_that_breaks_is_told_once(project: Project) -> None:
    launched(project)
    project.write("test_it.py", ONE_TEST)
    project.write(
        "conftest.py",
        """
        def pytest_cutover_environment(config, target, side, cleanup):
            raise RuntimeError("no database for you")
        """,
    )
    run = go(project)
    assert run.status == 1
    assert run.verdict == "INCONCLUSIVE"
    assert "pytest_cutover_environment failed: RuntimeError: no database for you" in run.screen


def test_secrets_in_a_backends_log_are_not_kept(project: Project) -> None:
    launched(
        project, arguments=', "--say", "started with eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"'
    )
    project.write("test_it.py", ONE_TEST)
    go(project)
    log = (project.path / ".cutover/logs/local-baseline.log").read_text()
    assert "started with <secret jwt" in log


def test_a_url_that_does_not_answer_is_one_sentence(project: Project) -> None:
    port = free_port()
    project.write(
        "cutover.toml",
        f"""
        [targets.staging]
        baseline = {{ url = "{project.baseline.url}" }}
        candidate = {{ url = "http://127.0.0.1:{port}", ready_timeout_s = 0.2 }}
        """,
    )
    project.write("test_it.py", TWO_MORE)
    run = project.run("--cutover-target=staging", gate=False)
    assert run.status == 1
    assert run.verdict == "INCONCLUSIVE"
    assert "the candidate backend does not answer" in run.screen
    assert project.baseline.asked() == []
    assert run.next == f"curl -sS -v -o /dev/null http://127.0.0.1:{port}/"


def start_pytest(project: Project) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", "--cutover-target=local", *WITHOUT]
    with (project.path / "out.txt").open("wb") as out:
        return subprocess.Popen(command, cwd=project.path, stdout=out, stderr=subprocess.STDOUT)


def stubs(project: Project) -> list[psutil.Process]:
    """The launched backends themselves, not their supervisors."""
    running = processes(str(project.path))
    return [one for one in running if "_supervisor" not in " ".join(one.info["cmdline"])]


def wait_for(condition: Callable[[], object], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("number", "moment"),
    [
        (signal.SIGKILL, "launch"),
        (signal.SIGKILL, "test"),
        (signal.SIGINT, "launch"),
        (signal.SIGINT, "test"),
        (signal.SIGTERM, "test"),
    ],
)
def test_nothing_outlives_the_run_however_it_ends(
    project: Project, number: signal.Signals, moment: str
) -> None:
    launched(project, arguments=', "--delay", "60"' if moment == "launch" else "")
    project.write(
        "test_it.py",
        ONE_TEST.replace(
            "assert", "open('reached', 'w').close(); import time; time.sleep(60); assert"
        ),
    )
    process = start_pytest(project)
    try:
        reached = Path(project.path, "reached")
        assert wait_for(lambda: stubs(project) if moment == "launch" else reached.exists())
        process.send_signal(number)
        process.wait(15)
        assert wait_for(lambda: not processes(str(project.path)), 15)
    finally:
        process.kill()
        process.wait()
    if number == signal.SIGINT and moment == "test":
        assert process.returncode == 2
        report = json.loads((project.path / ".cutover/gate.json").read_text())
        assert report["verdict"] == "INCONCLUSIVE"
        assert "cutover: INCONCLUSIVE" in (project.path / "out.txt").read_text()
