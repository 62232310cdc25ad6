"""What a run launched ends before the run, or outlives it; two runs share a checkout."""

from __future__ import annotations

import signal
import tempfile
from pathlib import Path

import pytest

from tests.faults.bad_server import BadServer, answer
from tests.faults.conftest import BadProject, holds, survivors, whole
from tests.faults.mortal_server import LAST_WORDS
from tests.faults.runs import SENDING, SUITE, finish, launched, start, until
from tests.plugin.conftest import Run

WAYS = {
    "by itself": ("--status 7", "ended with status 7"),
    "without an error": ("--status 0", "ended with status 0"),
    "killed": ("--signal 9", "was ended by SIGKILL (status 137)"),
}


UNTIL_IT_HAS_ENDED = """
    import socket, time
    import pytest

    WHERE = {}

    @pytest.mark.characterization("GET /thing")
    @pytest.mark.parametrize("n", range(3))
    def test_thing(backend, n):
        WHERE[backend.name] = (backend.base_url.host, backend.base_url.port)
        backend.get("/thing")

    def test_it_has_ended():
        end = time.monotonic() + 20
        with pytest.raises(ConnectionRefusedError):
            while time.monotonic() < end:
                socket.create_connection(WHERE[SIDE]).close()
                time.sleep(0.01)
"""


def ended(run: Run, side: str, how: str) -> None:
    """The screen and the report tell who ended, how, and what it said last."""
    gate = run.gate(f"evidence.{side}-ended")
    assert gate["code"] == "CUT302"
    assert f"the {side} backend ended during the run" in gate["message"]
    for words in (how, LAST_WORDS):
        assert words in gate["message"]
        assert words in " ".join(run.screen.split())
    assert gate["next"] == "pytest --cutover-target=local"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("side", ["baseline", "candidate"])
def test_after_its_last_answer_all_were_equal_and_it_is_no_go(
    project: BadProject, side: str, way: str
) -> None:
    """Three tests, three answers of each side; then nothing is asked any more."""
    words, how = WAYS[way]
    launched(project, **{side: f"--answers 3 {words}"})
    project.write("test_it.py", f"    SIDE = {side!r}\n" + UNTIL_IT_HAS_ENDED)
    run = project.run("--cutover-target=local", gate=False)
    run.outcomes(passed=7)
    report = holds(run, "INCONCLUSIVE")
    assert report["findings"] == []
    ended(run, side, how)


def test_what_it_ended_under_is_a_finding_and_what_follows_is_not_asked(
    project: BadProject,
) -> None:
    launched(project, candidate="--answers 2 --rude --signal 9")
    project.write("test_it.py", SUITE)
    project.write("test_more.py", SUITE)
    run = project.run("--cutover-target=local", gate=False)
    report = holds(run, "NO-GO")
    ended(run, "candidate", "was ended by SIGKILL (status 137)")
    # The one while it falls, the other when it is asked again.
    changes = {one["change"] for one in report["findings"]}
    assert changes
    assert changes <= {"answer → reset", "answer → connect"}
    for finding in report["findings"]:
        assert (finding["endpoint"], finding["kind"]) == ("GET /thing", "wire")
        assert finding["nodeids"] == ["test_it.py::test_thing[2-candidate]"]
    missing = run.gate("evidence.missing")["nodeids"]
    assert missing == [f"test_more.py::test_thing[{n}-candidate]" for n in range(3)]
    assert run.screen.count("ERROR at setup of test_thing") == 3


IMPOSTOR = """
    import time
    import pytest
    from tests.faults.bad_server import BadServer

    SERVERS = []

    def another_program_takes_the_port_of(backend):
        end = time.monotonic() + 20
        while not SERVERS:
            try:
                SERVERS.append(BadServer(backend.base_url.port))
            except OSError:
                assert time.monotonic() < end
                time.sleep(0.01)

    @pytest.mark.characterization("GET /thing")
    def test_one(backend):
        backend.get("/thing")
        if backend.name == SIDE:
            another_program_takes_the_port_of(backend)
        for _ in range(MORE):
            backend.get("/thing")

    @pytest.mark.characterization("GET /thing")
    def test_two(backend):
        backend.get("/thing")

    def test_three():
        print("asked the impostor:", SERVERS[0].paths())
        SERVERS[0].close()
"""


def impostor(project: BadProject, side: str, more: int) -> None:
    launched(project, **{side: "--answers 1 --status 7"})
    head = f"    SIDE, MORE = {side!r}, {more}\n"
    project.write("test_it.py", head + IMPOSTOR)


@pytest.mark.parametrize("side", ["baseline", "candidate"])
def test_another_program_at_its_port_is_not_asked(project: BadProject, side: str) -> None:
    impostor(project, side, 0)
    run = project.run("--cutover-target=local", "-s", gate=False)
    holds(run, "INCONCLUSIVE")
    ended(run, side, "ended with status 7")
    assert "asked the impostor: []" in run.screen


def test_another_program_at_its_port_is_not_believed(project: BadProject) -> None:
    """Within one test nobody looks; its answers count for nothing in the end."""
    impostor(project, "candidate", 1)
    text = (project.path / "test_it.py").read_text().replace("def test_two", "def untested")
    (project.path / "test_it.py").write_text(text)
    run = project.run("--cutover-target=local", "-s", gate=False)
    assert "asked the impostor: ['/thing']" in run.screen
    run.outcomes(passed=3)
    holds(run, "INCONCLUSIVE")
    ended(run, "candidate", "ended with status 7")


def test_workers_ask_no_other_program_either(project: BadProject) -> None:
    launched(project, candidate="--answers 1 --status 7")
    one, two = SUITE.replace("range(3)", "range(1)"), SUITE.replace("range(3)", "range(4)")
    project.write("test_it.py", one)
    project.write("test_more.py", two)
    run = project.run("--cutover-target=local", "-n1", gate=False)
    holds(run)
    ended(run, "candidate", "ended with status 7")
    assert "the candidate backend ended during the run: its process" in run.screen


KILLED = {
    "launch": ("pytest_cutover.backends.launch:wait_until_ready", 2),
    "test": ("pytest_cutover.backends.recording:RecordingTransport.handle_request", 2),
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
    run = finish(start(project, *words), project)
    assert run.status == -signal.SIGKILL
    assert "cutover: GO" not in run.screen
    assert until(lambda: survivors() == []), survivors()
    assert (run.path / ".cutover/gate.json").read_text() == before
    assert left_behind(project) != []
    again = finish(start(project, *words), project)
    assert (again.verdict, again.status) == ("GO", 0)
    assert left_behind(project) == []
    assert survivors() == []


TOGETHER = """
    import fcntl, os, time
    from pathlib import Path

    ROLE = os.environ["ROLE"]

    def wait_for(*names):
        end = time.monotonic() + 30
        while not any(Path(name).exists() for name in names) and time.monotonic() < end:
            time.sleep(0.01)

    def pytest_runtest_call(item):
        Path(f"{ROLE}-is-there").touch()
        wait_for("first-is-there")
        wait_for("second-is-there")
        if ROLE == "first":
            Path("folders").write_text(str(len(list(Path(".cutover").glob(".run-*")))))

    real, lock = os.replace, fcntl.flock

    def flock(*arguments):
        try:
            lock(*arguments)
        except BlockingIOError:
            if ROLE == "second" and Path("first-is-writing").exists():
                Path("second-has-to-wait").touch()
            raise

    def replace(source, target):
        if ROLE == "first" and Path(target).name == "gate.json":
            Path("first-is-writing").touch()
            wait_for("second-has-written", "second-has-to-wait")
        real(source, target)
        if ROLE == "second" and Path(target).name == "gate.json":
            Path("second-has-written").touch()

    os.replace, fcntl.flock = replace, flock

    def pytest_cutover_judge():
        if ROLE == "second":
            wait_for("first-is-writing")
"""


OTHER = """
    [targets.other]
    baseline = {{ url = "{}" }}
    candidate = {{ url = "{}" }}
"""


def test_two_runs_in_one_checkout_keep_apart(
    project: BadProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each tells its own verdict; every file is of the one that wrote last."""
    project.write("test_it.py", SUITE)
    different = BadServer()
    different["/thing"] = answer(b'{"size": 4}')
    project.target("same", tables=OTHER.format(project.baseline.url, different.url))
    project.run("--cutover-target=same", "--snapshot-update", gate=False)
    goldens = {path: path.read_bytes() for path in (project.path / "snapshots").rglob("*.json")}
    project.write("conftest.py", TOGETHER)
    running = {}
    for role, target in (("first", "other"), ("second", "same")):
        monkeypatch.setenv("ROLE", role)
        running[role] = start(project, target=target, screen_name=role)
    first, second = (finish(running[role], project, role) for role in ("first", "second"))
    different.close()
    assert (first.status, second.status) == (1, 0)
    assert "cutover: NO-GO" in first.screen
    assert "cutover: GO" in second.screen
    assert second.report["target"] == "same"
    page = (project.path / ".cutover/gate.html").read_text()
    assert "NO-GO" not in page
    assert list((project.path / ".cutover/diffs").glob("*")) == []
    assert (project.path / "folders").read_text() == "2"
    whole(project.path)
    assert goldens
    assert {path: path.read_bytes() for path in goldens} == goldens
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
    process = start(project)

    def loading() -> bool:
        lines = [" ".join(one.cmdline()) for one in survivors() if one.pid != process.pid]
        return sum("locust" in line and "_supervisor" not in line for line in lines) >= 3

    assert until(lambda: process.poll() is not None or loading())
    process.send_signal(number)
    run = finish(process, project)
    assert run.status in (-signal.SIGKILL, 143), run.screen
    assert until(lambda: survivors() == []), survivors()
    assert "cutover: GO" not in run.screen
    assert bool(left_behind(project)) == (number == signal.SIGKILL)
