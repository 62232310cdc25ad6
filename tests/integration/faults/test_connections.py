"""Backends that cannot be reached, and connections that do not live as long as the run."""

from __future__ import annotations

import threading

import pytest

from tests.integration.faults.bad_server import BadServer, Fault, Line, answer, raw
from tests.integration.faults.conftest import BadProject, holds
from tests.integration.faults.runs import SUITE

IMPATIENT = ", ready_timeout_s = 0.3 }"
# Another method than GET, which is never sent twice.
POSTS = """
    import pytest

    @pytest.mark.characterization("POST /bad")
    def test_bad(backend):
        assert backend.post("/bad").status_code == 500

    @pytest.mark.characterization("POST /good")
    @pytest.mark.parametrize("n", range(3))
    def test_good(backend, n):
        assert backend.post("/good").json() == {"size": 3}
"""


def impatient(project: BadProject) -> None:
    project.impatient("writes = true")
    path = project.path / "cutover.toml"
    path.write_text(path.read_text().replace('" }', '"' + IMPATIENT))


@pytest.mark.parametrize("role", ["baseline", "candidate", "both"])
@pytest.mark.parametrize("state", ["down", "hanging"])
def test_one_that_cannot_be_reached_at_the_start(
    project: BadProject, state: str, role: str
) -> None:
    """One sentence for each side and no test; nobody is asked what cannot be compared."""
    impatient(project)
    project.write("test_it.py", SUITE)
    for server in project.side(role):
        server.stop_listening() if state == "down" else server.stop_accepting()
    run = project.go()
    report = holds(run, "INCONCLUSIVE")
    assert run.status == 1
    assert report["findings"] == []
    run.outcomes()
    for name in ("baseline", "candidate"):
        server = getattr(project, name)
        away = server in project.side(role)
        said = f"the {name} backend does not answer: GET {server.url}/ was asked for 0.3 s"
        assert (said in run.screen) == away
        assert server.paths() == []
        if away:
            gate = run.gate(f"evidence.{name}-unreachable")
            assert gate["code"] == "CUT302"
            assert "6 marked tests were not run" in gate["message"]
            assert gate["next"] == f"curl -sS -v -o /dev/null {server.url}/"
    reason = "Connection refused" if state == "down" else "ConnectTimeout"
    assert reason in run.screen


def leaving(how: str) -> Fault:
    """A sound answer, after which nobody is let in any more."""

    def fault(line: Line) -> None:
        answer()(line)
        line.close()
        getattr(line.server, how)()

    return fault


@pytest.mark.parametrize("role", ["baseline", "candidate", "both"])
@pytest.mark.parametrize("how", ["stop_listening", "stop_accepting"])
def test_one_that_cannot_be_reached_any_more(project: BadProject, how: str, role: str) -> None:
    impatient(project)
    project.write("test_a.py", SUITE.replace("/thing", "/last").replace("range(3)", "range(1)"))
    project.write("test_b.py", SUITE)
    for server in project.side(role):
        server["/last"] = leaving(how)
    run = project.go()
    report = holds(run, "NO-GO" if role == "candidate" else "INCONCLUSIVE")
    assert run.status == 1
    if role == "candidate":
        [finding] = report["findings"]
        change = "answer → connect" if how == "stop_listening" else "answer → timeout"
        assert (finding["endpoint"], finding["change"]) == ("GET /thing", change)
        assert finding["occurrences"] == 3
    else:
        gate = run.gate("parity.steady")
        assert gate["code"] == "CUT107"
        assert gate["nodeids"] == [f"test_b.py::test_thing[{n}-candidate]" for n in range(3)]


def dead_after_500() -> Fault:
    """As uvicorn does: it says 500, keeps the connection, and ends it under the next request."""
    dead: set[int] = set()

    def fault(line: Line) -> None:
        if line.number in dead:
            line.close()
        elif line.target == "/bad":
            dead.add(line.number)
            answer(b'{"error": 1}', status="500 Internal Server Error")(line)
        else:
            answer()(line)

    return fault


def test_a_silent_close_after_a_500_is_no_difference(project: BadProject) -> None:
    impatient(project)
    project.write("test_it.py", POSTS)
    project.candidate["*"] = dead_after_500()
    project.baseline["*"] = dead_after_500()
    run = project.go()
    run.outcomes(passed=8)
    assert (run.verdict, run.status) == ("GO", 0)


def test_a_500_costs_its_own_connection_and_no_other(project: BadProject) -> None:
    """Of two that are open, the one that did not carry it serves the next requests."""
    impatient(project)
    project.write(
        "test_it.py",
        """
        import threading
        import pytest

        @pytest.mark.characterization("GET /slow", "POST /bad")
        def test_both_at_once(backend):
            other = threading.Thread(target=backend.get, args=("/slow",))
            other.start()
            backend.post("/bad")
            backend.get("/free")
            other.join()
            for _ in range(3):
                backend.get("/thing")
        """,
    )
    for server in project.side("both"):
        gate_of(server)
    project.go()
    for server in project.side("both"):
        bad = next(line for line in server.asked if line.target == "/bad")
        slow = next(line for line in server.asked if line.target == "/slow")
        after = [line.number for line in server.asked if line.target == "/thing"]
        assert bad.number != slow.number
        assert bad.number not in after
        assert slow.number in after


def gate_of(server: BadServer) -> None:
    """`/slow` answers when `/free` was asked."""
    free = threading.Event()

    def slow(line: Line) -> None:
        free.wait(0.3)
        answer()(line)

    def freeing(line: Line) -> None:
        answer()(line)
        free.set()

    server["/slow"], server["/free"] = slow, freeing
    server["/bad"] = answer(b"{}", status="500 Internal Server Error")


def once_stale(target: str) -> Fault:
    """Ends a connection under the first request for `target` that comes on one in use already."""
    ended: list[int] = []

    def fault(line: Line) -> None:
        if line.target == target and line.asked > 1 and not ended:
            ended.append(line.number)
            line.reset()
        else:
            answer()(line)

    return fault


GETS = """
    import pytest

    @pytest.mark.characterization("GET /thing")
    def test_thing(backend):
        for path in ("/a", "/thing", "/b"):
            assert backend.get(path).json() == {"size": 3}
"""


@pytest.mark.parametrize("role", ["baseline", "candidate"])
def test_a_pooled_get_that_was_reset_is_asked_once_more(project: BadProject, role: str) -> None:
    impatient(project)
    project.write("test_it.py", GETS)
    [server] = project.side(role)
    server["*"] = once_stale("/thing")
    run = project.go()
    run.outcomes(passed=2)
    assert run.verdict == "GO"
    assert server.paths() == ["/a", "/thing", "/thing", "/b"]
    numbers = [line.number for line in server.asked if line.target == "/thing"]
    assert numbers[0] != numbers[1]


def test_once_more_and_not_for_ever(project: BadProject) -> None:
    impatient(project)
    project.write("test_it.py", GETS)
    project.candidate["/thing"] = raw(then="reset")
    run = project.go()
    holds(run, "NO-GO")
    # In every round once on the pooled connection and once on a fresh one.
    rounds = project.candidate.paths().count("/a")
    assert project.candidate.paths() == ["/a", "/thing", "/thing"] * rounds


def test_another_method_than_get_is_never_sent_twice(project: BadProject) -> None:
    impatient(project)
    project.write(
        "test_it.py",
        """
        import pytest

        @pytest.mark.characterization("POST /thing")
        def test_thing(backend):
            backend.get("/a")
            backend.post("/thing")
        """,
    )
    project.candidate["*"] = once_stale("/thing")
    run = project.go()
    holds(run)
    first_round = project.candidate.paths()[:3]
    assert first_round == ["/a", "/thing", "/a"]


@pytest.mark.parametrize(("candidate", "verdict"), [(b"HTTP/1.0", "GO"), (b"HTTP/1.1", "NO-GO")])
def test_http_1_0(project: BadProject, candidate: bytes, verdict: str) -> None:
    """Against itself it is sound; against 1.1 it is a finding that says so."""
    impatient(project)
    project.write("test_it.py", SUITE)
    body = b"Content-Type: application/json\r\nContent-Length: 11\r\n\r\n" + b'{"size": 3}'
    project.baseline["*"] = raw(b"HTTP/1.0 200 OK\r\n" + body)
    project.candidate["*"] = raw(candidate + b" 200 OK\r\n" + body)
    run = project.go()
    if verdict == "GO":
        run.outcomes(passed=6)
        assert (run.verdict, run.status) == ("GO", 0)
        return
    report = holds(run, "NO-GO")
    [finding] = report["findings"]
    assert (finding["kind"], finding["change"]) == ("wire", "HTTP/1.0 → HTTP/1.1")
    assert "HTTP/1.0 → HTTP/1.1" in run.screen
