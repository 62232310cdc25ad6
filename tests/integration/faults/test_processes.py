"""What a run launched ends before the run does, or never was what answered."""

from __future__ import annotations

import socket
from functools import partial

import pytest

from pytest_cutover.backends.process import launch
from tests.harness.run import Run
from tests.integration.faults.conftest import BadProject, holds
from tests.integration.faults.mortal_server import LAST_WORDS
from tests.integration.faults.runs import SUITE, launched

WAYS = {
    "by itself": ("--status 7", "ended with status 7"),
    "without an error": ("--status 0", "ended with status 0"),
    "killed": ("--signal 9", "was ended by SIGKILL (status 137)"),
}


# Its port tells nothing: what is on its way out may refuse, reset or let in, and then somebody else
# may have it.
UNTIL_IT_HAS_ENDED = """
    import os, time
    import pytest

    PIDS = {}

    @pytest.mark.characterization("GET /thing")
    @pytest.mark.parametrize("n", range(3))
    def test_thing(backend, n):
        PIDS[backend.name] = int(open(f"mortal-{backend.base_url.port}.pid").read())
        backend.get("/thing")

    def test_it_has_ended():
        end = time.monotonic() + 60
        with pytest.raises(ProcessLookupError):
            while time.monotonic() < end:
                os.kill(PIDS[SIDE], 0)
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


UNTIL_ITS_DOOR_IS_CLOSED = """
    import pathlib, time
    import pytest

    DOORS = []

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        DOORS.append(pathlib.Path(f"mortal-{backend.base_url.port}.pid"))
        backend.get("/thing")

    def test_it_is_closed():
        end = time.monotonic() + 60
        while DOORS[-1].exists():
            assert time.monotonic() < end
            time.sleep(0.01)
"""


def test_one_that_lives_and_lets_nobody_in_has_ended(
    project: BadProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "_LAST_BREATH_S", 0.1)
    launched(project, candidate="--answers 1 --shy")
    project.write("test_it.py", UNTIL_ITS_DOOR_IS_CLOSED)
    run = project.run("--cutover-target=local", gate=False)
    run.outcomes(passed=3)
    holds(run, "INCONCLUSIVE")
    ended(run, "candidate", "runs, and lets nobody in any more")


def test_whoever_reaches_itself_was_let_in_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection begins at a port that the system chooses, and it may be that of the dead."""
    port = launch.free_port()
    from_there = partial(socket.create_connection, source_address=("127.0.0.1", port))
    monkeypatch.setattr(socket, "create_connection", from_there)
    assert launch._refuses(f"http://127.0.0.1:{port}/")


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
    from tests.integration.faults.bad_server import BadServer

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


UNTIL_IT_FOUND_ITS_PORT_TAKEN = """
    import os, pathlib, time
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        backend.get("/thing")

    def test_it_has_ended():
        who, end = pathlib.Path("mortal-PORT.pid"), time.monotonic() + 60
        while not (who.exists() and who.read_text()):
            assert time.monotonic() < end
            time.sleep(0.01)
        with pytest.raises(ProcessLookupError):
            while time.monotonic() < end:
                os.kill(int(who.read_text()), 0)
                time.sleep(0.01)
"""


def test_another_program_that_was_first_at_the_port_is_not_believed(
    project: BadProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers before the one that was launched finds its port taken."""
    taken = project.baseline.port
    free, first = launch.free_port, iter([taken])
    monkeypatch.setattr(launch, "free_port", lambda: next(first, None) or free())
    launched(project)
    project.write("test_it.py", UNTIL_IT_FOUND_ITS_PORT_TAKEN.replace("PORT", str(taken)))
    run = project.run("--cutover-target=local", gate=False)
    if run.verdict == "GO":  # it found out in time, and was launched again
        assert run.report["baseline"]["url"] != project.baseline.url
    else:
        assert run.verdict == "INCONCLUSIVE"
        assert run.gate("evidence.baseline-ended")["code"] == "CUT302"
        assert "Address already in use" in run.screen


def test_a_port_is_one_that_a_system_gives_to_nobody_unasked() -> None:
    """One of the system's choice went to another test's server meanwhile, and was believed."""
    ports = [launch.free_port() for _ in range(20)]
    assert all(20_000 <= port < 30_000 for port in ports)
    assert len(set(ports)) > 15


def test_a_port_that_somebody_has_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither one that is listened at, nor one that is about to be."""
    with socket.create_server(("127.0.0.1", 0)) as other, socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        had = [one.getsockname()[1] for one in (other, bound)]
        monkeypatch.setattr(launch, "_PORTS", had * 25)
        assert launch.free_port() not in had
